"""Restoring the embedded database to a moment, beside what is there: a base copy, and the log received since."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from mainstay import clock
from mainstay.db import invariants, upgrading
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.making import connected
from mainstay.db.backup.placing import demand_new
from mainstay.db.embedded import EmbeddedDatabaseError, EmbeddedPostgres
from mainstay.db.embedded.copying import verify_base
from mainstay.db.embedded.store import Base, Segment, Store
from mainstay.db.invariants import Check
from mainstay.db.upgrading import State
from mainstay.storage.mirror import REMOVED

# Recovery replays what was done since the base copy.
PATIENCE = 6 * 3600.0
_TOO_EARLY = "before configured recovery target"
_LAST = re.compile(r"last completed transaction was at log time (\S+ \S+)")


@dataclass(frozen=True, slots=True)
class Trial:
    """How the result is looked at: for which program, by which checks, and what is another database's own there."""

    program: str
    checks: tuple[Check, ...] = ()
    left_out: tuple[str, ...] = ()
    tell: Callable[[str], None] = lambda _line: None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was restored, with how many files; `last_at` is when the last thing in it was done, as the server tells."""

    state: State
    last_at: str | None
    files: int = 0


def store_in(folder: Path) -> Store:
    """Return the one store in a folder of the settings, or the store that the folder is. Raises BackupError."""
    if (folder / "wal").is_dir():
        return Store(folder)
    found = [Store(path.parent) for path in sorted(folder.glob("*/wal"))]
    if not found:
        raise BackupError(f"There is no log of a database in {folder}.")
    if len(found) > 1:
        named = ", ".join(f"{store.path} (until {_text(store.covered())})" for store in found)
        raise BackupError(f"There are the logs of several data folders in {folder}; name one with --from: {named}.")
    return found[0]


def restore_moment(store: Store, at: datetime | None, folder: Path, trial: Trial) -> Outcome:
    """Restore what was done up to `at` and then, or all that was received, into a new data folder.

    That is there once the result was looked at. Blocks; raises BackupError.
    """
    folder = folder.resolve()
    demand_new(folder)
    beside = folder.with_name(f".{folder.name}.restoring")
    if beside.exists():
        raise BackupError(f"An earlier restore was broken off in {beside}; remove that folder and begin again.")
    try:
        plan = _plan(store, at)
        trial.tell(f"from the base copy of {_text(plan.base.ended_at)} and {len(plan.segments)} files of the log")
        verify_base(store.base / plan.base.name)
        _lay_out(store, plan, beside)
        outcome = replace(_recover(plan, beside, trial), files=_bring_files(store, beside / "files"))
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except OSError as failure:
        raise BackupError(f"The folder {folder} cannot be made: {failure.strerror or failure}.") from failure
    except EmbeddedDatabaseError as failure:
        raise BackupError(f"The database could not be brought there: {failure}") from failure
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return outcome


@dataclass(frozen=True, slots=True)
class _Plan:
    base: Base
    segments: tuple[Segment, ...]
    at: datetime | None
    # What is missing behind them, as a sentence: only what reached the moment without it counts.
    gap: str | None = None


def _plan(store: Store, at: datetime | None) -> _Plan:
    """Choose the base copy and the files of the log. Raises BackupError when the moment is not covered."""
    covered, bases = store.covered(), store.bases()
    if not bases:
        raise BackupError(f"There is no base copy in {store.path} yet; a moment is reached from one.")
    reachable = [base for base in bases if at is None or base.ended_at <= at]
    if not reachable or (at is not None and (covered is None or at > covered)):
        raise BackupError(
            f"{_text(at or clock.now())} is not covered: moments from {_text(bases[0].ended_at)} to {_text(covered)} "
            "can be restored; `latest` is all that was received."
        )
    first = reachable[-1]
    # One of a time when the clock was ahead says that it is later, and lies before the first in the log.
    after = (base for base in bases if at is not None and base.began_at > at and base.start > first.start)
    return _needed(store.segments(), _Plan(first, (), at), next(after, None))


def _needed(segments: list[Segment], plan: _Plan, later: Base | None) -> _Plan:
    """Return the plan with the files from its base copy on. Raises BackupError when one is missing.

    What was done before the copy `later` began lies before it in the log. When a file was received says nothing of
    when that was done: a receiver that was away gets hours at once.
    """
    base, needed = plan.base, list[Segment]()
    gap = None
    for segment in segments:
        if segment.name < base.segment:
            continue
        if later is not None and segment.name[8:] > later.segment[8:]:
            break
        if needed and segment.number > needed[-1].number + (not needed[-1].is_partial):
            gap = f"The log is not whole: files between {needed[-1].name} and {segment.name} are missing."
            break
        needed.append(segment)
    if gap is not None and plan.at is None:
        raise BackupError(gap)
    if not needed or needed[0].name != base.segment:
        raise BackupError(f"The log is not whole: it does not begin with {base.segment}, as the base copy does.")
    return replace(plan, segments=tuple(needed), gap=gap)


def _lay_out(store: Store, plan: _Plan, beside: Path) -> None:
    beside.mkdir(mode=0o700, parents=True)
    cluster = beside / "postgres" / "cluster"
    shutil.copytree(store.base / plan.base.name, cluster, symlinks=True)
    for segment in plan.segments:
        shutil.copyfile(segment.path, cluster / "pg_wal" / segment.name)
    for history in store.histories():
        shutil.copyfile(history, cluster / "pg_wal" / history.name)


def _bring_files(store: Store, folder: Path) -> int:
    """Copy the program's files, those that were removed since among them; return how many there are.

    A file is never changed and its key never given to another, so that each is the one of the moment. What came after
    it has no row, and is removed by the restored program itself.
    """
    removed = store.files / REMOVED
    for source in (removed, store.files):
        for part in sorted(source.iterdir()) if source.is_dir() else ():
            if part != removed and not part.name.startswith("."):
                folder.mkdir(mode=0o700, exist_ok=True)
                shutil.copytree(part, folder / part.name, dirs_exist_ok=True)
    return sum(path.is_file() for path in folder.rglob("*"))


def _recover(plan: _Plan, beside: Path, trial: Trial) -> Outcome:
    """Replay the log until the moment, look at the result and leave a cluster that starts by itself."""
    cluster = beside / "postgres" / "cluster"
    own = cluster / "postgresql.auto.conf"
    before = own.read_bytes()
    server = EmbeddedPostgres(beside, database=trial.program)
    try:
        _aim(cluster, before, plan, plan.at)
        server.start(PATIENCE)
    except EmbeddedDatabaseError as failure:
        # Nothing was done between the moment and the end of the log, though something was written.
        if _TOO_EARLY not in str(failure):
            raise
        if plan.gap is not None:
            raise BackupError(plan.gap) from failure
        _aim(cluster, before, plan, None)
        server.start(PATIENCE)
    try:
        state = _look(server.dsn, trial)
    finally:
        server.stop()
    own.write_bytes(before)
    logs = "".join(path.read_text(errors="replace") for path in (beside / "postgres" / "log").glob("*.log"))
    last = _LAST.findall(logs)
    return Outcome(state, last[-1] if last else None)


def _aim(cluster: Path, before: bytes, plan: _Plan, target: datetime | None) -> None:
    lines = ["restore_command = 'false'  # all of it lies in pg_wal", "hot_standby = off"]
    lines.append(f"recovery_target_timeline = '{plan.base.timeline}'")
    if target is not None:
        moment = target.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")
        lines += [f"recovery_target_time = '{moment}'", "recovery_target_action = 'promote'"]
    (cluster / "postgresql.auto.conf").write_bytes(before + ("\n".join(lines) + "\n").encode())
    (cluster / "recovery.signal").touch()


def _look(url: str, trial: Trial) -> State:
    """Make the copy another database than the first, and see that what must hold holds. Raises BackupError."""
    with connected(url) as connection:
        for table in trial.left_out:
            connection.execute(f"DELETE FROM {table}".encode())  # noqa: S608  names that the program declares
    state = upgrading.look(url, trial.checks)
    broken = invariants.broken(trial.checks, state.answers)
    if broken:
        raise BackupError(f"What was restored is not sound: {' '.join(broken.values())}")
    return state


def _text(moment: datetime | None) -> str:
    return "an unknown moment" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
