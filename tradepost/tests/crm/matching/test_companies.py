"""Companies without their legal form."""

import pytest

from tradepost.crm.matching.companies import core_words


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("ООО «Ромашка»", ("romashka",)),
        ("Romashka LLC", ("romashka",)),
        ("Müller & Söhne GmbH & Co. KG", ("muller", "sohne")),
        ("Dupont S.A.R.L.", ("dupont",)),
        ("Horvat d. o. o.", ("horvat",)),
        ("ТОВ Каштан", ("kashtan",)),
        ("Балкан ЕООД", ("balkan",)),
        ("J. Smith Ltd.", ("j", "smith")),
        ("", ()),
    ],
)
def test_the_legal_form_is_no_part_of_the_name(written: str, core: tuple[str, ...]) -> None:
    assert core_words(written) == core


def test_a_name_of_nothing_but_legal_forms_keeps_its_words() -> None:
    assert core_words("AG Co") == ("ag", "co")
