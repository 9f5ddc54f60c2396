"""From the bytes of a photo to fields, in one process."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from cards_read import reading
from drawn_cards import TILTED, Place, as_bytes, draw_card, photograph

from tradepost.crm.cards.engines.chain import Chain
from tradepost.crm.cards.pipeline import _says_more, _with_all_calls, read_photo
from tradepost.crm.cards.reading import CardReading, EngineCall
from tradepost.crm.exchange.record import ContactRecord


def kinds(record: ContactRecord) -> dict[str | None, str]:
    """Each number with its kind."""
    return {phone.e164: phone.kind for phone in record.phones}


@pytest.fixture(scope="module")
def read(chain: Chain) -> CardReading:
    """What is read of the drawn card with a code, tilted on a table."""
    photo = photograph([(draw_card(code="MECARD:N:Fennimore,Odalys;;"), TILTED)])
    (reading,) = read_photo(as_bytes(photo), chain)
    return reading


def test_the_fields_of_a_tilted_card(read: CardReading) -> None:
    record = read.to_record()
    assert (record.name, record.title, record.company) == ("Odalys Fennimore", "Sales Manager", "Kestrel Tools Ltd")
    assert [(phone.e164, phone.kind) for phone in record.phones] == [
        ("+442079460958", "work"),
        ("+447700900123", "mobile"),
    ]
    assert [email.address for email in record.emails] == ["odalys@kestrel-tools.co.uk"]
    assert [website.url for website in record.websites] == ["www.kestrel-tools.co.uk"]
    assert (record.addresses[0].postcode, record.addresses[0].city) == ("LS1 4AP", "Leeds")


def test_a_code_is_read_with_the_print(read: CardReading) -> None:
    assert read.code == "MECARD:N:Fennimore,Odalys;;"
    assert (read.to_record().given, read.to_record().family) == ("Odalys", "Fennimore")


def test_each_field_says_where_it_stands_in_the_photo(read: CardReading) -> None:
    assert read.name is not None
    (spot,) = read.name.spots
    place = np.array(TILTED.corners, dtype=np.float32)
    centre = np.array(spot.photo.corners).mean(axis=0)
    assert cv2.pointPolygonTest(place, (float(centre[0]), float(centre[1])), measureDist=False) > 0
    # The name is printed 150 to 210 of 580 down the card.
    assert 0.2 < spot.card.top / read.height < spot.card.bottom / read.height < 0.42


def test_every_line_is_told_with_its_engine(read: CardReading) -> None:
    assert "Sales Manager" in [line.spot.text for line in read.lines]
    assert {line.engine for line in read.lines} == {"rapidocr"}
    assert read.engines.startswith("rapidocr/3.")


def test_a_russian_card_is_read_by_the_engine_that_knows_its_letters(chain: Chain, russian_photo: bytes) -> None:
    (reading,) = read_photo(russian_photo, chain)
    record = reading.to_record()
    assert (record.name, record.title) == ("Вострикова Милана", "Главный инженер")
    assert (record.company, record.language) == ("ООО «Северный причал»", "ru")
    assert [(phone.e164, phone.kind) for phone in record.phones] == [
        ("+74951234567", "work"),
        ("+79167654321", "mobile"),
    ]
    assert (record.addresses[0].postcode, record.addresses[0].city) == ("115035", "Москва")


def test_two_cards_of_one_photo_are_two_readings_and_blank_paper_is_none(chain: Chain) -> None:
    other = draw_card(
        (("Ruth Okonjo-Vale", 60, 120), ("Vale Bakery GmbH", 40, 300), ("ruth@vale.de", 30, 420)), ground="#e8dcc0"
    )
    places = [
        Place(((40, 40), (680, 30), (690, 400), (50, 410))),
        Place(((720, 40), (1360, 60), (1350, 430), (715, 410))),
        Place(((380, 560), (960, 560), (960, 900), (380, 900))),
    ]
    cards = [draw_card(), other, draw_card(())]
    readings = read_photo(as_bytes(photograph(list(zip(cards, places, strict=True)))), chain)
    assert [reading.name.value if reading.name else None for reading in readings] == [
        "Odalys Fennimore",
        "Ruth Okonjo-Vale",
    ]


def test_a_doubtful_find_gives_way_to_the_whole_picture_when_data_or_a_few_lines_lie_outside(read: CardReading) -> None:
    without_mail, half = replace(read, emails=()), replace(read, lines=read.lines[:3])
    page = replace(read, lines=read.lines * 4)
    assert _says_more(read, without_mail)
    assert _says_more(read, half)
    assert not _says_more(read, read)
    assert not _says_more(page, read)


def test_an_unreadable_picture_is_a_reading_without_fields(chain: Chain) -> None:
    grain = np.random.default_rng(3).normal(128, 2, (600, 900, 3)).clip(0, 255).astype(np.uint8)
    content = cv2.imencode(".png", grain)[1].tobytes()
    (reading,) = read_photo(content, chain)
    assert (reading.lines, reading.name, reading.certainty) == ((), None, 0)


def test_calls_for_readings_that_are_not_kept_are_counted_with_the_first_that_is() -> None:
    kept, lost = (replace(reading(), calls=(EngineCall("rapidocr", at),)) for at in (1, 2))
    (found,) = _with_all_calls([kept], [lost, kept])
    assert [call.milliseconds for call in found.calls] == [1, 2]


def test_a_reading_tells_which_engines_were_asked_for_it(chain: Chain) -> None:
    (found,) = read_photo(as_bytes(draw_card()), chain)
    assert (found.calls[0].engine, found.calls[0].failure) == ("rapidocr", "")
