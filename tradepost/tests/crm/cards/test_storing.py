"""Readings go into a database and come back the same; nothing else comes back."""

import json
from dataclasses import replace

import pytest
from cards_read import reading, with_address
from pydantic import ValidationError

from tradepost.crm.cards.storing import as_json, from_json
from tradepost.crm.exchange.record import ContactRecord, Phone


def test_readings_come_back_as_they_were() -> None:
    coded = ContactRecord(name="Zoë", phones=(Phone("12", None, "fax"),))
    readings = [with_address(reading(), "14 Foundry Lane"), replace(reading(code="BEGIN:VCARD"), coded=coded)]
    assert from_json(json.loads(json.dumps(as_json(readings)))) == readings


def test_null_characters_that_no_database_takes_are_gone() -> None:
    assert "\\u0000" not in json.dumps(as_json([reading(code="MECARD:\0N:Zoë;;")]))


def test_anything_else_is_refused_and_what_it_was_is_not_told() -> None:
    with pytest.raises(ValidationError) as refused:
        from_json([{"name": "Odalys Fennimore"}])
    assert "Odalys" not in str(refused.value)
