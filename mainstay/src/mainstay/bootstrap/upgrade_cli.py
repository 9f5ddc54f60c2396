"""The command `upgrade`: the migrations that are missing, first on a copy, then for real."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from alembic.util import CommandError

from mainstay import clock
from mainstay.bootstrap.database import choose, reached
from mainstay.bootstrap.patience import wait_for_database
from mainstay.bootstrap.program import Program
from mainstay.db import invariants, migrate, rights, upgrading
from mainstay.db.backup.folder import MEGABYTE
from mainstay.db.backup.programs import Programs
from mainstay.db.backup.rehearsing import Scene
from mainstay.db.backup.settings import BackupSettings
from mainstay.db.upgrading import Rehearsal, Upgrade
from mainstay.errors import ConfigurationError
from mainstay.observe.logs import configure_logging
from mainstay.settings import CoreSettings

Only = Annotated[bool, typer.Option("--rehearse", help="Change nothing: migrate a copy, compare, and drop it.")]
Unrehearsed = Annotated[bool, typer.Option("--without-rehearsal", help="Migrate at once; make a backup before.")]
Accept = Annotated[
    list[str] | None,
    typer.Option(help="A table that may lose rows, or a check that may fail, as a rehearsal named it; repeatable."),
]


class UpgradeRefused(ConfigurationError):
    """The rehearsal found what must not be; nothing was changed."""


def add_upgrade(app: typer.Typer, program: Program) -> None:
    """Add the command to `app`."""

    @app.command()
    def upgrade(*, rehearse: Only = False, without_rehearsal: Unrehearsed = False, accept: Accept = None) -> None:
        """Bring the database up to date: rehearse on a copy, compare, then do it; see docs/runbooks/upgrade.md."""
        if rehearse and without_rehearsal:
            raise typer.BadParameter("--rehearse and --without-rehearsal exclude each other.")
        with _database(program) as url:
            waiting = migrate.pending(url, program.migrations)
            if not waiting:
                typer.echo("The schema is current; there is nothing to do.")
                return
            typer.echo(f"to come: up to {', '.join(waiting)}")
            if not without_rehearsal:
                _rehearse(program, url, frozenset(accept or ()))
            if rehearse:
                typer.echo("The rehearsal went well; nothing was changed.")
                return
            _carry_out(program, url, frozenset(accept or ()))


@contextmanager
def _database(program: Program) -> Iterator[str]:
    configure_logging("warning", sys.stderr.buffer)
    try:
        with reached(program.name, CoreSettings.load(program.name)) as url:
            asyncio.run(wait_for_database(url))
            upgrading.drop_left(url)
            yield url
    except CommandError as failure:
        raise ConfigurationError(f"The migrations cannot do that: {failure}.") from failure


def _rehearse(program: Program, url: str, accepted: frozenset[str]) -> None:
    settings = BackupSettings.load(program.name)
    upgrade = Upgrade(program.migrations, program.invariants, Programs(settings.programs))
    scene = Scene(url, CoreSettings.load(program.name).data_dir, settings.reserve_mb * MEGABYTE)
    rehearsal = upgrading.rehearse(upgrade, scene, lambda line: typer.echo(f"rehearsal: {line}"))
    _report(program, rehearsal)
    _judge(rehearsal.losses(program.invariants), accepted)


def _report(program: Program, rehearsal: Rehearsal) -> None:
    for line in rehearsal.differences():
        typer.echo(f"rehearsal: {line}")
    lost = rehearsal.losses(program.invariants)
    for check in program.invariants:
        if rehearsal.after.answers[check.name] is None:
            typer.echo(f"rehearsal: {check.name}: could not be asked")
        elif check.name not in lost:
            typer.echo(f"rehearsal: {check.name}: well")
    typer.echo(f"rehearsal: {sum(rehearsal.after.rows.values())} rows of {len(rehearsal.after.rows)} tables compared")


def _judge(found: dict[str, str], accepted: frozenset[str]) -> None:
    refused = []
    for name, sentence in found.items():
        if name in accepted:
            typer.echo(f"accepted: {sentence}")
        else:
            refused.append(sentence)
    if refused:
        raise UpgradeRefused(
            f"The database was not changed: {' '.join(refused)} If that is meant, repeat the command with "
            f"{' '.join(f'--accept {name}' for name in found if name not in accepted)}."
        )


def _carry_out(program: Program, url: str, accepted: frozenset[str]) -> None:
    began = clock.monotonic()
    migrate.upgrade(url, program.migrations)
    rights.grant(url, choose(program.name, CoreSettings.load(program.name)).program_url())
    typer.echo(f"migrated in {clock.monotonic() - began:.1f} s")
    state = upgrading.look(url, program.invariants)
    broken = invariants.broken(program.invariants, state.answers)
    if refused := [sentence for name, sentence in broken.items() if name not in accepted]:
        raise ConfigurationError(f"The database was migrated, and now: {' '.join(refused)}")
    typer.echo("The schema is current, and what must hold holds.")
