"""The worker process, a child of `serve`: it prepares the database at the first start, and then runs jobs."""

import json
import os
from collections.abc import Sequence

import uvloop

from mainstay.bootstrap.collecting import keep_what_is_loaded
from mainstay.bootstrap.loading import load_program
from mainstay.bootstrap.orders import Orders, end_with_parent, wait_to_begin
from mainstay.bootstrap.prepare import load_samples, prepare
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.runtime import required_url
from mainstay.bootstrap.worker import work
from mainstay.observe.logs import LogSettings, configure_logging_by
from mainstay.worker.settings import WorkerSettings


def main(package: str, _arguments: Sequence[str]) -> int:
    """Do what the parent orders until it says stop."""
    end_with_parent()
    program = load_program(package)
    keep_what_is_loaded()
    orders = Orders.receive()
    configure_logging_by(LogSettings.load(package))
    # What does not fit is refused before anything is prepared.
    WorkerSettings.load(package)
    wait_to_begin()
    uvloop.run(_run(program, orders))
    return 0


async def _run(program: Program, orders: Orders) -> None:
    configuration = program.configuration()
    url = required_url(program, configuration)
    if orders.report is not None:
        notices = await prepare(program, configuration, url)
        with os.fdopen(orders.report, "w") as report:
            json.dump({"title": program.title, "version": program.version, "notices": notices}, report)
    if orders.with_sample:
        await load_samples(program, configuration, url)
    await work(program, configuration, url, is_alone=orders.is_alone)
