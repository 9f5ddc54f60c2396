"""The probe program, served as a process of its own, and people who call it."""

import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from kiosk import Kiosk, KioskFactory, ended
from probe.main import make_program
from probe.served import SCRAPER, Served, client_of, serving

from mainstay.testing import database
from mainstay.testing.client import Client
from mainstay.web.limits.limiter import Shared
from mainstay.web.overload.gate import Bounds


@pytest.fixture(scope="session")
def probe_database_url(database_server: str) -> Iterator[str]:
    """A database of the probe program for all tests of this process."""
    source = database.template(database_server, make_program().migrations)
    with database.clone(database_server, source) as url:
        yield url


@pytest.fixture(scope="session")
def web_app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a very small web app, built."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Probe</title><script src=/assets/app-1.js></script>")
    script = b"document.title = 'Probe, running';"
    (folder / "assets" / "app-1.js").write_bytes(script)
    (folder / "assets" / "app-1.js.gz").write_bytes(gzip.compress(script))
    (folder / "assets" / "large.wasm").write_bytes(bytes(2 * 1024 * 1024))
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / "link.txt").symlink_to("/etc/passwd")
    return folder


@pytest.fixture(scope="session")
def served(probe_database_url: str, web_app: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The probe program, served with a web app."""
    folder = tmp_path_factory.mktemp("served")
    # The time limit is short, so that a test can wait for it.
    settings = {
        "PROBE_STATIC": str(web_app),
        "PROBE_DATABASE_STATEMENT_TIMEOUT": "3",
        "PROBE_METRICS_TOKEN": SCRAPER,
    }
    with serving(probe_database_url, folder, **settings) as served:
        yield served


@pytest.fixture(scope="session")
def in_production(probe_database_url: str, web_app: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The probe program in production, behind a proxy on this machine, with one other site allowed, and impatient."""
    settings = {
        "PROBE_STATIC": str(web_app),
        "PROBE_ENVIRONMENT": "production",
        "PROBE_PUBLIC_URL": "https://shop.example:8443",
        "PROBE_TRUSTED_HOSTS": '["tills.example"]',
        "PROBE_WEB_TRUSTED_PROXIES": '["127.0.0.1"]',
        "PROBE_WEB_CORS_ORIGINS": '["https://app.example"]',
        "PROBE_WEB_HEAD_SECONDS": "0.5",
        "PROBE_WEB_BODY_SECONDS": "0.5",
    }
    with serving(probe_database_url, tmp_path_factory.mktemp("production"), **settings) as served:
        yield served


@pytest.fixture
async def clients() -> AsyncIterator[AsyncExitStack]:
    """Closes clients after the test."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def api(served: Served, clients: AsyncExitStack) -> Client:
    """A browser that is not signed in."""
    return await clients.enter_async_context(client_of(served))


@pytest.fixture
async def proxied(in_production: Served, clients: AsyncExitStack) -> Client:
    """A browser that came to the program in production over HTTPS, as the proxy says."""
    client = await clients.enter_async_context(client_of(in_production))
    client.headers["X-Forwarded-Proto"] = "https"
    return client


@pytest.fixture
async def owner(served: Served, clients: AsyncExitStack) -> Client:
    """The owner's browser."""
    return await clients.enter_async_context(client_of(served, "token-of-the-owner"))


@pytest.fixture
async def cashier(served: Served, clients: AsyncExitStack) -> Client:
    """The cashier's browser."""
    return await clients.enter_async_context(client_of(served, "token-of-the-cashier"))


@pytest.fixture
async def open_kiosk() -> AsyncIterator[KioskFactory]:
    """Makes applications; keywords are their allowances, `shared` is where they count together."""
    ended.clear()
    async with AsyncExitStack() as stack:

        def make(
            shared: Shared | None = None,
            metrics_token: str | None = None,
            bounds: Bounds | None = None,
            **sizes: int,
        ) -> Kiosk:
            return Kiosk(stack, shared, metrics_token, bounds, **sizes)

        yield make
