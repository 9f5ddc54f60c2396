"""What is in front of the program is said exactly, or it does not start."""

import ipaddress

import pytest

from mainstay.errors import ConfigurationError
from mainstay.web.transport import Transport, TransportSettings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", '["proxy.example"]'),
        ("TRUSTED_PROXIES", '["*"]'),
        ("TRUSTED_PROXIES", '["0.0.0.0/0"]'),
        ("TRUSTED_PROXIES", '["::/0"]'),
        ("CORS_ORIGINS", '["*"]'),
        ("CORS_ORIGINS", '["null"]'),
        ("CORS_ORIGINS", '["https://*.example"]'),
        ("CORS_ORIGINS", '["https://app.example/"]'),
        ("CORS_ORIGINS", '["https://app.example:443"]'),
        ("CORS_ORIGINS", '["https://App.example"]'),
        ("CORS_ORIGINS", '["app.example"]'),
        ("CORS_ORIGINS", '["ftp://app.example"]'),
        ("HEAD_SECONDS", "0"),
        ("BODY_SECONDS", "nan"),
        ("NOTICE_SECONDS", "-1"),
        ("NOTICE_SECONDS", "inf"),
    ],
)
def test_what_would_open_too_much_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PROBE_WEB_{name}", value)

    with pytest.raises(ConfigurationError, match=f"PROBE_WEB_{name}"):
        TransportSettings.load("probe")


def test_proxies_and_origins_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE_WEB_TRUSTED_PROXIES", '["10.0.0.1", "192.168.0.0/24", "fd00::/64"]')
    monkeypatch.setenv("PROBE_WEB_CORS_ORIGINS", '["https://app.example", "http://[::1]:3000"]')

    found = Transport.of(TransportSettings.load("probe"), is_https_forced=True, public_url="https://shop.example:8443/")

    assert found.proxies == tuple(map(ipaddress.ip_network, ("10.0.0.1", "192.168.0.0/24", "fd00::/64")))
    assert found.cors_origins == {"https://app.example", "http://[::1]:3000"}
    assert found.public_netloc == "shop.example:8443"


def test_everything_is_closed_by_default() -> None:
    found = Transport.of(TransportSettings.load("probe"), is_https_forced=False, public_url="http://localhost:8000")

    assert (found.proxies, found.cors_origins, found.public_netloc) == ((), frozenset(), None)
