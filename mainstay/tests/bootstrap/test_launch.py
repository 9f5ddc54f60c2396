"""The command line loads what a command needs, and refuses in one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
from served import PROGRAMS

from mainstay.bootstrap.orders import Orders


def run(*arguments: str, stdin: bytes = b"", **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, *arguments],
        input=stdin,
        capture_output=True,
        env={"PYTHONPATH": str(PROGRAMS), **environment},
        timeout=60,
        check=False,
    )


@pytest.mark.practice(113)
def test_the_version_is_visible() -> None:
    answer = run("-m", "sample", "version")

    assert (answer.returncode, answer.stdout) == (0, b"1.2.3\n")


def test_what_cannot_be_configured_is_one_sentence_and_exit_code_two() -> None:
    answer = run("-m", "sample", "serve", "--port", "0", SAMPLE_DATA_DIR="/dev/null/data")

    assert answer.returncode == 2
    assert answer.stderr == b"The folder /dev/null/data/processes cannot be made: Not a directory.\n"
    assert b"Traceback" not in answer.stdout


def test_the_parent_of_serve_does_not_load_the_program() -> None:
    """It would take seconds in which the processes that need it have not even begun."""
    code = (
        "import atexit, sys; sys.argv = ['sample', 'serve', '--help']\n"
        "from mainstay.bootstrap.launch import launch\n"
        "import mainstay.bootstrap.database\n"
        "atexit.register(lambda: print(sorted({'sample', 'fastapi', 'sqlalchemy', 'alembic', 'procrastinate', 'granian'"
        ", 'cryptography', 'psutil'} & set(sys.modules))))\n"
        "launch('sample')"
    )

    answer = run("-c", code)

    assert answer.stdout.splitlines()[-1] == b"[]", answer.stderr


@pytest.mark.parametrize("role", ["api", "worker", "page"])
def test_a_child_without_a_parent_ends_quietly(role: str) -> None:
    answer = run("-m", "sample", "child", role)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, b"", b"")


def test_an_unknown_role_is_an_unknown_command() -> None:
    answer = run("-m", "sample", "child", "cook")

    assert answer.returncode == 2
    assert b"No such command" in answer.stderr


def test_an_api_without_a_socket_is_refused(tmp_path: Path) -> None:
    """The parent is this process, so the orders are taken for real."""
    script = (
        "import os, subprocess, sys\n"
        "from mainstay.bootstrap.orders import Orders\n"
        "child = subprocess.run([sys.executable, '-m', 'sample', 'child', 'api'], input=Orders(os.getpid()).line())\n"
        "sys.exit(child.returncode)"
    )

    answer = run("-c", script)

    assert answer.returncode == 2
    assert answer.stderr == b"The API was started without a socket.\n"
    assert Orders(1).listener is None
