"""The API of a program: made without a database, on it when asked, and off it in the end."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from probe.main import NOTES, SECRET_KEY, make_program
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.types import Message

from mainstay.bootstrap.api import api_description, create_api
from mainstay.bootstrap.program import Program
from mainstay.cache.settings import CacheSettings
from mainstay.db.engine import DatabaseSettings
from mainstay.errors import ConfigurationError
from mainstay.net.settings import RedisSettings
from mainstay.observe.health import HealthSettings
from mainstay.settings import Configuration, CoreSettings
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.metrics import MetricsSettings
from mainstay.web.operation import operations_of
from mainstay.web.overload.settings import OverloadSettings
from mainstay.web.transport import TransportSettings

NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"


def configured(core: CoreSettings) -> Configuration:
    others = (TransportSettings(), LimitSettings.defaults(), MetricsSettings(), RedisSettings(), CacheSettings())
    return Configuration((core, DatabaseSettings(connect_timeout=1), HealthSettings(), OverloadSettings(), *others))


def made(core: CoreSettings | None = None) -> FastAPI:
    return create_api(make_program(), configured(core or CoreSettings()), NOWHERE, SECRET_KEY)


async def asked(app: FastAPI, path: str, **headers: str) -> httpx2.Response:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost") as client:
        return await client.get(path, headers=headers)


async def test_it_is_made_and_alive_without_a_database() -> None:
    app = made()

    assert (await asked(app, "/health/live")).status_code == 200
    assert (await asked(app, "/health/ready")).status_code == 503


def test_operations_stand_in_the_order_of_the_modules_behind_health() -> None:
    names = [operation.operation_id for operation in operations_of(made())]

    assert names[:3] == ["health_live", "health_startup", "health_ready"]
    assert names[5] == "probe_show_me"
    assert names[-1] == "trouble_stream_ticks"


def test_the_session_cookie_is_bound_to_the_host_and_named_after_the_program() -> None:
    assert made().state.edge.session_cookie == "__Host-probe"


@pytest.mark.parametrize(
    "core", [CoreSettings(public_url="https://shop.example"), CoreSettings(trusted_hosts=("https://shop.example",))]
)
async def test_addresses_come_from_the_settings(core: CoreSettings) -> None:
    assert (await asked(made(core), "/health/live", Host="shop.example")).status_code == 200
    assert (await asked(made(), "/health/live", Host="shop.example")).status_code == 400


def test_a_weak_secret_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match="sample value"):
        made(CoreSettings(secret_key=SecretStr("changeme")))


def test_a_program_that_is_wrong_stops_the_start() -> None:
    program = Program("probe", "Probe", "", "1", (NOTES, NOTES), ("mainstay.migrations",))

    with pytest.raises(ConfigurationError, match="called probe"):
        create_api(program, configured(CoreSettings()), NOWHERE, SECRET_KEY)


def test_the_description_needs_neither_database_nor_settings() -> None:
    found = api_description(make_program())

    assert found["info"] == {"title": "Probe & <Co>", "description": "A program for tests.", "version": "1.2.3"}
    assert found["openapi"].startswith("3.1")


class Lifespan:
    """Starts and stops an application as a server does."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self._heard: asyncio.Queue[Message] = asyncio.Queue()

    async def run(self) -> AsyncIterator[str]:
        task = asyncio.create_task(self._app({"type": "lifespan"}, self._told.get, self._heard.put))
        for step in ("startup", "shutdown"):
            await self._told.put({"type": f"lifespan.{step}"})
            yield str((await self._heard.get())["type"])
        await task


async def test_it_closes_its_connections_when_the_server_stops(fresh_database_url: str) -> None:
    program = make_program()
    app = create_api(program, program.configuration(), fresh_database_url, SECRET_KEY)
    steps = Lifespan(app).run()
    assert await anext(steps) == "lifespan.startup.complete"
    pool = app.state.edge.open_work.engine.pool
    await asked(app, "/health/ready")
    assert pool.checkedin() >= 2  # and one more where the cache was warmed beside it

    assert await anext(steps) == "lifespan.shutdown.complete"

    assert app.state.closing.is_set
    assert pool.checkedin() == 0
    assert [step async for step in steps] == []


async def test_an_engine_that_is_given_stays_the_callers() -> None:
    engine = create_async_engine(NOWHERE.replace("postgresql", "postgresql+asyncpg"))

    app = create_api(make_program(), configured(CoreSettings()), NOWHERE, SECRET_KEY, engine=engine)

    assert app.state.edge.open_work.engine is engine
