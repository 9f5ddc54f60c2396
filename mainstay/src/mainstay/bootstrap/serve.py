"""The command `serve`: everything the program needs, from one command on one machine."""

import asyncio
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated

import typer

from mainstay.bootstrap.certificate import TlsSettings
from mainstay.bootstrap.leaving import leaving
from mainstay.bootstrap.listener import open_listener
from mainstay.bootstrap.meeting import process_folder
from mainstay.bootstrap.supervisor import Database, Network, Plan, Serving, StartFailed, Supervisor
from mainstay.errors import ConfigurationError
from mainstay.observe.logs import LogSettings, configure_logging
from mainstay.settings import CoreSettings
from mainstay.web.transport import TransportSettings

Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")]
DataDir = Annotated[Path | None, typer.Option(help="Folder for the embedded database and local files.")]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(help="A PostgreSQL server instead of the embedded one; better said in the environment, unseen."),
]
Sample = Annotated[bool, typer.Option("--sample", help="Load sample data into an empty program.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="API processes.")]
Lan = Annotated[bool, typer.Option("--lan", help="HTTPS for the devices in your network, and a page that adds them.")]
# Every address of this machine: what `--lan` is for.
EVERYWHERE = str(IPv4Address(0))


def main(package: str, arguments: Sequence[str]) -> int:
    """Run the command by itself, without loading the program."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    add_serve(app, package)
    return int(app(args=list(arguments[1:]), prog_name=f"{package} serve", standalone_mode=True) or 0)


def add_serve(app: typer.Typer, package: str) -> None:
    """Add the command to `app`."""

    @app.command()
    def serve(  # noqa: PLR0913  each is an option
        *,
        host: Host = None,
        port: Port = None,
        data_dir: DataDir = None,
        database_url: DatabaseUrl = None,
        sample: Sample = False,
        workers: Workers = 1,
        lan: Lan = False,
    ) -> None:
        """Start everything: database, migrations, API and worker; stop it with Ctrl C."""
        put(package, HOST=host, PORT=port, DATA_DIR=data_dir, DATABASE_URL=database_url)
        raise typer.Exit(run(package, Wish(sample, workers, lan)))


def put(package: str, **options: str | int | Path | None) -> None:
    """Set the program's variables in the environment, for this process and its children; None leaves one alone."""
    for name, value in options.items():
        if value is not None:
            os.environ[f"{package.upper()}_{name}"] = str(value)


@dataclass(frozen=True, slots=True)
class Wish:
    """How to serve: with sample data, by how many API processes, and whether for the devices of a private network."""

    with_sample: bool = False
    api_processes: int = 1
    is_lan: bool = False


def run(package: str, wish: Wish | None = None) -> int:
    """Serve until a signal ends it; return the exit code. Raises ConfigurationError."""
    wish = wish or Wish()
    core = CoreSettings.load(package)
    if wish.is_lan and "host" not in core.model_fields_set:
        put(package, HOST=EVERYWHERE)
        core = CoreSettings.load(package)
    with open_listener(core.host, core.port) as listener, ExitStack() as stack:
        put(package, PORT=listener.getsockname()[1], DATA_DIR=core.data_dir.resolve())
        logs = _log_folder(core) if sys.stdout.isatty() else None
        settings = LogSettings.load(package)
        configure_logging(settings.level, settings.stream(logs / "serve.log" if logs else None))
        network = stack.enter_context(_shop_network(package, core, listener)) if wish.is_lan else None
        start_database = partial(_start_database, package, core)
        notice = TransportSettings.load(package).notice_seconds
        serving = Serving(listener, network, _is_secure(package), notice)
        put(package, PROCESS_FOLDER=stack.enter_context(process_folder(core.data_dir.resolve())))
        stack.enter_context(leaving(core.data_dir.resolve()))
        plan = Plan(package, core, serving, start_database, wish.with_sample, wish.api_processes, logs)
        try:
            return asyncio.run(_supervise(plan))
        except StartFailed as failure:
            if failure.code != 2:
                sys.stderr.write(f"{failure}\n")
            return failure.code if failure.code > 0 else 1


def _is_secure(package: str) -> bool:
    """Whether the children will speak HTTPS; raises ConfigurationError when their certificate is none."""
    files = TlsSettings.load(package).files()
    if files is not None:
        files.check()
    return files is not None


@contextmanager
def _shop_network(package: str, core: CoreSettings, listener: socket.socket) -> Iterator[Network]:
    # Loaded only where it is wanted: it brings the library that makes certificates.
    opening = import_module("mainstay.bootstrap.lan.opening")
    with opening.shop_network(package, core.data_dir.resolve(), listener) as network:
        put(package, TLS_CERTIFICATE=network.certificate.chain)
        yield network


async def _supervise(plan: Plan) -> int:
    return await Supervisor(plan).run()


def _log_folder(core: CoreSettings) -> Path:
    """Return the folder for log files, made where it is missing: a terminal is for people."""
    folder = core.data_dir.resolve() / "log"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as failure:
        raise ConfigurationError(f"The folder {folder} cannot be made: {failure.strerror}.") from failure
    return folder


def _start_database(package: str, core: CoreSettings) -> tuple[Database, dict[str, str]]:
    # Loaded now, while the children load the program, rather than before they are started.
    started: tuple[Database, dict[str, str]] = import_module("mainstay.bootstrap.database").start(package, core)
    return started
