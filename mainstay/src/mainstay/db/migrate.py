"""Migrations: one linear Alembic branch per distribution, applied under a lock, checked against the models."""

import importlib.resources
import io
import re
import time
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from alembic import command, context, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import to_tuple
from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from mainstay import clock
from mainstay.db.address import of_login
from mainstay.db.models import Base
from mainstay.errors import ConfigurationError

logger = structlog.stdlib.get_logger(__name__)

# Any fixed number: whoever holds this advisory lock is migrating.
MIGRATION_LOCK = 7_311_904_155
VERSION_TABLE = "mainstay_migration"
# Whoever asks for a lock has everybody wait behind himself who comes later: requests must not notice it.
LOCK_TIMEOUT = "200ms"
# Of PostgreSQL's: the lock was not to be had in time; two waited for each other.
IN_USE = ("55P03", "40P01")
# Seconds: for how long a migration tries, and how long it leaves others alone between two tries.
PATIENCE = 600.0
SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
TURN_PAUSE = 0.1
FOREIGN_PREFIXES = ("procrastinate_",)
_CREATE_ENUM = re.compile(r"CREATE TYPE (\w+) AS ENUM \((.*?)\);", re.DOTALL)
_ADD_VALUE = re.compile(r"^ALTER TYPE (\w+) ADD VALUE '(\w+)'[^;]*;$", re.MULTILINE)


def _config(packages: Sequence[str]) -> Config:
    """Return the Alembic configuration for the `migrations` packages of the distributions (mainstay's first)."""
    folders = [Path(str(importlib.resources.files(package))) / "versions" for package in packages]
    config = Config()
    config.set_main_option("script_location", str(importlib.resources.files("mainstay.migrations")))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, folders)))
    return config


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    login = make_url(of_login(url)).set(drivername="postgresql+psycopg")
    engine = create_engine(login, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def upgrade(url: str, packages: Sequence[str], revision: str = "heads", *, patience: float = PATIENCE) -> None:
    """Bring the database at `url` to `revision`; programs that start together wait for one another.

    A step that cannot have a table within `LOCK_TIMEOUT` gives way and is tried again, for `patience` seconds in all;
    then it raises ConfigurationError.
    """
    _run(url, packages, lambda config: command.upgrade(config, revision), patience)


def downgrade(url: str, packages: Sequence[str], revision: str) -> None:
    """Take the database at `url` back to `revision` (`mainstay@base`, `tradepost@-1`, …)."""
    _run(url, packages, lambda config: command.downgrade(config, revision), PATIENCE)


def script(packages: Sequence[str]) -> str:
    """Return the statements with which an empty database is brought to the heads; needs no database."""
    config = _config(packages)
    config.output_buffer = io.StringIO()
    command.upgrade(config, "heads", sql=True)
    return config.output_buffer.getvalue()


def way_back(url: str, packages: Sequence[str], revision: str) -> str:
    """Return the statements with which the database at `url` would be taken back to `revision`."""
    config = _config(packages)
    script = ScriptDirectory.from_config(config)
    with _connected(url) as connection:
        present = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_heads()
    steps = script.iterate_revisions(present, revision, select_for_downgrade=True)
    config.output_buffer = io.StringIO()
    for step in steps:
        below = step.down_revision or f"{next(iter(step.branch_labels))}@base"
        command.downgrade(config, f"{step.revision}:{below}", sql=True)
    return config.output_buffer.getvalue()


def _run(url: str, packages: Sequence[str], action: Callable[[Config], None], patience: float) -> None:
    with _connected(url) as connection:
        _take_turn(connection)
        try:
            config = _config(packages)
            config.attributes["connection"] = connection
            _insist(connection, lambda: action(config), clock.monotonic() + patience)
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
            connection.commit()


def _take_turn(connection: Connection) -> None:
    """Hold the lock of migrations. Asks again and again: who waits in a statement is waited for by new indexes."""
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": MIGRATION_LOCK}):
        connection.commit()
        time.sleep(TURN_PAUSE)
    connection.commit()


def _insist(connection: Connection, action: Callable[[], None], deadline: float) -> None:
    """Run `action` again, after a growing pause, while a table that it must lock is in use; steps that were done stay.

    Raises ConfigurationError at the deadline (of the monotonic clock).
    """
    pause = SHORTEST_PAUSE
    while True:
        try:
            return action()
        except DBAPIError as failure:
            if getattr(failure.orig, "sqlstate", None) not in IN_USE:
                raise
            connection.rollback()
            if clock.monotonic() + pause > deadline:
                raise ConfigurationError(
                    "A migration needs a table that others keep in use, and gave way each time; end their long "
                    f"transactions (they are in pg_stat_activity), or try again when less is going on: {failure.orig}"
                ) from failure
            logger.warning("a migration gave way to others", retry_in_s=round(pause, 1), reason=str(failure.orig))
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def pending(url: str, packages: Sequence[str]) -> list[str]:
    """Return the heads that the database at `url` has not reached."""
    with _connected(url) as connection:
        present = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_heads()
    return missing(present, packages)


def missing(present: Iterable[str], packages: Sequence[str]) -> list[str]:
    """Return the heads that a database has not reached whose version table holds `present`.

    Raises alembic.util.CommandError when it holds a revision that this program does not know.
    """
    script = ScriptDirectory.from_config(_config(packages))
    reached: set[str] = set()
    waiting = list(present)
    while waiting:
        revision = script.get_revision(waiting.pop())
        if revision.revision not in reached:
            reached.add(revision.revision)
            # A revision that another one depends on has no row of its own.
            waiting += [*to_tuple(revision.down_revision, ()), *to_tuple(revision.dependencies, ())]
    return sorted(set(script.get_heads()) - reached)


@dataclass(frozen=True)
class Scope:
    """Which tables are a program's own: a process may know the models of more programs than one.

    `tables` are those that its models declare. Tables in the database that no model declares are strays when their
    names begin with one of `prefixes`; what else lies there is nobody's business here.
    """

    tables: Container[str]
    prefixes: tuple[str, ...]

    def includes(self, _item: object, name: str | None, kind: str, is_reflected: bool, _other: object) -> bool:
        """Say whether a table of the database (`is_reflected`) or of the models is compared, with all its parts."""
        if kind != "table" or name is None:
            return True
        return name in self.tables or (is_reflected and name.startswith(self.prefixes))


def drift(url: str, packages: Sequence[str], scope: Scope) -> list[str]:
    """Return how the database at `url` differs from the models in `scope`, one line each; empty when they agree.

    Raises ConfigurationError when a distribution's branch is not linear.
    """
    heads = ScriptDirectory.from_config(_config(packages)).get_heads()
    if len(heads) != len(packages):
        raise ConfigurationError(f"There must be one migration head per distribution, found: {', '.join(heads)}.")
    with _connected(url) as connection:
        options = {"version_table": VERSION_TABLE, "compare_server_default": True, **_within(scope)}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
        return [repr(difference) for difference in found]


def make_revision(url: str, packages: Sequence[str], scope: Scope, branch: str, message: str) -> None:
    """Write a migration for what the models in `scope` have and the database at `url` has not, onto `branch`."""
    with _connected(url) as connection:
        config = _config(packages)
        config.attributes.update(connection=connection, scope=scope)
        folder = next(package for package in packages if package.startswith(branch))
        command.revision(
            config,
            message=message,
            autogenerate=True,
            head=f"{branch}@head",
            version_path=str(Path(str(importlib.resources.files(folder))) / "versions"),
        )


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:  # noqa: ANN401  Alembic's own untyped mapping
    return not (kind == "table" and name is not None and name.startswith((*FOREIGN_PREFIXES, VERSION_TABLE)))


def _within(scope: Scope | None) -> dict[str, Any]:
    """Return what tells Alembic to look at the tables of `scope` alone, or at all but those of other makers."""
    return {"include_name": _is_ours, **({"include_object": scope.includes} if scope else {})}


def run_migrations() -> None:
    """Run the migrations of the environment, each in its own transaction with lock and statement time limits."""
    if context.is_offline_mode():
        _write_migrations()
        return
    attributes = context.config.attributes
    connection: Connection = attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=VERSION_TABLE,
        compare_server_default=True,
        transaction_per_migration=True,
        on_version_apply=_renew_marks,
        **_within(attributes.get("scope")),
    )
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'; SET statement_timeout = '10min'"))
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()


def _write_migrations() -> None:
    # Named parameters: percent signs are themselves.
    options: dict[str, Any] = {"dialect_name": "postgresql", "dialect_opts": {"paramstyle": "named"}}
    context.configure(version_table=VERSION_TABLE, literal_binds=True, transaction_per_migration=True, **options)
    with context.begin_transaction():
        context.run_migrations()


def _renew_marks(ctx: MigrationContext, *_: object, **_named: object) -> None:
    """Mark all watched tables in the transaction of a migration: it may change a view, or a column without its rows."""
    if ctx.connection is not None and ctx.connection.scalar(text("SELECT to_regclass('mainstay_topic') IS NOT NULL")):
        ctx.connection.execute(text("UPDATE mainstay_topic SET mark = gen_random_uuid()"))


def run_script(script: str | tuple[str, str]) -> None:
    """Run SQL, given as text or as (package, file name), inside the current migration."""
    sql = script if isinstance(script, str) else importlib.resources.files(script[0]).joinpath(script[1]).read_text()
    # As the driver sees it: no bound parameters, several statements allowed, colons and percent signs are literal.
    if context.is_offline_mode():
        op.get_context().impl.static_output(sql.rstrip().rstrip(";") + ";\n")
    else:
        op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})


def build_index(table: str, *columns: str, name: str = "", where: str = "") -> None:
    """Add an index while people read and write the table; of an earlier try that broke off nothing is left.

    Without a name it is called by its columns; with `where` it holds the rows for which that is true. It waits for all
    older transactions without stopping anybody, so it may wait for longer than for a lock.
    """
    name = name or _index(table, columns)
    create = f"CREATE INDEX CONCURRENTLY {name} ON {table} ({', '.join(columns)}){f' WHERE {where}' if where else ''}"
    _run_unlocked(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", create)


def drop_index(table: str, *columns: str, name: str = "") -> None:
    """Remove an index while people read and write its table; without a name that which is called by its columns."""
    _run_unlocked(f"DROP INDEX CONCURRENTLY IF EXISTS {name or _index(table, columns)}")


def _index(table: str, columns: Sequence[str]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"


def _run_unlocked(*statements: str) -> None:
    with op.get_context().autocommit_block():
        for statement in ("SET lock_timeout = 0", *statements, f"SET lock_timeout = '{LOCK_TIMEOUT}'"):
            op.execute(statement)


def append_only(table: str, *, unless: str | None = None) -> None:
    """Forbid UPDATE, DELETE and TRUNCATE on `table` by trigger, for every role.

    `unless` is a condition under which rows may go after all: for what is kept for a time only. Who sets it still
    needs the right, which the running program lacks.
    """
    condition = f"WHEN (({unless}) IS NOT TRUE) " if unless else ""
    run_script(("mainstay.migrations.sql", "refuse_change_1.sql"))
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW {condition}EXECUTE FUNCTION mainstay_refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION mainstay_refuse_change()"
    )


def procrastinate_scripts(*, up_to: str, after: str = "") -> list[str]:
    """Return procrastinate's own migration scripts with `after` < name ≤ `up_to`, in order.

    Values that a later script adds to an enum type stand in its creation instead: before version 17, PostgreSQL cannot
    use a value in the transaction that added it, and a migration is one transaction.
    """
    folder = importlib.resources.files("procrastinate.sql.migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    chosen = [folder.joinpath(name).read_text() for name in names if after < name and name[: len(up_to)] <= up_to]
    made = {enum for script in chosen for enum, _ in _CREATE_ENUM.findall(script)}
    added: dict[str, list[str]] = {enum: [] for enum in made}

    def take(found: re.Match[str]) -> str:
        if found[1] in made:
            added[found[1]].append(f"'{found[2]}'")
        return "" if found[1] in made else found[0]

    def put(found: re.Match[str]) -> str:
        return (
            f"CREATE TYPE {found[1]} AS ENUM ({found[2]}\n, {', '.join(added[found[1]])});"
            if added[found[1]]
            else found[0]
        )

    chosen = [_ADD_VALUE.sub(take, script) for script in chosen]
    return [_CREATE_ENUM.sub(put, script) for script in chosen]
