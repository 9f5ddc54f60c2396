"""Every right, and every group of rights, has a name in each language of the web app."""

import json
import re

import pytest

from mainstay.bootstrap.program import Program
from tools.process import ROOT


def names(language: str, key: str) -> set[str]:
    """Return what a message selects by."""
    messages = json.loads((ROOT / "web/src/i18n" / language / "rights.json").read_text(encoding="utf-8"))
    return set(re.findall(r"(\w+) \{", messages[key])) - {"other"}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_right_has_a_name_and_stands_in_a_group_that_has_one(program: Program, language: str) -> None:
    rights = program.roles.all_rights

    assert names(language, "right") == {right.replace(".", "_") for right in rights}
    assert names(language, "group") == {right.partition(".")[0] for right in rights}
