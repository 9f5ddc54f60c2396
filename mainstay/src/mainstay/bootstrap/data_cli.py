"""The commands `seed` and `reset`: sample data into an empty program, and a program that is empty again."""

import asyncio
import sys
from typing import Annotated

import typer

from mainstay.bootstrap.database import choose, reached
from mainstay.bootstrap.prepare import bring_up_to_date, load_samples
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.resetting import looked_through
from mainstay.errors import ConfigurationError
from mainstay.observe.logs import configure_logging
from mainstay.settings import CoreSettings

Yes = Annotated[str | None, typer.Option("--yes", help="The program's name, typed: remove what is listed.")]
Named = Annotated[str | None, typer.Option("--database", help="The name of a database that others run for you.")]


def add_data(app: typer.Typer, program: Program) -> None:
    """Add both commands to `app`."""

    @app.command()
    def seed() -> None:
        """Load the sample data into an empty program, as `serve --sample` does; what is there stays as it is."""
        configure_logging("warning", sys.stderr.buffer)
        configuration = program.configuration()
        core = configuration.of(CoreSettings)
        if core.environment == "production":
            raise ConfigurationError("This is production: sample data has no place among what people work with.")
        with reached(program.name, core) as owner:
            url = choose(program.name, core).program_url()
            asyncio.run(bring_up_to_date(program, owner, url))
            asyncio.run(load_samples(program, configuration, url))
        names = ", ".join(module.name for module in program.modules if module.sample is not None)
        typer.echo(f"Sample data where there was none: {names or 'no module has any'}.")
        typer.echo(f"What belongs to it and takes long is done while `{program.name} serve` runs.")

    @app.command()
    def reset(*, yes: Yes = None, database: Named = None) -> None:
        """Empty the program's database and its files, as if it was never started; never in production.

        It says first what it removes, and removes it with `--yes` and the program's name. Backups, what the second
        place received, the log, certificates and the secret stay.
        """
        configure_logging("warning", sys.stderr.buffer)
        with looked_through(program, database) as findings:
            for line in findings.lines():
                typer.echo(f"to be removed: {line}")
            if yes != program.name:
                typer.echo(f"Nothing was removed; repeat the command with --yes {program.name}.", err=True)
                raise typer.Exit(1)
            findings.remove()
        typer.echo("All is empty; backups, the second place, the log and the secret are as they were.")
