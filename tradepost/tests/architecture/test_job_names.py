"""Every job and every schedule has a name that people can read, in both languages, and its place in the queue."""

import json
from pathlib import Path

import pytest

from mainstay.messages.job import BEHIND, LETTERS, LONG, URGENT
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


def test_letters_go_before_everything_and_what_takes_long_has_a_queue_of_its_own() -> None:
    """Somebody who signs in waits for a letter; nobody does for a sweep. The worker keeps to it: test_runner_queues."""
    program = make_program()
    urgent = {job.name for job in program.jobs if job.priority >= URGENT}
    behind = {job.name for job in program.jobs if job.priority <= BEHIND}
    behind |= {schedule.name for schedule in program.schedules if schedule.priority <= BEHIND}
    long = {job.name for job in program.jobs if job.queue == LONG}
    long |= {schedule.name for schedule in program.schedules if schedule.queue == LONG}

    assert urgent == {job.name for job in program.jobs if job.queue == LETTERS}
    assert urgent >= {"mail.deliver", "identity.answer_reset_request", "identity.announce_sign_up"}
    assert behind >= {"crm.read_photo", "crm.scan", "files.sweep", "catalog.tidy", "identity.forget_the_old"}
    assert long == {
        *("catalog.import_sheet", "crm.read_file", "crm.read_photo", "crm.scan", "files.make_forms", "backup.make"),
        *("files.sweep", "catalog.tidy", "crm.scan_card_file"),
    }
