"""The engine `google_vision` against a service on this machine that answers in the published format."""

import base64
import io
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from drawn_cards import LINES, bgr, draw_card
from PIL import Image
from pydantic import SecretStr
from structlog.testing import capture_logs
from vision_answers import answer_for_card
from vision_line import answered_by
from vision_server import Reply, VisionServer

from mainstay.net.breakers import Breakers
from mainstay.net.client import Client, Pace
from mainstay.net.guard import Guard
from mainstay.net.partners import Partners
from mainstay.observe.counters import Counters
from tradepost.crm.cards.access import VisionAccess
from tradepost.crm.cards.asking import Vision
from tradepost.crm.cards.engines.chain import Chain
from tradepost.crm.cards.engines.google_vision import GoogleVisionRecogniser
from tradepost.crm.cards.engines.port import EngineFailed, ReadCard, Reading, TextLine
from tradepost.crm.cards.geometry import FlatCard
from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.quad import Quad

KEY = "k-4711-of-the-owner"
GOOD = Reply(body=answer_for_card())
BUSY = Reply(503)
RUSSIAN = (("Пётр Ильич Громов", 58, 150), ("Главный инженер", 32, 225), ("Тел.: +7 831 426 45 96", 28, 350))
CARD = FlatCard(bgr(draw_card()), np.eye(3))


@dataclass
class Bench:
    """An engine and the program that it asks, on a clock that stands still until it is moved."""

    server: VisionServer
    present: float = 10.0
    counters: Counters = field(default_factory=Counters)
    access: VisionAccess = field(init=False)
    engine: GoogleVisionRecogniser = field(init=False)

    def __post_init__(self) -> None:
        self.access = VisionAccess(self.server.url, SecretStr(KEY), 8.0, 60.0)

    def vision(self) -> Vision:
        """Return the program's side."""

        async def pause(_seconds: float) -> None:
            """Lose no time."""

        partners = Partners(Breakers(self.counters, now=self.now), self.counters)
        client = Client(Guard(), self.counters, pace=Pace(self.now, pause, lambda: 0.0))
        return Vision(self.access, client, partners)

    def now(self) -> float:
        return self.present

    def answered(self, *replies: Reply) -> None:
        self.server.replies = list(replies)

    def dawdle(self) -> None:
        self.present += 5.0

    def code(self) -> str:
        """Return the code with which reading a card fails, or nothing."""
        try:
            self.engine.read(CARD)
        except EngineFailed as error:
            return error.code
        return ""


@pytest.fixture
def bench() -> Iterator[Bench]:
    with VisionServer([GOOD]) as server, answered_by((made := Bench(server)).vision()) as line:
        made.engine = GoogleVisionRecogniser(line)
        yield made


def texts(read: ReadCard) -> list[str]:
    return [line.text for line in read.lines]


def test_a_card_is_read_with_its_lines_their_places_and_how_sure_they_are(bench: Bench) -> None:
    read = bench.engine.read(CARD)
    assert texts(read) == [text for text, _, _ in LINES]
    name = read.lines[1]
    assert name.engine == "google_vision"
    assert name.confidence == pytest.approx(0.98)
    assert (name.quad.left, name.quad.top, name.quad.bottom) == pytest.approx((60, 150, 220), abs=1)


def test_the_question_is_in_the_published_format_with_the_key_in_its_header_alone(bench: Bench) -> None:
    bench.engine.read(CARD)
    (received,) = bench.server.received
    (question,) = json.loads(received.body)["requests"]
    assert question["features"] == [{"type": "DOCUMENT_TEXT_DETECTION"}]
    assert received.headers["X-Goog-Api-Key"] == KEY
    assert received.path == "/v1/images:annotate"
    assert KEY.encode() not in received.body


def test_the_picture_that_leaves_is_the_flat_card_without_metadata(bench: Bench) -> None:
    bench.engine.read(CARD)
    content = base64.b64decode(json.loads(bench.server.received[0].body)["requests"][0]["image"]["content"])
    with Image.open(io.BytesIO(content)) as sent:
        assert (sent.format, sent.size, dict(sent.getexif())) == ("JPEG", (1000, 580), {})
        assert set(sent.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("turned", [1, 2, 3])
def test_a_card_that_lies_turned_comes_back_upright(bench: Bench, turned: int) -> None:
    bench.answered(Reply(body=answer_for_card(quarters=turned)))
    read = bench.engine.read(CARD.turned(turned))
    assert np.array_equal(read.card.pixels, CARD.pixels)
    assert texts(read) == [text for text, _, _ in LINES]
    name = read.lines[1].quad
    assert (name.left, name.top, name.bottom) == pytest.approx((60, 150, 220), abs=1)


def test_cyrillic_is_read_and_not_read_again(bench: Bench) -> None:
    bench.answered(Reply(body=answer_for_card(RUSSIAN)))
    read = Chain((bench.engine, Never("rapidocr")), Never("tesseract")).read(CARD)
    assert texts(read) == [text for text, _, _ in RUSSIAN]
    assert [call.engine for call in read.calls] == ["google_vision"]


def test_a_card_without_print_has_no_lines(bench: Bench) -> None:
    bench.answered(Reply(body=b'{"responses": [{}]}'))
    assert bench.engine.read(CARD) == ReadCard(CARD, ())


def test_what_was_read_counts_beside_an_error(bench: Bench) -> None:
    content = json.loads(answer_for_card())
    content["responses"][0]["error"] = {"code": 13, "message": "Odalys"}
    bench.answered(Reply(body=json.dumps(content).encode()))
    assert len(bench.engine.read(CARD).lines) == len(LINES)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(body=b'{"responses": [{"error": {"code": 7, "message": "denied"}}]}'), "error_7"),
        (Reply(body=b'{"responses": [{"error": {"code": 3, "message": "Bad image data."}}]}'), "picture_rejected"),
        (Reply(body=b"<html>"), "bad_answer"),
        (Reply(body=b""), "bad_answer"),
        (Reply(body=b"[" * 100_000), "bad_answer"),
        (Reply(body=b'{"responses": []}'), "bad_answer"),
        (Reply(body=b'{"responses": [{}, {}]}'), "bad_answer"),
        (Reply(body=answer_for_card().replace(b'"x": 60', b'"x": 1e400')), "bad_answer"),
        (Reply(body=answer_for_card().replace(b"0.98", b"NaN")), "bad_answer"),
        (Reply(400), "status_400"),
        (Reply(401), "status_401"),
        (Reply(403), "status_403"),
        (Reply(307, headers=(("Location", "/elsewhere"),)), "status_307"),
    ],
)
def test_what_goes_wrong_has_its_reason(bench: Bench, reply: Reply, code: str) -> None:
    bench.answered(reply)
    assert bench.code() == code
    assert len(bench.server.received) == 1


def test_a_service_that_was_busy_for_a_moment_is_asked_again(bench: Bench) -> None:
    bench.answered(BUSY, GOOD)
    assert bench.code() == ""


def test_after_failures_in_a_row_the_service_is_left_alone(bench: Bench) -> None:
    bench.answered(Reply(403))
    assert [bench.code() for _ in range(5)] == ["status_403"] * 3 + ["breaker_open"] * 2
    assert len(bench.server.received) == 3


def test_after_its_rest_one_card_is_the_trial(bench: Bench) -> None:
    bench.answered(Reply(403))
    codes = [bench.code() for _ in range(4)]
    bench.present += 60
    assert [codes[-1], bench.code(), bench.code()] == ["breaker_open", "status_403", "breaker_open"]
    bench.present += 60
    bench.answered(GOOD)
    assert [bench.code(), bench.code()] == ["", ""]


def test_a_picture_that_is_rejected_says_nothing_against_the_service(bench: Bench) -> None:
    bench.answered(Reply(body=b'{"responses": [{"error": {"code": 3}}]}'))
    assert [bench.code() for _ in range(5)] == ["picture_rejected"] * 5


def test_answers_that_take_too_much_of_their_time_are_failures_too(bench: Bench) -> None:
    """Each is read, but a picture with several cards would not come to its end."""
    bench.server.on_request = bench.dawdle
    assert [bench.code() for _ in range(4)] == ["", "", "", "breaker_open"]


def test_another_engine_stands_in_and_the_card_is_not_lost(bench: Bench) -> None:
    bench.answered(Reply(403))
    chain = Chain((bench.engine, Always("rapidocr")))
    found = [chain.read(CARD) for _ in range(4)]
    assert all(texts(read) == ["Kestrel"] for read in found)
    told = [(call.engine, call.failure) for read in found for call in read.calls if call.failure]
    assert told == [("google_vision", "status_403")] * 3 + [("google_vision", "breaker_open")]


def test_neither_key_nor_card_gets_into_the_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bad = Reply(body=answer_for_card().replace(b'"confidence": 0.97', b'"blocks": 5'))
    with capture_logs() as entries:
        for reply in (GOOD, Reply(403), BUSY, Reply(302, headers=(("Location", "/x"),)), Reply(body=b"{"), bad):
            bench.answered(reply)
            bench.present += 60
            Chain((bench.engine, Always("rapidocr"))).read(CARD)
    log = caplog.text + str(entries) + repr(bench.access)
    assert sum(entry["event"] == "cards.engine_failed" for entry in entries) == 5
    assert KEY not in log
    assert "Odalys" not in log


class Never:
    """An engine that must not be asked."""

    version = "1"
    knows_cyrillic = False

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, card: FlatCard) -> ReadCard:
        raise AssertionError(f"{self.name} was asked for a card")

    def read_lines(self, crops: Sequence[Pixels]) -> list[Reading]:
        raise AssertionError(f"{self.name} was asked for lines")


class Always:
    """An engine that reads one word on every card."""

    version = "1"
    knows_cyrillic = False

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, card: FlatCard) -> ReadCard:
        return ReadCard(card, (TextLine(Quad.box(0, 0, 90, 20), "Kestrel", 0.9, self.name),))
