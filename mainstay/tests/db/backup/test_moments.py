"""The embedded database comes back as it was at a moment, after its server, its receiver and its disk were lost."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from mainstay import clock
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.moments import Trial, restore_moment, store_in
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.processes import postmaster_pid
from mainstay.db.embedded.store import NAME, Store
from mainstay.db.invariants import Figure, Invariant
from mainstay.testing.process import make_folder

# A program with a database, for as long as its input is open.
PROGRAM = """
import sys
from pathlib import Path
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.settings import RecoverySettings
with EmbeddedPostgres(Path(sys.argv[1]), database="sample", recovery=RecoverySettings.load("sample")) as server:
    print(server.conninfo(), flush=True)
    sys.stdin.read()
"""
SALES = Figure("sample.sales", "The number of sales.", "SELECT count(*) FROM sale")
NONE_NEGATIVE = Invariant("sample.none_negative", "No sale is negative.", "SELECT n FROM sale WHERE n < 0")
TRIAL = Trial("sample", (SALES, NONE_NEGATIVE), ("stamp",))
PATIENCE = 60.0


def eventually(is_so: Callable[[], object]) -> None:
    """Wait until it is so."""
    deadline = clock.monotonic() + PATIENCE
    pause = threading.Event()
    while not is_so():
        assert clock.monotonic() < deadline
        pause.wait(0.05)


class Shop:
    """A program that sells, its data folder, and the second place."""

    def __init__(self, folder: Path, *, synchronous: bool) -> None:
        self.data, self.second = folder / "data", folder / "second"
        self.second.mkdir()
        variables = {"SAMPLE_RECOVERY_FOLDER": str(self.second), "SAMPLE_RECOVERY_SYNCHRONOUS": str(synchronous)}
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(self.data)],
            env={**os.environ, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.conninfo = self._process.stdout.readline().strip()
        assert self.conninfo
        with psycopg.connect(self.conninfo) as connection:
            connection.execute("CREATE TABLE sale (n int)")
            connection.execute("CREATE TABLE stamp AS SELECT 1 AS n")
        eventually(self.store.bases)

    @property
    def store(self) -> Store:
        """What the second place has received."""
        return store_in(self.second)

    def sell(self, *numbers: int) -> None:
        """Sell, each in a transaction of its own."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            for number in numbers:
                connection.execute("INSERT INTO sale VALUES (%s)", [number])

    def ask(self, statement: str) -> object:
        """Return the one value that a statement gives."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
            return row and row[0]

    def be_received(self) -> None:
        """Wait until all that was done until now is known to be in the second place."""
        now = clock.now()
        eventually(lambda: (self.store.covered() or now - timedelta(days=1)) > now)

    def receivers(self) -> list[int]:
        """The processes that write into the second place."""
        found = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [int(entry.name) for entry in found if str(self.second).encode() in _command_line(entry)]

    def lose(self) -> None:
        """Kill server, receiver and program at once, and lose the disk."""
        receivers = self.receivers()
        postmaster = postmaster_pid(self.data / "postgres" / "cluster")
        assert receivers
        assert postmaster
        for pid in (*receivers, postmaster, self._process.pid):
            with suppress(ProcessLookupError):  # each ends when another one does
                os.kill(pid, signal.SIGKILL)
        self._process.communicate()
        shutil.rmtree(self.data)

    def end(self) -> None:
        """End in order."""
        if self._process.poll() is None:
            for pid in self.receivers():  # one that hangs would be waited for
                os.kill(pid, signal.SIGKILL)
            self._process.communicate("")


def _command_line(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""


def files_in(folder: Path) -> list[Path]:
    """The program's files in a data folder."""
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


def sold(folder: Path) -> list[int]:
    """What was sold, as a data folder's own server tells."""
    with EmbeddedPostgres(folder, database="sample") as server, psycopg.connect(server.conninfo()) as connection:
        return [row[0] for row in connection.execute("SELECT n FROM sale ORDER BY n").fetchall()]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that the database's account can pass through."""
    folder = make_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def lost(place: Path) -> Iterator[tuple[Shop, list[datetime]]]:
    """A shop whose disk is lost, after three sales with a moment between the second and the third one."""
    shop = Shop(place, synchronous=False)
    try:
        shop.sell(1)
        with psycopg.connect(shop.conninfo, user="postgres", autocommit=True) as connection:
            connection.execute("SELECT pg_switch_wal()")
        shop.sell(2)
        moment = clock.now()
        shop.be_received()
        shop.sell(3)
        shop.be_received()
        for name in ("content/kept", "removed/content/gone", ".partial/half"):
            (shop.store.files / name).parent.mkdir(parents=True)
            (shop.store.files / name).write_text(name)
        shop.lose()
        yield shop, [moment]
    finally:
        shop.end()


def test_a_moment_comes_back_and_so_does_all_that_was_received(lost: tuple[Shop, list[datetime]], place: Path) -> None:
    shop, (moment,) = lost
    told: list[str] = []

    outcome = restore_moment(shop.store, moment, place / "then", replace(TRIAL, tell=told.append))
    latest = restore_moment(shop.store, None, place / "now", TRIAL)

    assert sold(place / "then") == [1, 2]
    assert outcome.state.answers["sample.sales"] == "2"
    # The copy is another database than the first.
    assert outcome.state.rows["public.stamp"] == 0
    assert re.match(r"from the base copy of .* UTC and \d files of the log", told[0])
    assert sold(place / "now") == [1, 2, 3]
    assert latest.last_at is not None
    # Files that were removed since are where they were, too.
    files = {path.relative_to(place / "then/files").as_posix(): path.read_text() for path in files_in(place / "then")}
    assert files == {"content/kept": "content/kept", "content/gone": "removed/content/gone"}
    assert outcome.files == latest.files == len(files_in(place / "now")) == 2
    assert (place / "then/files").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("days", "said"), [(-1, "is not covered: moments from "), (1, "can be restored; `latest` is")])
def test_a_moment_that_is_not_covered_is_refused_with_those_that_are(
    lost: tuple[Shop, list[datetime]], place: Path, days: int, said: str
) -> None:
    shop, _ = lost

    with pytest.raises(BackupError, match=said):
        restore_moment(shop.store, clock.now() + timedelta(days=days), place / "never", TRIAL)

    assert not (place / "never").exists()


def test_what_was_restored_and_is_not_sound_is_not_offered(lost: tuple[Shop, list[datetime]], place: Path) -> None:
    shop, _ = lost
    none_small = Invariant("sample.none_small", "No sale is below three.", "SELECT n FROM sale WHERE n < 3")

    with pytest.raises(BackupError, match=r"is not sound: sample\.none_small: it does not hold .* 2, among them 1, 2"):
        restore_moment(shop.store, None, place / "unsound", replace(TRIAL, checks=(none_small,)))

    assert not [path for path in place.iterdir() if "unsound" in path.name]


def test_it_goes_beside_what_is_there_and_never_over_it(lost: tuple[Shop, list[datetime]], place: Path) -> None:
    shop, _ = lost
    (place / "kept").mkdir()
    (place / "kept" / "file").touch()

    with pytest.raises(BackupError, match="There is something at"):
        restore_moment(shop.store, None, place / "kept", TRIAL)
    (place / ".half.restoring").mkdir()
    with pytest.raises(BackupError, match="broken off"):
        restore_moment(shop.store, None, place / "half", TRIAL)

    assert (place / "kept" / "file").exists()
    assert (place / ".half.restoring").exists()


@pytest.fixture
def copied(lost: tuple[Shop, list[datetime]], tmp_path: Path) -> Store:
    """A second place that may be spoilt."""
    return Store(Path(shutil.copytree(lost[0].store.path, tmp_path / "second")))


def test_a_log_with_a_gap_is_refused(copied: Store, place: Path) -> None:
    """Else what came before the gap would be taken for all."""
    last = copied.segments()[-1]
    far = last.path.with_name(f"{last.name[:-2]}FE")
    shutil.copyfile(last.path, far)

    with pytest.raises(BackupError, match=rf"files between {last.name} and {far.name} are missing"):
        restore_moment(copied, None, place / "gap", TRIAL)
    for segment in copied.segments():
        segment.path.unlink()
    with pytest.raises(BackupError, match="it does not begin with"):
        restore_moment(copied, None, place / "gap", TRIAL)


def test_a_file_that_was_not_received_whole_is_a_gap_when_another_one_follows(copied: Store, place: Path) -> None:
    last = copied.segments()[-1]
    assert last.is_partial
    shutil.copyfile(last.path, last.path.with_name(f"{last.name[:-2]}{int(last.name[-2:], 16) + 1:02X}"))

    with pytest.raises(BackupError, match="are missing"):
        restore_moment(copied, None, place / "part", TRIAL)


def test_what_was_received_late_is_in_the_moment_all_the_same(
    copied: Store, lost: tuple[Shop, list[datetime]], place: Path
) -> None:
    """A receiver that was away gets hours at once: when a file came says nothing of when that was done."""
    moment = lost[1][0]
    for segment in copied.segments():
        os.utime(segment.path, (moment.timestamp() + 3600,) * 2)

    restore_moment(copied, moment, place / "late", TRIAL)

    assert sold(place / "late") == [1, 2]


def test_a_base_copy_of_a_time_when_the_clock_was_ahead_ends_no_log(
    copied: Store, lost: tuple[Shop, list[datetime]], place: Path
) -> None:
    """Red when it is taken for a later one, whatever lies before it in the log: what was sold since was left out."""
    (base,) = copied.bases()
    ahead = clock.now() + timedelta(days=40)
    copied.keep(replace(base, name=ahead.strftime(NAME), ended_at=ahead, start=base.start - 1))

    restore_moment(copied, lost[1][0], place / "ahead", TRIAL)

    assert sold(place / "ahead") == [1, 2]


def test_a_moment_before_a_gap_comes_back_and_one_that_may_lie_in_it_does_not(
    copied: Store, lost: tuple[Shop, list[datetime]], place: Path
) -> None:
    moment = lost[1][0]
    last = copied.segments()[-1]
    shutil.copyfile(last.path, last.path.with_name(f"{last.name[:-2]}FE"))
    copied.cover(clock.now())

    restore_moment(copied, moment, place / "before", TRIAL)
    with pytest.raises(BackupError, match="are missing"):
        restore_moment(copied, copied.covered(), place / "within", TRIAL)

    assert sold(place / "before") == [1, 2]


def test_a_damaged_base_copy_is_refused_before_anything_is_made_of_it(copied: Store, place: Path) -> None:
    (base,) = copied.bases()
    files = (path for path in (copied.base / base.name / "base").rglob("*") if path.is_file())
    file = next(path for path in files if path.stat().st_size)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)

    with pytest.raises(BackupError, match="pg_verifybackup failed"):
        restore_moment(copied, None, place / "damaged", TRIAL)


def test_a_second_place_without_a_base_copy_or_of_several_data_folders_is_told(copied: Store, tmp_path: Path) -> None:
    shutil.rmtree(copied.base)
    copied.base.mkdir()
    with pytest.raises(BackupError, match="no base copy"):
        restore_moment(copied, None, tmp_path / "none", TRIAL)
    with pytest.raises(BackupError, match="no log of a database"):
        store_in(tmp_path / "nowhere")
    assert store_in(copied.path).path == store_in(tmp_path).path == copied.path

    Store.open(tmp_path, "other")
    with pytest.raises(BackupError, match=r"several .*/other \(until an unknown moment\), /\S+/second \(until 20"):
        store_in(tmp_path)


def test_with_a_receiver_to_wait_for_nothing_that_was_done_is_ever_lost(place: Path) -> None:
    """The worst case: the second place hangs, people go on, and then the first one burns."""
    folder = place / "synchronous"
    folder.mkdir(mode=0o755)
    shop = Shop(folder, synchronous=True)
    done: list[int] = []
    selling = [threading.Thread(target=_sell_on, args=(shop, done, first), daemon=True) for first in (1, 2, 3)]
    try:
        for thread in selling:
            thread.start()
        eventually(lambda: len(done) > 50)
        for pid in shop.receivers():
            os.kill(pid, signal.SIGSTOP)
        eventually(lambda: shop.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == 3)
        shop.lose()
    finally:
        shop.end()
    for thread in selling:
        thread.join(PATIENCE)

    outcome = restore_moment(shop.store, None, place / "all", TRIAL)

    assert set(done) <= set(sold(place / "all"))
    assert outcome.state.answers["sample.none_negative"] == ""


def _sell_on(shop: Shop, done: list[int], number: int) -> None:
    """Sell until the database is gone, and write down what it said was done."""
    try:
        while True:
            shop.sell(number)
            done.append(number)
            number += 3
    except psycopg.OperationalError:
        return
