"""The HTTP API of a program: its modules' routes, the documentation, health and the web app, behind one stack."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from typing import Any

import orjson
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp, Lifespan

from mainstay.bootstrap.caching import open_cache, warming
from mainstay.bootstrap.checks import authenticator_of, bearer_authenticator_of, check_program, check_settings
from mainstay.bootstrap.figures import Figures, telling
from mainstay.bootstrap.flagging import following
from mainstay.bootstrap.gathering import gathering
from mainstay.bootstrap.limiting import bounds_of, open_limiter, open_link
from mainstay.bootstrap.machine import Machine
from mainstay.bootstrap.observing import refreshing, statements_of
from mainstay.bootstrap.operations import program_operations
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.promising import Promising
from mainstay.bootstrap.readiness import checks_of
from mainstay.bootstrap.steering import Steering
from mainstay.bootstrap.telling import Telling
from mainstay.bootstrap.together import together
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.keyring import Keyring
from mainstay.net.redis import RedisLink
from mainstay.observe.counters import Counters
from mainstay.observe.peers import Peers, ProcessSettings
from mainstay.settings import Configuration, CoreSettings
from mainstay.web.addresses import Addresses
from mainstay.web.closing import Closing
from mainstay.web.description import describe
from mainstay.web.docs_page import docs_files
from mainstay.web.files import REVALIDATE, File
from mainstay.web.limits.limiter import Limiter
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.metrics import Metrics, MetricsSettings
from mainstay.web.operation import Operation, operations_of
from mainstay.web.pages import Pages
from mainstay.web.problems import LIST_PATH, codes
from mainstay.web.routing import Edge
from mainstay.web.stack import Dispatch, Entrance, Front, build_stack
from mainstay.web.table import OperationTable
from mainstay.web.transport import Transport, TransportSettings
from mainstay.work import WorkOpener

DESCRIPTION_PATH = "/api/openapi.json"


def create_api(
    program: Program, configuration: Configuration, url: str, keyring: Keyring, *, engine: AsyncEngine | None = None
) -> FastAPI:
    """Return the ASGI application of `program` on the database at `url`.

    It connects when the first request needs it and closes its connections when the server stops; an `engine` that is
    given stays the caller's. Raises ConfigurationError when a boot check fails.
    """
    operations = _checked_operations(program, configuration)
    own = create_engine(configuration.of(DatabaseSettings), url, name=f"{program.name}-api")
    closing, counters = Closing(), Counters()
    seen, told = statements_of(configuration, counters), Telling.of(program, configuration, counters, "api")
    link = open_link(configuration, counters)
    limiter = open_limiter(program.name, configuration, counters, link)
    cache = open_cache(program.name, configuration, counters, link)
    open_work = program.opener(engine or own, configuration, counters=counters, cache=cache)
    peers, setup = Peers.of(configuration.find(ProcessSettings), "api"), open_work.setup
    open_work.setup = replace(setup, keyring=setup.keyring or keyring, peers=peers, tracer=told.tracer, statements=seen)
    figures, steering, promising = Figures(peers, counters, open_work), Steering(peers), Promising(peers, counters)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            kept = gathering(program, configuration, open_work, counters, "api")
            beside = (kept, told.sent(), figures.told(), steering.followed(), peers.listening())
            promised = promising.kept(program, open_work)
            switches = following(program, configuration, url, open_work, steering)
            async with together(*beside, promised, switches, warming(program, open_work, counters)):
                with closing.heard():
                    yield
        finally:
            closing.set()
            await _close(link, open_work, own)

    app = _application(program, operations, lifespan)
    app.state.edge, app.state.closing, app.state.counters = _edge(program, open_work, keyring), closing, counters
    app.state.figures, app.state.checks = figures, checks_of(program, configuration, open_work, link)
    app.state.addresses, app.state.statements = _addresses(configuration.of(CoreSettings)), seen
    app.middleware_stack = _stack(app, program, configuration, limiter)
    return app


def _checked_operations(program: Program, configuration: Configuration) -> list[Operation]:
    operations = program_operations(program)
    check_program(program, operations)
    check_settings(configuration)
    return operations


async def _close(link: RedisLink | None, open_work: WorkOpener, engine: AsyncEngine) -> None:
    if link is not None:
        await link.close()
    await open_work.setup.resources.close()
    await engine.dispose()


def api_description(program: Program, limits: LimitSettings | None = None) -> dict[str, Any]:
    """Return the API description (OpenAPI) of `program`; it needs no database.

    It tells of the `limits` that hold where nothing is set, unless it is given others.
    """
    app = _application(program, program_operations(program))
    return describe(app, _session_cookie(program), limits or LimitSettings.defaults())


def _application(program: Program, operations: list[Operation], lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    app = FastAPI(
        title=program.title,
        description=program.description,
        version=program.version,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # Asking for each request whether anybody has set up telemetry costs more than routing it.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.router.routes[:] = operations
    return app


def _edge(program: Program, open_work: WorkOpener, keyring: Keyring) -> Edge:
    bearers = bearer_authenticator_of(program)
    return Edge(open_work, authenticator_of(program), _session_cookie(program), keyring, bearers)


def _session_cookie(program: Program) -> str:
    return f"__Host-{program.name}"


def _addresses(core: CoreSettings) -> Addresses:
    return Addresses((*core.trusted_hosts, *((core.public_url,) if core.public_url else ())))


def _stack(app: FastAPI, program: Program, configuration: Configuration, limiter: Limiter) -> ASGIApp:
    """Return what answers everything: the operations, the documents and the web app behind the layers."""
    edge: Edge = app.state.edge
    addresses: Addresses = app.state.addresses
    core = configuration.of(CoreSettings)
    is_forced = core.environment == "production"
    transport = Transport.of(configuration.of(TransportSettings), is_https_forced=is_forced, public_url=core.public_url)
    documents = _documents(app, edge.session_cookie, configuration.of(LimitSettings))
    refresh = refreshing(program, edge.open_work, Machine.of(configuration), app.state.checks)
    tell = telling(app.state.figures, refresh)
    metrics = Metrics(configuration.of(MetricsSettings), tell)
    dispatch = Dispatch(documents, Pages(program.static), metrics)
    tracer, slowest = edge.open_work.setup.tracer, app.state.figures.slowest
    bounds = bounds_of(configuration)
    front = Front(addresses, transport, app.state.counters, app.state.statements, tracer, slowest, bounds)
    return Entrance(build_stack(OperationTable(operations_of(app)), edge, front, limiter, dispatch), app.router)


def _documents(app: FastAPI, session_cookie: str, limits: LimitSettings) -> dict[str, Callable[[], File]]:
    """Return what makes the API description, the list of problems and the documentation page, when they are asked for.

    They take most of a second to make, which a start should not wait for.
    """

    def describe_api() -> File:
        return File.packed(orjson.dumps(describe(app, session_cookie, limits)), "application/json", REVALIDATE)

    def list_problems() -> File:
        return File.packed(orjson.dumps([asdict(kind) for kind in codes()]), "application/json", REVALIDATE)

    return {DESCRIPTION_PATH: describe_api, LIST_PATH: list_problems, **docs_files(app.title)}
