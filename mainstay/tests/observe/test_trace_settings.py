"""Where traces go, as it is set."""

import pytest
from pydantic import SecretStr

from mainstay.errors import ConfigurationError
from mainstay.observe.trace_settings import TraceSettings


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://collector:4318", "http://collector:4318/v1/traces"),
        ("http://collector:4318/", "http://collector:4318/v1/traces"),
        ("https://otlp.example/own/way", "https://otlp.example/own/way"),
    ],
)
def test_the_path_that_collectors_have_is_added_where_none_is(url: str, expected: str) -> None:
    assert TraceSettings(url=url).url == expected


def test_headers_are_read_as_pairs() -> None:
    settings = TraceSettings(headers=SecretStr("Authorization=Bearer a=b, X-Team = bakers,nonsense"))

    assert settings.pairs() == (("Authorization", "Bearer a=b"), ("X-Team", "bakers"))
    assert TraceSettings().pairs() == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [("URL", "collector:4318"), ("URL", "grpc://a"), ("URL", "http://u:p@a"), ("URL", "http://"), ("RATIO", "1.5")],
)
def test_settings_that_do_not_fit_are_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"BAKERY_TRACES_{name}", value)
    with pytest.raises(ConfigurationError, match=f"BAKERY_TRACES_{name}"):
        TraceSettings.load("bakery")
