"""Every job and every schedule of the program has a name that people can read, in both languages."""

import json
from pathlib import Path

import pytest

from mainstay.worker.upkeep import UPKEEP
from tradepost.main import make_program

CATALOGUES = Path(__file__).parents[3] / "web" / "src" / "i18n"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_all_that_is_done_in_the_background_is_named(language: str) -> None:
    program = make_program()
    names = [job.name for job in program.jobs] + [each.name for each in (*program.schedules, *UPKEEP)]
    done = {name.replace(".", "_") for name in names}

    named = json.loads((CATALOGUES / language / "queue.json").read_text(encoding="utf-8"))["names"]

    assert set(named) == done
