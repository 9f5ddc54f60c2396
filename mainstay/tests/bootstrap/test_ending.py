"""A process ends in order, with the code it was given, whatever threads of libraries are about to do."""

import atexit
import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import NoReturn

import pytest
from served import PROGRAMS

from mainstay.bootstrap import ending

# Asks a bucket that is not there, as a command does; the answer comes by a thread of the library's own.
ASK = """
import asyncio, sys
import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store
from mainstay.bootstrap.ending import end

async def ask():
    options = {"client_options": {"allow_http": True}, "retry_config": {"max_retries": 0}, "region": "us-east-1"}
    store = S3Store("x", endpoint="http://127.0.0.1:9", skip_signature=True, **options)
    try:
        await obstore.head_async(store, "a")
    except BaseError:
        print("asked", flush=True)

asyncio.run(ask())
"""


def run(code: str, *paths: Path, stdout: int = subprocess.PIPE) -> "subprocess.CompletedProcess[bytes]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONUNBUFFERED": ""}
    return subprocess.run(
        [sys.executable, "-c", code], stdout=stdout, stderr=subprocess.PIPE, env=environment, timeout=60, check=False
    )


def test_a_thread_of_a_library_that_is_late_aborts_nothing() -> None:
    answer = run(f"{ASK}end(3)", PROGRAMS / "late_thread")

    assert (answer.returncode, answer.stdout, answer.stderr) == (3, b"asked\n", b"")


def test_without_it_the_interpreter_aborts_without_a_word() -> None:
    """Once this is red, as with Python 3.14, whose threads wait for ever instead, `end` has nothing left to do."""
    answer = run(f"{ASK}sys.exit(3)", PROGRAMS / "late_thread")

    assert (answer.returncode, answer.stdout, answer.stderr) == (-signal.SIGABRT, b"asked\n", b"")


def test_threads_are_waited_for_and_what_was_registered_runs() -> None:
    code = """
import atexit, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from mainstay.bootstrap.ending import end

atexit.register(lambda: sys.stdout.write("registered "))
threading.Thread(target=lambda: (time.sleep(0.2), sys.stdout.write("thread "))).start()
ThreadPoolExecutor().submit(lambda: (time.sleep(0.4), sys.stdout.write("pool ")))
sys.stderr.write("error")
sys.stdout.write("main ")
end(0)
"""

    answer = run(code)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, b"main thread pool registered ", b"error")


@pytest.mark.parametrize(("given", "told"), [(0, 120), (2, 2)])
def test_what_cannot_be_written_is_told(given: int, told: int) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        answer = run(f"print('much')\nfrom mainstay.bootstrap.ending import end\nend({given})", stdout=full)
    finally:
        os.close(full)

    assert answer.returncode == told
    assert answer.stderr == b"Not all could be written: [Errno 28] No space left on device\n"


def test_that_nothing_can_be_written_at_all_changes_only_the_code() -> None:
    code = """
import os, sys
full = os.open("/dev/full", os.O_WRONLY)
os.dup2(full, 1)
os.dup2(full, 2)
print("much")
from mainstay.bootstrap.ending import end
end(0)
"""

    assert run(code).returncode == 120


def test_a_reader_that_has_gone_is_no_word_worth() -> None:
    far, near = os.pipe()
    os.close(far)
    try:
        answer = run("print('much')\nfrom mainstay.bootstrap.ending import end\nend(0)", stdout=near)
    finally:
        os.close(near)

    assert (answer.returncode, answer.stderr) == (120, b"")


class Ended(Exception):
    """The process would be gone."""


class Stream(io.StringIO):
    """An output that cannot be written to, for a reason or none."""

    def __init__(self, failure: OSError | None) -> None:
        super().__init__()
        self._failure = failure

    def flush(self) -> None:
        if self._failure is not None:
            raise self._failure


@pytest.mark.parametrize(
    ("failure", "given", "told"),
    [(None, 0, 0), (None, 2, 2), (BrokenPipeError(), 0, 120), (OSError("full"), 0, 120), (OSError("full"), 2, 2)],
)
def test_each_step_is_taken_in_order(
    monkeypatch: pytest.MonkeyPatch, failure: OSError | None, given: int, told: int
) -> None:
    """The same as above within this process, whose end nobody could measure."""
    steps: list[object] = []
    monkeypatch.setattr(threading, "_shutdown", lambda: steps.append("threads"))
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: steps.append("registered"))

    def leave(code: int) -> NoReturn:
        steps.append(code)
        raise Ended

    monkeypatch.setattr(os, "_exit", leave)
    monkeypatch.setattr(sys, "stdout", Stream(failure))
    monkeypatch.setattr(sys, "stderr", None)

    with pytest.raises(Ended):
        ending.end(given)

    assert steps == ["threads", "registered", told]


def test_a_process_without_an_output_ends_as_well() -> None:
    answer = run("import sys\nsys.stdout = None\nsys.stderr.close()\nfrom mainstay.bootstrap.ending import end\nend(4)")

    assert (answer.returncode, answer.stderr) == (4, b"")
