"""The command line of a program: everything but `serve` and its children, which load less."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer
import uvloop

from mainstay.bootstrap.api import api_description
from mainstay.bootstrap.api_role import PATIENCE
from mainstay.bootstrap.asgi import api_from_environment
from mainstay.bootstrap.banner import full, http_address
from mainstay.bootstrap.certificate import TlsSettings
from mainstay.bootstrap.checks import check_program, check_settings
from mainstay.bootstrap.collecting import keep_what_is_loaded
from mainstay.bootstrap.data_cli import add_data
from mainstay.bootstrap.database import reached
from mainstay.bootstrap.db_cli import create_db_cli
from mainstay.bootstrap.docs_cli import add_docs
from mainstay.bootstrap.listener import open_listener
from mainstay.bootstrap.loading import load_program
from mainstay.bootstrap.logs_cli import add_logs
from mainstay.bootstrap.patience import wait_for_database, wait_for_schema
from mainstay.bootstrap.prepare import start_notices
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.reach import ProgramReach
from mainstay.bootstrap.rotation import NotFinished, rotate_keys
from mainstay.bootstrap.runtime import required_url
from mainstay.bootstrap.serve import Host, Port, add_serve, put
from mainstay.bootstrap.server import manner_of, serve
from mainstay.bootstrap.upgrade_cli import add_upgrade
from mainstay.bootstrap.worker import work
from mainstay.db import rights
from mainstay.observe.logs import LogSettings, configure_logging, configure_logging_by
from mainstay.settings import CoreSettings

Finish = Annotated[bool, typer.Option("--finish", help="Make no new secret; end the overlap, and drop former ones.")]
Output = Annotated[Path | None, typer.Option(help="File to write; standard output without it.")]


def main(package: str, arguments: Sequence[str]) -> int:
    """Run a command of the program in `package`."""
    commands = create_cli(load_program(package))
    keep_what_is_loaded()
    commands(args=list(arguments), prog_name=package)
    return 0


def create_cli(program: Program) -> typer.Typer:
    """Return the commands of `program`, its modules' own among them; they raise ConfigurationError."""
    app = typer.Typer(
        help=program.description, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )

    @app.callback()
    def begin(command: typer.Context) -> None:
        # What modules' own commands find as their context's `obj`: see `mainstay.work.Reach`.
        command.obj = ProgramReach(program)

    add_serve(app, program.name)
    _add_processes(app, program)
    _add_inspection(app, program)
    add_logs(app, program.name)
    _add_owner_link(app, program)
    _add_rotation(app, program)
    add_upgrade(app, program)
    add_data(app, program)
    add_docs(app, program)
    app.add_typer(create_db_cli(program), name="db")
    for module in program.modules:
        if module.cli is not None:
            app.add_typer(module.cli, name=module.name)
        if module.commands is not None:
            app.add_typer(module.commands)
    return app


def _add_processes(app: typer.Typer, program: Program) -> None:
    @app.command()
    def api(host: Host = None, port: Port = None) -> None:
        """Serve the API alone, on a database server named in the environment; wait for it and its schema first."""
        put(program.name, HOST=host, PORT=port)
        configure_logging_by(LogSettings.load(program.name))
        application = api_from_environment(program)
        url = required_url(program, program.configuration())
        core = CoreSettings.load(program.name)
        manner = manner_of(program.name, PATIENCE)

        async def wait_and_serve() -> None:
            await wait_for_database(url)
            await wait_for_schema(url, program.migrations)
            await asyncio.to_thread(rights.check, url)
            with open_listener(core.host, core.port) as listener:
                await serve(application, listener, manner)

        keep_what_is_loaded()
        uvloop.run(wait_and_serve())

    @app.command()
    def worker() -> None:
        """Run jobs and schedules alone, on a database server named in the environment."""
        configure_logging_by(LogSettings.load(program.name))
        configuration = program.configuration()
        url = required_url(program, configuration)
        keep_what_is_loaded()
        uvloop.run(work(program, configuration, url))


def _add_inspection(app: typer.Typer, program: Program) -> None:
    @app.command()
    def openapi(output: Output = None) -> None:
        """Write the description of the API (OpenAPI, JSON); needs no database."""
        text = orjson.dumps(api_description(program), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        if output is None:
            sys.stdout.buffer.write(text)
        else:
            output.write_bytes(text)

    @app.command()
    def check() -> None:
        """Check the program's parts and its settings, as every start does."""
        check_program(program)
        check_settings(program.configuration())
        typer.echo(f"{program.title} {program.version}: all is well.")

    @app.command()
    def version() -> None:
        """Print the version."""
        typer.echo(program.version)


def _add_owner_link(app: typer.Typer, program: Program) -> None:
    @app.command()
    def owner_link() -> None:
        """Make and print a new one-time link for the first owner; earlier ones stop working."""
        configure_logging("warning", sys.stderr.buffer)
        configuration = program.configuration()
        core = configuration.of(CoreSettings)
        with reached(program.name, core) as url:
            asyncio.run(wait_for_schema(url, program.migrations))
            notices = asyncio.run(start_notices(program, configuration, url))
        is_secure = TlsSettings.load(program.name).files() is not None
        for notice in notices:
            typer.echo(full(notice, http_address(core.host, core.port, core.public_url, is_secure=is_secure)))
        if not notices:
            typer.echo("There is an owner already.", err=True)
            raise typer.Exit(1)


def _add_rotation(app: typer.Typer, program: Program) -> None:
    @app.command("rotate-keys")
    def rotate(*, finish: Finish = False) -> None:
        """Exchange the secret and the keys that sign; what the former ones signed stays good for a while.

        A secret that the program made itself is exchanged, and everything sealed is sealed anew. One that is set in the
        environment is yours to exchange: the command seals anew and says what to set. docs/runbooks/key-rotation.md
        """
        try:
            for sentence in rotate_keys(program, finish=finish):
                typer.echo(sentence)
        except NotFinished as refusal:
            typer.echo(str(refusal), err=True)
            raise typer.Exit(1) from refusal
