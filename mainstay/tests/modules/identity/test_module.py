"""The manifest brings everything that identity is made of."""

import inspect
from dataclasses import replace

import pytest

from mainstay.bootstrap.checks import check_program
from mainstay.bootstrap.program import Program
from mainstay.db.models import Base
from mainstay.errors import ConfigurationError
from mainstay.messages.event import Event
from mainstay.modules import identity
from mainstay.modules.identity import events
from mainstay.modules.identity.module import IDENTITY


def test_every_model_and_every_event_is_in_the_manifest() -> None:
    package = identity.__name__
    tables = {each.class_ for each in Base.registry.mappers if each.class_.__module__.startswith(f"{package}.")}
    announced = {each for _, each in inspect.getmembers(events, inspect.isclass) if issubclass(each, Event)} - {Event}

    assert tables == set(IDENTITY.models)
    assert announced == set(IDENTITY.events)


def test_every_event_says_whose_it_is() -> None:
    assert all(event.name.startswith("identity.") for event in IDENTITY.events)


def test_a_program_passes_the_boot_checks_with_identity_and_not_without_it(program: Program) -> None:
    check_program(program)

    with pytest.raises(ConfigurationError, match=r"must bring an authenticator"):
        check_program(replace(program, modules=program.modules[1:]))
