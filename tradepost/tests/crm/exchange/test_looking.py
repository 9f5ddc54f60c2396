"""What is seen of a file without taking it in."""

import pytest

from tradepost.crm.exchange.entry import ExchangeProblem, Read
from tradepost.crm.exchange.looking import LONGEST_SAMPLE, Look, SheetColumn, look_at
from tradepost.crm.exchange.sheet.target import GUESSED, Chosen

CARD = b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zo\xc3\xab\r\nEND:VCARD\r\n"


def names(look: Look) -> list[str]:
    """Return the names of the contacts."""
    return [one.record.name for one in look.file.entries if isinstance(one, Read)]


def test_each_column_says_what_stands_in_it_and_what_it_is_taken_for() -> None:
    look = look_at(f"Name;Wer\nAnn;\nBob;x\n\nAnn;{'y' * 200}\nCid;x\nDan;z".encode(), 9, GUESSED)
    assert look.columns == [
        SheetColumn("Name", ["Ann", "Bob", "Cid"], "name", "name"),
        SheetColumn("Wer", ["x", "y" * LONGEST_SAMPLE, "z"], "-", "-"),
    ]
    assert (names(look), look.problem) == (["Ann", "Bob", "Ann", "Cid", "Dan"], None)


def test_a_table_in_which_nothing_names_a_contact_shows_its_columns_until_fields_are_chosen() -> None:
    table = b"Wer,Wo\nAnn,Brest\n"
    look = look_at(table, 9, GUESSED)
    assert [column.heading for column in look.columns] == ["Wer", "Wo"]
    assert look.problem is not None
    assert names(look) == []

    chosen = look_at(table, 9, Chosen.of("name,city", has_header=True))
    assert ([column.field for column in chosen.columns], chosen.problem) == (["name", "city"], None)
    assert names(chosen) == ["Ann"]


def test_a_first_row_that_is_an_entry_is_not_lost() -> None:
    look = look_at(b"Ann,Brest\nBob,Paris\n", 9, Chosen.of("name,-", has_header=False))
    assert [column.samples for column in look.columns] == [["Ann", "Bob"], ["Brest", "Paris"]]
    assert names(look) == ["Ann", "Bob"]


@pytest.mark.parametrize(("table", "sentence"), [(b"Name\nA\nB\n", "more than 1 rows"), (b"Name\n", "no contacts")])
def test_what_no_choice_can_help_is_said_beside_the_columns(table: bytes, sentence: str) -> None:
    look = look_at(table, 1, GUESSED)
    assert len(look.columns) == 1
    assert sentence in (look.problem or "")


@pytest.mark.parametrize("content", [b"%PDF-1.7", b""])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(ExchangeProblem):
        look_at(content, 1, GUESSED)


def test_cards_have_no_columns() -> None:
    look = look_at(CARD, 1, Chosen.of("name", has_header=False))
    assert (look.columns, look.problem, look.file.chosen, names(look)) == ([], None, GUESSED, ["Zoë"])


def test_what_is_chosen_as_it_is_guessed_is_no_choice() -> None:
    """Rule 35: the same reading of the same file is the same import."""
    assert look_at(b"Name,Wo\nA,B\n", 1, Chosen.of("name,-", has_header=True)).file.chosen == GUESSED
