"""What processes need and the environment must say."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from mainstay.bootstrap.program import Program
from mainstay.bootstrap.runtime import opened, owner_url, required_keyring, required_url
from mainstay.errors import ConfigurationError
from mainstay.keyring import name_of
from mainstay.module import Module
from mainstay.resources import Resource
from mainstay.settings import Configuration
from mainstay.work import SYSTEM


def test_the_address_of_the_database_is_required(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"^Set SAMPLE_DATABASE_URL .* only `sample serve` brings its own\.$"):
        required_url(program, program.configuration())

    monkeypatch.setenv("SAMPLE_DATABASE_URL", "postgresql://db.example/shop")
    assert required_url(program, program.configuration()) == "postgresql://db.example/shop?role=shop_runtime"

    monkeypatch.setenv("SAMPLE_DATABASE_OWNER_URL", "postgresql://owner@db.example/shop")
    assert required_url(program, program.configuration()) == "postgresql://db.example/shop"


def test_the_owner_is_who_logs_in_unless_another_is_named(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://shop@db.example/shop?role=shop_runtime"
    assert owner_url(program.configuration(), url) == "postgresql://shop@db.example/shop"

    monkeypatch.setenv("SAMPLE_DATABASE_OWNER_URL", "postgresql://owner@db.example/shop")
    assert owner_url(program.configuration(), url) == "postgresql://owner@db.example/shop"


def test_a_strong_key_is_required(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"^Set SAMPLE_SECRET_KEY"):
        required_keyring(program, program.configuration())

    monkeypatch.setenv("SAMPLE_SECRET_KEY", "weak")
    with pytest.raises(ConfigurationError, match="too weak"):
        required_keyring(program, program.configuration())

    monkeypatch.setenv("SAMPLE_SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyz")
    monkeypatch.setenv("SAMPLE_ACCEPTED_SECRET_KEYS", "the-next-one-of-this-program-quite-long until=2126-01-01")
    keyring = required_keyring(program, program.configuration())
    assert keyring.name == name_of(b"0123456789abcdefghijklmnopqrstuvwxyz")
    assert [each.key for each in keyring.accepted] == [b"the-next-one-of-this-program-quite-long"]


async def test_units_of_work_are_opened_under_a_name_that_the_server_shows(
    program: Program, fresh_database_url: str
) -> None:
    configuration = program.configuration()

    async with opened(program, configuration, fresh_database_url, name="test") as open_work, open_work(SYSTEM) as uow:
        assert await uow.read_value("SELECT current_setting('application_name')") == "sample-test"


async def test_what_was_opened_for_the_process_is_closed_with_it(program: Program, fresh_database_url: str) -> None:
    story: list[str] = []

    class Oven:
        """Something that is kept open."""

    @asynccontextmanager
    async def heat(_: Configuration) -> AsyncIterator[Oven]:
        story.append("opened")
        yield Oven()
        story.append("closed")

    kitchen = replace(program, modules=(*program.modules, Module("kitchen", resources=(Resource(Oven, heat),))))
    async with opened(kitchen, kitchen.configuration(), fresh_database_url, name="test") as open_work:
        async with open_work(SYSTEM) as uow:
            assert await uow.resource(Oven) is await uow.resource(Oven)
        assert story == ["opened"]

    assert story == ["opened", "closed"]
