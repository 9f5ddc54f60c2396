"""The folded texts of a contact."""

from tradepost.crm.matching.search_text import Searched, search_text


def test_each_word_stands_once_between_spaces_and_names_are_apart_from_the_rest() -> None:
    """Rule 33: transliteration is a key."""
    known = Searched(
        name="Иван Müller",
        company="Quay & Sons",
        names=("Ivan", "Head of Buying"),
        texts=("Met Ivan at the fair", ""),
        digits=("33123456789", "0123456789", "33123456789"),
    )
    found = search_text(known)
    assert found.alike == " ivan muller quay sons head of buying "
    assert found.search == " ivan muller quay sons head of buying met at the fair 33123456789 0123456789 "
    assert (found.name_key, found.company_key) == ("ivan muller", "quay sons")


def test_a_name_without_letters_has_an_empty_key_and_a_long_one_a_short_one() -> None:
    assert search_text(Searched("★★★", "", (), (), ())).name_key == ""
    assert len(search_text(Searched("ﷺ" * 300, "x" * 300, (), (), ())).name_key) == 200
