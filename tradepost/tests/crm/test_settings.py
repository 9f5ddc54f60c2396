"""Settings of cards: Google's text recognition is off without a key, and its key never travels in clear."""

import pytest
from pydantic import SecretStr

from mainstay.errors import ConfigurationError
from mainstay.net.breakers import Breakers
from mainstay.net.client import Client as NetClient
from mainstay.net.guard import Guard
from mainstay.net.partners import Partners
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration
from tradepost.crm.cards.reader import CardReader
from tradepost.crm.service.card_reading import open_reader
from tradepost.crm.settings import GOOGLE, CardSettings, VisionSettings

KEY = "k-4711-of-the-owner"


def load(monkeypatch: pytest.MonkeyPatch, **values: str) -> VisionSettings:
    for name, value in values.items():
        monkeypatch.setenv(f"TRADEPOST_{name}", value)
    return VisionSettings.load("tradepost")


def test_it_is_off_until_there_is_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    found = load(monkeypatch)
    assert (found.key, found.url) == (None, GOOGLE)
    assert load(monkeypatch, GOOGLE_VISION_KEY=" ").key is None


def test_a_key_is_kept_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    found = load(monkeypatch, GOOGLE_VISION_KEY=f" {KEY}\n")
    assert found.key == SecretStr(KEY)
    assert KEY not in repr(found)


@pytest.mark.parametrize("key", ["two words", "k\r\nX-Other: 1", "ключ"])
def test_a_key_that_cannot_be_one_stops_the_start_and_is_not_told(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    with pytest.raises(ConfigurationError, match=r"TRADEPOST_GOOGLE_VISION_KEY does not fit: .*letters") as refused:
        load(monkeypatch, GOOGLE_VISION_KEY=key)
    assert key not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "vision.example",
        "ftp://vision.example/v1",
        "https:///v1/images:annotate",
        "https://somebody@vision.example/v1",
        "https://vision.example/v1?key=4711",
        "https://vision.example/v1#4711",
    ],
)
def test_an_address_is_one_and_holds_no_key(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with pytest.raises(ConfigurationError, match="TRADEPOST_GOOGLE_VISION_URL does not fit"):
        load(monkeypatch, GOOGLE_VISION_URL=url)


@pytest.mark.parametrize("environment", ["production", "test"])
def test_outside_of_development_it_is_reached_by_https_alone(monkeypatch: pytest.MonkeyPatch, environment: str) -> None:
    url = "http://127.0.0.1:8080/v1/images:annotate"
    assert load(monkeypatch, GOOGLE_VISION_URL=url).url == url
    monkeypatch.setenv("TRADEPOST_ENVIRONMENT", environment)
    with pytest.raises(ConfigurationError, match=r"TRADEPOST_GOOGLE_VISION_URL does not fit: .* begin with https"):
        VisionSettings.load("tradepost")
    assert load(monkeypatch, GOOGLE_VISION_URL=GOOGLE).url == GOOGLE


async def test_with_a_key_the_workers_ask_google_first_and_without_one_not_at_all() -> None:
    async with reader(VisionSettings(key=SecretStr(KEY))) as asking:
        assert (await asking.engines()).startswith("google_vision/v1+1 rapidocr/")
    assert reader(VisionSettings())._vision is None


def reader(vision: VisionSettings) -> CardReader:
    counters = Counters()
    partners = Partners(Breakers(counters), counters)
    opened = open_reader(Configuration([CardSettings(), vision]), NetClient(Guard(), counters), partners)
    assert isinstance(opened, CardReader)
    return opened
