"""The language of a card."""

import pytest

from tradepost.crm.cards.fields.language import language_of


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["Kestrel Tools Ltd", "Sales Manager", "14 Foundry Road"], "en"),
        (["Nordwerk GmbH", "Geschäftsführer", "Hauptstraße 7"], "de"),
        (["Atelier du Midi", "Directrice commerciale", "14 rue du Moulin"], "fr"),
        (["ООО «Гранит»", "Главный инженер", "info@granit.example"], "ru"),
        (["QZX", "12"], ""),
        ([], ""),
    ],
)
def test_the_language_follows_the_clues(texts: list[str], language: str) -> None:
    assert language_of(texts) == language
