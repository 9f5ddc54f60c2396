"""Rehearsing an upgrade: the migrations are applied to a copy, and what the copy holds is compared before and after."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from mainstay import clock
from mainstay.db import invariants, migrate
from mainstay.db.backup import programs
from mainstay.db.backup.errors import BackupError, Unrehearsed
from mainstay.db.backup.making import account_may_create, alone, connected, databases_like
from mainstay.db.backup.measuring import count
from mainstay.db.backup.programs import Programs
from mainstay.db.backup.rehearsing import Scene, address_of, demand_space
from mainstay.db.backup.stopping import Stop
from mainstay.db.invariants import Answers, Check

PREFIX = "mainstay_upgrade_"
# What every migration writes in: it says nothing of the content.
_OWN = ("public.mainstay_migration", "public.mainstay_topic")


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What is rehearsed: the migrations of `packages`, and the `checks` of all modules."""

    packages: tuple[str, ...]
    checks: tuple[Check, ...]
    programs: Programs = field(default_factory=Programs)


@dataclass(frozen=True, slots=True)
class State:
    """What a database holds: rows by table, and what the checks answer."""

    rows: dict[str, int]
    answers: Answers


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How it went: seconds for the copy and for the migrations, and the states before and after them."""

    copying: float
    migrating: float
    before: State
    after: State

    def differences(self) -> Iterator[str]:
        """Yield a line for each table whose number of rows is another one, that came or went."""
        for name in sorted({*self.before.rows, *self.after.rows}):
            was, now = self.before.rows.get(name), self.after.rows.get(name)
            if was != now:
                yield f"{name}: {'new' if was is None else was} → {'gone' if now is None else now} rows"

    def losses(self, checks: Sequence[Check]) -> dict[str, str]:
        """Return what must not be, by the name under which it can be accepted."""
        found = {}
        for name, was in self.before.rows.items():
            now = self.after.rows.get(name)
            table = name.removeprefix("public.")
            if was and now is None:
                found[table] = f"{table}: the table with its {was} rows is gone."
            elif now is not None and now < was:
                found[table] = f"{table}: {was - now} of {was} rows are gone."
        found |= invariants.broken(checks, self.before.answers) | invariants.broken(checks, self.after.answers)
        return found | invariants.altered(checks, self.before.answers, self.after.answers)


def rehearse(upgrade: Upgrade, scene: Scene, tell: Callable[[str], None]) -> Rehearsal:
    """Copy the database, migrate the copy, compare and drop it; people may work on meanwhile.

    Raises BackupError, Unrehearsed when there can be no copy, and whatever the migrations raise.
    """
    with alone(scene.url), _copied(upgrade, scene) as (copy, copying):
        tell(f"copied in {copying:.1f} s")
        before = look(copy, upgrade.checks)
        began = clock.monotonic()
        migrate.upgrade(copy, upgrade.packages)
        migrating = clock.monotonic() - began
        tell(f"migrated in {migrating:.1f} s")
        return Rehearsal(copying, migrating, before, look(copy, upgrade.checks))


def drop_left(url: str) -> None:
    """Drop the copy that a rehearsal left which was killed: it takes as much room as the database, and holds the same.

    While a rehearsal or a backup is under way nothing is done.
    """
    with suppress(BackupError), alone(url), connected(url) as connection:
        for copy in databases_like(connection, _copy_of(connection)):
            _drop(connection, copy)


def look(url: str, checks: Sequence[Check]) -> State:
    """Return what the database at `url` holds. Raises BackupError."""
    with connected(url) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        rows = {name: rows for name, rows in count(connection).items() if name not in _OWN}
        return State(rows, invariants.ask_all(connection, checks))


@contextmanager
def _copied(upgrade: Upgrade, scene: Scene) -> Iterator[tuple[str, float]]:
    """Yield the address of a copy beside the database, and how many seconds it took; dropped in the end."""
    with connected(scene.url) as connection:
        if not account_may_create(connection):
            raise Unrehearsed(f"The account {connection.info.user} may not create databases, to migrate a copy first.")
        demand_space(connection, scene)
        copy = _copy_of(connection)
        _drop(connection, copy)
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(copy)))
        try:
            began = clock.monotonic()
            _fill(upgrade, scene.url, address_of(scene.url, copy), connection.info.server_version)
            yield address_of(scene.url, copy), clock.monotonic() - began
        finally:
            # The server may be gone; the next rehearsal drops it then.
            with suppress(BackupError):
                _drop(connection, copy)


def _copy_of(connection: Connection) -> str:
    return f"{PREFIX}{hashlib.sha256(connection.info.dbname.encode()).hexdigest()[:16]}"


def _drop(connection: Connection, copy: str) -> None:
    connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(copy)))


def _fill(upgrade: Upgrade, url: str, copy: str, server: int) -> None:
    stop = Stop()
    reader, writer = upgrade.programs.demand("pg_dump", server), upgrade.programs.demand("pg_restore", server)
    with programs.load(writer, copy, stop) as taking:
        for piece in programs.dump(reader, url, [], stop):
            taking.write(piece)
