"""The settings go into an archive, and no secret with them."""

import json

from mainstay.bootstrap.program import Program
from mainstay.modules.backup.service.sources import plain_settings


def test_settings_are_told_by_section_and_secrets_are_not(program: Program) -> None:
    configuration = program.configuration()

    text = plain_settings(configuration)

    found = json.loads(text)
    assert found["backup"]["daily"] == 2
    assert found["mail"]["sender"] == "desk@shop.example"
    assert "secret_key" not in found["program"]
    assert "key" not in found["backup"]
    assert b"wet paint" not in text
    assert b"smtp://" not in text
