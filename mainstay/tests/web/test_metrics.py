"""The numbers: who brings the token has them, nobody else."""

import pytest
from kiosk import KioskFactory

from mainstay.errors import ConfigurationError
from mainstay.web.metrics import MetricsSettings

TOKEN = "a token for the scraper"  # pragma: allowlist secret
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.practice(94)
async def test_whoever_brings_the_token_has_the_numbers(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(metrics_token=TOKEN, read=1)
    scraper = kiosk.at("10.0.0.1")
    await scraper.get("/open")
    await scraper.get("/open")

    reply, head = await scraper.get("/metrics", headers=BEARER), await scraper.head("/metrics", headers=BEARER)

    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'mainstay_requests_limited_total{rate="read"} 1\n' in reply.text
    assert (head.status_code, head.content) == (200, b"")


PROMETHEUS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"


@pytest.mark.parametrize(
    ("accept", "is_open"),
    [
        (PROMETHEUS, True),
        ("Application/OpenMetrics-Text", True),
        ("text/plain", False),
        ("*/*", False),
        ("application/openmetrics-text;q=0, text/plain", False),
        ("application/openmetrics-text; version=1.0.0; q=0.000", False),
        ("", False),
    ],
)
async def test_whoever_takes_openmetrics_gets_it(open_kiosk: KioskFactory, accept: str, is_open: bool) -> None:
    scraper = open_kiosk(metrics_token=TOKEN, read=1).at("10.0.0.1")
    await scraper.get("/open")
    await scraper.get("/open")

    reply = await scraper.get("/metrics", headers={**BEARER, "Accept": accept})

    kind = "application/openmetrics-text; version=1.0.0" if is_open else "text/plain; version=0.0.4"
    assert reply.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert reply.headers["Vary"] == "Accept"
    assert reply.text.endswith("\n# EOF\n") == is_open
    assert ("# TYPE mainstay_requests_limited counter\n" in reply.text) == is_open


@pytest.mark.practice(94)
@pytest.mark.parametrize("given", ["", TOKEN, "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"])
async def test_nobody_else_has(open_kiosk: KioskFactory, given: str) -> None:
    stranger = open_kiosk(metrics_token=TOKEN).at("10.0.0.1")

    reply = await stranger.get("/metrics", headers=[(b"Authorization", given.encode())])

    assert (reply.status_code, reply.json()["code"]) == (401, "metrics.wrong_token")
    assert reply.headers["WWW-Authenticate"] == "Bearer"


async def test_without_a_token_in_the_settings_there_are_none(open_kiosk: KioskFactory) -> None:
    reply = await open_kiosk().at("10.0.0.1").get("/metrics", headers=BEARER)

    assert reply.status_code == 404


async def test_they_are_read_only(open_kiosk: KioskFactory) -> None:
    reply = await open_kiosk(metrics_token=TOKEN).at("10.0.0.1").post("/metrics", headers=BEARER)

    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET, HEAD")


def test_a_short_token_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_METRICS_TOKEN", "short")

    with pytest.raises(ConfigurationError, match="KIOSK_METRICS_TOKEN"):
        MetricsSettings.load("kiosk")
