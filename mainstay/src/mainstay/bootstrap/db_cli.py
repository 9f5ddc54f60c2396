"""The commands `db …`: migrations, and what the database is."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from alembic.util import CommandError
from psycopg.conninfo import conninfo_to_dict

from mainstay.bootstrap.database import Embedded, choose, reached
from mainstay.bootstrap.patience import wait_for_database
from mainstay.bootstrap.program import Program
from mainstay.db import migrate, rights
from mainstay.db.embedded import postgres_bin
from mainstay.db.losing import losses
from mainstay.errors import ConfigurationError
from mainstay.observe.logs import configure_logging
from mainstay.settings import CoreSettings

Url = Annotated[str | None, typer.Option("--database-url", help="Another database than the program's own.")]
Lose = Annotated[
    list[str] | None, typer.Option(help="A table or column whose rows may be lost on the way back; as often as needed.")
]
Revision = Annotated[str, typer.Argument(help="Such as `heads`, `<branch>@base` or `<branch>@-1`.")]


def create_db_cli(program: Program) -> typer.Typer:
    """Return the commands; they raise ConfigurationError."""
    app = typer.Typer(help="Migrate and inspect the database.", no_args_is_help=True)
    _add_changes(app, program)
    _add_questions(app, program)
    _add_revision(app, program)
    return app


def _add_changes(app: typer.Typer, program: Program) -> None:
    @app.command()
    def upgrade(revision: Revision = "heads", database_url: Url = None) -> None:
        """Apply the migrations that are missing, and give the program's role its rights; waits for the database."""
        with _database(program, database_url) as url:
            migrate.upgrade(url, program.migrations, revision)
            if database_url is None:
                rights.grant(url, choose(program.name, CoreSettings.load(program.name)).program_url())

    @app.command()
    def downgrade(revision: Revision, database_url: Url = None, lose: Lose = None) -> None:
        """Undo migrations, unless rows would be lost that only the newer version can store and that are not named."""
        with _database(program, database_url) as url:
            _refuse_losses(losses(url, program.migrations, revision), lose or ())
            migrate.downgrade(url, program.migrations, revision)


def _refuse_losses(found: Mapping[str, int], accepted: Collection[str]) -> None:
    """Raise ConfigurationError for rows that would be lost and were not accepted by name."""
    unnamed = {name: rows for name, rows in found.items() if name not in accepted}
    if unnamed:
        told = ", ".join(f"{name} ({rows} {'row' if rows == 1 else 'rows'})" for name, rows in unnamed.items())
        words = " ".join(f"--lose {name}" for name in found)
        raise ConfigurationError(
            f"The way back loses what only the newer version can store: {told}. Nothing was changed. To do without it, "
            f"make a backup and repeat the command with {words}."
        )


def _add_questions(app: typer.Typer, program: Program) -> None:
    @app.command()
    def pending(database_url: Url = None) -> None:
        """List the migrations that are still to come; exit code 1 when there are any."""
        with _database(program, database_url) as url:
            _report(migrate.pending(url, program.migrations), "The schema is current.")

    @app.command()
    def check(database_url: Url = None) -> None:
        """Compare with the models what all migrations make of an empty database, or the database that is named."""
        with _named_or_fresh(program, database_url) as url:
            found = [f"missing: {revision}" for revision in migrate.pending(url, program.migrations)]
            found += migrate.drift(url, program.migrations, program.scope)
        _report(found, "Migrations and models agree.")

    @app.command()
    def url() -> None:
        """Print the address of the database."""
        core = CoreSettings.load(program.name)
        database = choose(program.name, core)
        address = database.running_url() if isinstance(database, Embedded) else database.start()
        if address is None:
            raise ConfigurationError(f"The embedded database is not running; start it with `{program.name} serve`.")
        typer.echo(address)

    @app.command()
    def psql() -> None:
        """Open PostgreSQL's own client on the database."""
        with _database(program, None) as url:
            address = conninfo_to_dict(url.replace("postgresql+asyncpg://", "postgresql://", 1))
            arguments = [f"{name}={value}" for name, value in address.items()]
            raise typer.Exit(subprocess.run([postgres_bin("psql"), " ".join(arguments)], check=False).returncode)  # noqa: S603  the wheel's own program


def _add_revision(app: typer.Typer, program: Program) -> None:
    @app.command()
    def revision(
        message: str, branch: Annotated[str, typer.Option(help="The distribution whose models changed.")] = program.name
    ) -> None:
        """Write a migration for what the models have and the migrations have not."""
        with _named_or_fresh(program, None) as url:
            migrate.make_revision(url, program.migrations, program.scope, branch, message)


def _report(findings: list[str], otherwise: str) -> None:
    for finding in findings:
        typer.echo(finding)
    if findings:
        raise typer.Exit(1)
    typer.echo(otherwise)


@contextmanager
def _database(program: Program, url: str | None) -> Iterator[str]:
    """Yield the address of the database that is meant, when it answers."""
    configure_logging("warning", sys.stderr.buffer)
    with _explained():
        if url is not None:
            asyncio.run(wait_for_database(url))
            yield url
        else:
            with reached(program.name, CoreSettings.load(program.name)) as own:
                asyncio.run(wait_for_database(own))
                yield own


@contextmanager
def _named_or_fresh(program: Program, url: str | None) -> Iterator[str]:
    """Yield the address of the database that is named, or of one that the migrations have just made."""
    if url is not None:
        with _database(program, url):
            yield url
        return
    configure_logging("warning", sys.stderr.buffer)
    with _explained(), tempfile.TemporaryDirectory(prefix=f"{program.name}-") as folder:
        # The server may run under another account, which has to pass through here.
        Path(folder).chmod(0o711)
        server = Embedded(program.name, Path(folder) / "data")
        try:
            fresh = server.start()
            migrate.upgrade(fresh, program.migrations)
            yield fresh
        finally:
            server.stop()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except CommandError as failure:
        raise ConfigurationError(f"The migrations cannot do that: {failure}.") from failure
