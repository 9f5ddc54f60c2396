"""The manifest brings everything that mail is made of."""

import inspect
from dataclasses import replace

import pytest

from mainstay.bootstrap.checks import check_program
from mainstay.bootstrap.program import Program
from mainstay.db.models import Base
from mainstay.errors import ConfigurationError
from mainstay.messages.event import Event
from mainstay.modules import mail
from mainstay.modules.mail import events
from mainstay.modules.mail.module import MAIL
from mainstay.worker.retry import delay


def test_every_model_and_every_event_is_in_the_manifest() -> None:
    tables = {one.class_ for one in Base.registry.mappers if one.class_.__module__.startswith(f"{mail.__name__}.")}
    announced = {one for _, one in inspect.getmembers(events, inspect.isclass) if issubclass(one, Event)} - {Event}

    assert tables == set(MAIL.models)
    assert announced == set(MAIL.events)


def test_a_program_passes_the_boot_checks_with_it_and_not_with_it_twice(program: Program) -> None:
    check_program(program)

    with pytest.raises(ConfigurationError, match="called mail"):
        check_program(replace(program, modules=(*program.modules, MAIL)))


def test_a_server_may_be_away_for_a_weekend_and_no_mail_is_given_up() -> None:
    (job,) = MAIL.jobs
    waits = [delay(job.retry, attempts=number, seed="") or 0.0 for number in range(job.retry.attempts)]

    assert sum(waits) > 48 * 3600
    assert waits[0] < 15
    assert delay(job.retry, attempts=job.retry.attempts, seed="") is None
