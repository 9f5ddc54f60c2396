"""Troubles as a tracker of errors takes them; that it gets them is in `bootstrap/test_telling.py`."""

import orjson
import pytest

from mainstay.errors import ConfigurationError
from mainstay.observe.tracker import ErrorSettings, Place, Source, envelope
from mainstay.observe.troubles import Frame, Trouble

SOURCE = Source("bakery@1.2.3", "production", "oven-1", "worker")
FACTS = {"job": "bakery.bake", "actor": "ada", "trace_id": "a" * 32}
TROUBLE = Trouble("error", "bakery", "it failed", "KeyError", "", (Frame("bakery/a.py", 7, "bake"),), FACTS)


def test_an_envelope_holds_one_event_with_release_environment_and_mark() -> None:
    head, kind, content, end = envelope(SOURCE, TROUBLE).split(b"\n")

    event = orjson.loads(content)
    assert end == b""
    assert orjson.loads(head)["event_id"] == event["event_id"]
    assert orjson.loads(kind) == {"type": "event", "content_type": "application/json", "length": len(content)}
    assert (event["release"], event["environment"], event["server_name"]) == ("bakery@1.2.3", "production", "oven-1")
    assert (event["platform"], event["level"], event["transaction"]) == ("python", "error", "bakery.bake")
    assert event["fingerprint"] == ["KeyError", "bakery/a.py:bake"]
    assert (event["tags"]["role"], event["user"]) == ("worker", {"id": "ada"})
    assert event["contexts"]["trace"]["trace_id"] == "a" * 32
    (raised,) = event["exception"]["values"]
    assert raised["stacktrace"]["frames"] == [
        {"filename": "bakery/a.py", "function": "bake", "lineno": 7, "in_app": True}
    ]


def test_an_error_of_a_browser_is_one_of_javascript_and_a_crash_is_fatal() -> None:
    browser = Trouble("critical", "browser", "browser error", None, "", (), {"page": "/till"})

    event = orjson.loads(envelope(SOURCE, browser).split(b"\n")[2])

    assert (event["platform"], event["level"], event["transaction"]) == ("javascript", "fatal", "/till")
    assert event["tags"]["role"] == "browser"
    assert not {"exception", "user", "contexts"} & set(event)


@pytest.mark.parametrize(
    ("dsn", "url"),
    [
        ("https://key@errors.example/17", "https://errors.example/api/17/envelope/"),
        ("http://key@errors.example:8000/way/17/", "http://errors.example:8000/way/api/17/envelope/"),
    ],
)
def test_the_address_of_a_project_is_read(dsn: str, url: str) -> None:
    place = Place.of(dsn)

    assert place.url == url
    assert dict(place.headers)["X-Sentry-Auth"].endswith("sentry_key=key")


@pytest.mark.parametrize(
    "dsn", ["https://errors.example/17", "https://key@errors.example", "ftp://key@a/1", "nonsense"]
)
def test_what_is_no_address_of_a_project_stops_the_start(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKERY_ERRORS_DSN", dsn)

    with pytest.raises(ConfigurationError, match="BAKERY_ERRORS_DSN") as refused:
        ErrorSettings.load("bakery")

    assert dsn not in str(refused.value)
