"""Lines from Google's answer: breaks, neighbours, places, certainty, and which way up they lie."""

import json

import numpy as np
import pytest
from vision_answers import Printed, answer, answer_for_card

from tradepost.crm.cards.engines.port import TextLine
from tradepost.crm.cards.engines.vision_format import Answer, TextAnnotation
from tradepost.crm.cards.engines.vision_lines import lines_of, quarters_to_upright
from tradepost.crm.cards.quad import Quad


def annotation(content: bytes) -> TextAnnotation:
    found = Answer.model_validate_json(content).responses[0].full_text_annotation
    assert found is not None
    return found


def lines(*words: Printed) -> list[TextLine]:
    """Return the lines of one paragraph."""
    return lines_of(annotation(answer([words])), "google_vision")


def texts(*words: Printed) -> list[str]:
    return [line.text for line in lines(*words)]


def test_spaces_stand_where_the_answer_has_them() -> None:
    phone = Printed("+44", (0, 0, 40, 20)), Printed("(", (50, 0, 54, 20), ""), Printed("0", (55, 0, 65, 20), "")
    assert texts(*phone, Printed(")20", (66, 0, 99, 20), "LINE_BREAK")) == ["+44 (0)20"]


def test_a_line_ends_where_the_answer_says_so() -> None:
    first = Printed("Kestrel", (0, 0, 90, 20), "EOL_SURE_SPACE"), Printed("Tools", (0, 30, 60, 50), "LINE_BREAK")
    assert texts(*first, Printed("Leeds", (0, 60, 60, 80), "")) == ["Kestrel", "Tools", "Leeds"]


def test_a_line_ends_where_the_answer_says_so_though_the_next_word_stands_beside_it() -> None:
    """Two columns: the next word begins on the same level, near by."""
    assert texts(Printed("Kestrel", (0, 0, 90, 20), "LINE_BREAK"), Printed("Leeds", (110, 0, 170, 20), "")) == [
        "Kestrel",
        "Leeds",
    ]


def test_a_hyphen_that_parts_a_word_is_printed_though_it_is_no_letter() -> None:
    assert texts(Printed("Vertriebs", (0, 0, 90, 20), "HYPHEN"), Printed("leiter", (0, 30, 60, 50))) == [
        "Vertriebs-",
        "leiter",
    ]


def test_words_far_apart_are_two_lines_and_a_wide_space_is_none() -> None:
    left, near, far = (
        Printed("Tel", (0, 0, 40, 20)),
        Printed("020", (80, 0, 120, 20)),
        Printed("Fax", (300, 0, 340, 20)),
    )
    assert texts(left, near, far) == ["Tel 020", "Fax"]


def test_words_one_below_the_other_are_two_lines_without_a_break_between_them() -> None:
    assert texts(Printed("Kestrel", (0, 0, 90, 20), ""), Printed("Tools", (0, 25, 60, 45), "")) == ["Kestrel", "Tools"]


def test_words_that_run_to_the_left_stay_one_line() -> None:
    assert texts(Printed("שלום", (60, 0, 100, 20)), Printed("עולם", (0, 0, 50, 20))) == ["שלום עולם"]


def test_a_break_before_a_word_counts_too() -> None:
    content = json.loads(answer([[Printed("Odalys", (0, 0, 60, 20), ""), Printed("Fennimore", (70, 0, 160, 20), "")]]))
    words = content["responses"][0]["fullTextAnnotation"]["pages"][0]["blocks"][0]["paragraphs"][0]["words"]
    words[1]["symbols"][0]["property"] = {"detectedBreak": {"type": "SPACE", "isPrefix": True}}
    (line,) = lines_of(annotation(json.dumps(content).encode()), "google_vision")
    assert line.text == "Odalys Fennimore"


def test_a_corner_without_x_or_y_lies_at_nought() -> None:
    (line,) = lines(Printed("Kestrel", (0, 0, 90, 20)))
    assert line.quad == Quad.box(0, 0, 90, 20)


def test_a_line_lies_around_all_its_words() -> None:
    (line,) = lines(Printed("Kestrel", (10, 12, 90, 40)), Printed("Tools", (100, 10, 160, 38)))
    assert np.allclose(line.quad.corners, Quad.box(10, 10, 160, 40).corners, atol=2.5)


def test_longer_words_weigh_more_in_the_certainty() -> None:
    short, long = Printed("a", (0, 0, 10, 20), confidence=0.2), Printed("bbb", (20, 0, 50, 20), confidence=1.0)
    assert lines(short, long)[0].confidence == pytest.approx(0.8)


def test_a_word_without_certainty_has_that_of_its_letters_or_none() -> None:
    content = json.loads(answer([[Printed("ab", (0, 0, 20, 20), "LINE_BREAK"), Printed("cd", (0, 30, 20, 50), "")]]))
    first, second = content["responses"][0]["fullTextAnnotation"]["pages"][0]["blocks"][0]["paragraphs"][0]["words"]
    del first["confidence"], second["confidence"]
    first["symbols"][0]["confidence"] = 0.5
    for symbol in second["symbols"]:
        del symbol["confidence"]
    found = lines_of(annotation(json.dumps(content).encode()), "google_vision")
    assert [line.confidence for line in found] == [pytest.approx(0.74), 0.0]


def test_a_bar_code_is_no_print_and_a_word_without_a_place_is_passed_over() -> None:
    words = [Printed("Kestrel", (0, 0, 90, 20))]
    content = json.loads(answer([words, words, words]))
    blocks = content["responses"][0]["fullTextAnnotation"]["pages"][0]["blocks"]
    blocks[0]["blockType"] = "BARCODE"
    del blocks[1]["paragraphs"][0]["words"][0]["boundingBox"]
    assert len(lines_of(annotation(json.dumps(content).encode()), "google_vision")) == 1


@pytest.mark.parametrize("turned", [0, 1, 2, 3])
def test_the_order_of_corners_tells_which_way_up_a_card_lies(turned: int) -> None:
    found = lines_of(annotation(answer_for_card(quarters=turned)), "google_vision")
    assert quarters_to_upright(found) == -turned % 4


def test_print_along_the_side_does_not_turn_the_card() -> None:
    across, down = TextLine(Quad.box(0, 0, 200, 20), "", 1, ""), TextLine(Quad.box(0, 0, 100, 20), "", 1, "")
    (a, b, c, d) = down.quad.corners
    along_the_side = TextLine(Quad((b, c, d, a)), "", 1, "")
    assert quarters_to_upright([across, along_the_side]) == 0
    assert quarters_to_upright([]) == 0
