"""The worker process of a program."""

import asyncio
import signal
from dataclasses import replace

from mainstay.bootstrap.figures import Figures, telling
from mainstay.bootstrap.flagging import following
from mainstay.bootstrap.gathering import gathering
from mainstay.bootstrap.observing import statements_of
from mainstay.bootstrap.patience import wait_for_database, wait_for_schema
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.runtime import opened
from mainstay.bootstrap.steering import Steering
from mainstay.bootstrap.telling import Telling
from mainstay.bootstrap.worker_figures import told
from mainstay.db import rights
from mainstay.db.address import with_parameters
from mainstay.db.liveness import parameters
from mainstay.db.settings import DatabaseSettings
from mainstay.observe.counters import Counters
from mainstay.observe.peers import Peers, ProcessSettings
from mainstay.settings import Configuration
from mainstay.web.metrics import MetricsSettings
from mainstay.work import WorkOpener
from mainstay.worker.loops import running
from mainstay.worker.runner import Worker
from mainstay.worker.settings import WorkerSettings


def create_worker(program: Program, url: str, open_work: WorkOpener) -> Worker:
    """Return what runs the program's jobs and schedules from the database at `url`; it starts with `run`."""
    address = with_parameters(url, parameters(DatabaseSettings.load(program.name).network_timeout))
    return Worker(address, program.jobs, program.schedules, open_work, WorkerSettings.load(program.name))


def _seeing(open_work: WorkOpener, configuration: Configuration, counters: Counters, telling: Telling) -> WorkOpener:
    """Have what is done here counted and traced."""
    statements = statements_of(configuration, counters)
    open_work.setup = replace(open_work.setup, statements=statements, tracer=telling.tracer, counters=counters)
    return open_work


async def work(program: Program, configuration: Configuration, url: str, *, is_alone: bool = False) -> None:
    """Work until SIGTERM or SIGINT; waits at first for the database at `url` and its schema.

    `is_alone` says that no other worker uses this database. Raises ConfigurationError.
    """
    await wait_for_database(url)
    await wait_for_schema(url, program.migrations)
    await asyncio.to_thread(rights.check, url)
    counters = Counters()
    peers = Peers.of(configuration.find(ProcessSettings), "worker")
    steering = Steering(peers)
    reports = Telling.of(program, configuration, counters, "worker")
    async with (
        reports.sent(),
        opened(program, configuration, url, name="jobs", counters=counters) as open_work,
        gathering(program, configuration, open_work, counters, "worker"),
        (figures := Figures(peers, counters, open_work)).told(),
        steering.followed(),
        peers.listening(),
        told(configuration.of(MetricsSettings), telling(figures)),
        following(program, configuration, url, open_work, steering),
        running(program.loops, _seeing(open_work, configuration, counters, reports)),
    ):
        worker = create_worker(program, url, open_work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.stop)
        await worker.run(is_alone=is_alone)
