"""How a module's own command reaches the program's database; see `mainstay.work.Reach`."""

import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

from mainstay import context, ids
from mainstay.bootstrap.database import reached
from mainstay.bootstrap.meeting import running_folder
from mainstay.bootstrap.patience import wait_for_schema
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.runtime import opened
from mainstay.observe.logs import configure_logging
from mainstay.observe.peers import Peers, ProcessSettings
from mainstay.settings import Configuration, CoreSettings
from mainstay.setup import About
from mainstay.work import WorkOpener


@dataclass(frozen=True)
class ProgramReach:
    """How commands of the modules of `program` reach its database, and learn which program they belong to."""

    program: Program

    @property
    def about(self) -> About:
        """Which program this is."""
        return self.program.about

    def __call__(self) -> AbstractAsyncContextManager[WorkOpener]:
        """Open units of work on the program's database inside the block. Raises ConfigurationError."""
        return reach_program(self.program)


@asynccontextmanager
async def reach_program(program: Program) -> AsyncIterator[WorkOpener]:
    """Open units of work on the database of `program` inside the block; an embedded one is started when needed.

    Raises ConfigurationError.
    """
    configure_logging("warning", sys.stderr.buffer)
    configuration = program.configuration()
    context.request_id.set(f"command-{ids.new_id().hex}")
    with reached(program.name, configuration.of(CoreSettings)) as url:
        await wait_for_schema(url, program.migrations)
        async with opened(program, configuration, url, name="command") as open_work:
            open_work.setup = replace(open_work.setup, peers=_peers(configuration))
            yield open_work


def _peers(configuration: Configuration) -> Peers:
    """Return the processes that run on this machine, for a command that has something to ask them."""
    said = configuration.of(ProcessSettings).folder
    return Peers("command-1", said or running_folder(configuration.of(CoreSettings).data_dir.resolve()))
