"""A fuzzer that finds every planted mistake, nothing where none is, and the same again."""

import pytest

from mainstay.testing.fuzz.cases import Case
from mainstay.testing.fuzz.run import Fuzzer

SEED = 7
# Each mutant by its operation, where it is open, and what must be said of it.
MISTAKES = [
    ("planted_sql", "query q", "what was sent is part of a statement"),
    ("planted_sql", "query q", "it answered 500"),
    ("planted_quoted", "query q", "what was sent is part of a statement"),
    ("planted_crash", "field name", "it answered 500"),
    ("planted_nested", "body", "it answered 500"),
    ("planted_unlisted", "query count", "it answered 202, and describes 200"),
    ("planted_shape", "query count", "its answer does not have the shape it describes"),
    ("planted_refusal", "query q", "its error is b'application/json' instead of application/problem+json"),
    ("planted_header", "query q", "its header x-searched holds what was sent"),
    ("planted_trace", "query q", "its error shows the program's insides: Traceback"),
    ("planted_template", "query q", "it calculated what was sent"),
    ("planted_file", "query q", "it read a file of the system"),
    ("planted_redirect", "query q", "its header location holds what was sent"),
    ("planted_page", "query q", "its page holds what was sent"),
]


def cases(fuzzer: Fuzzer, operation: str, place: str, count: int) -> list[Case]:
    """Return the first cases that attack an operation at one place."""
    places = fuzzer.maker.targets[operation].places
    first = [str(each) for each in places].index(place)
    return [Case(operation, number, SEED) for number in range(first, first + count * len(places), len(places))]


@pytest.mark.practice(8, 10)
@pytest.mark.parametrize(("operation", "place", "sentence"), MISTAKES)
async def test_a_planted_mistake_is_found(fuzzer: Fuzzer, operation: str, place: str, sentence: str) -> None:
    for case in cases(fuzzer, operation, place, 600):
        report = await fuzzer.run([case])
        if sentence in str(report):
            return

    raise AssertionError("It was not found.")


async def test_where_no_mistake_is_nothing_is_found(fuzzer: Fuzzer) -> None:
    report = await fuzzer.run([Case("planted_sound", number, SEED) for number in range(400)])

    assert report.findings == []
    assert (report.cases, report.operations, report.worked) == (400, {"planted_sound"}, {"planted_sound"})
    assert {201, 400, 401, 415, 422} <= report.statuses.keys()


async def test_a_finding_says_what_was_sent_and_the_same_case_finds_it_again(fuzzer: Fuzzer) -> None:
    found = (await fuzzer.run(cases(fuzzer, "planted_crash", "field name", 30))).findings[0]
    case = Case.parse(str(found).split(" ")[0])

    again = await fuzzer.run([case])

    assert case == found.case
    assert [finding.request for finding in again.findings] == [found.request]
    assert "POST /api/v1/planted/crash" in str(again)
    assert str(again).startswith(
        "1 cases, 1 places, 1 operations, 0 of them did something: 500 1x\nFOUND planted_crash:"
    )


async def test_what_a_case_does_is_undone(fuzzer: Fuzzer) -> None:
    write = [Case("planted_keep", 0, SEED)]

    reports = [await fuzzer.run(write), await fuzzer.run(write)]

    assert [report.statuses for report in reports] == [{201: 1}, {201: 1}]


async def test_things_to_attack_are_made_and_stay(fuzzer: Fuzzer) -> None:
    made = await fuzzer.prepare()

    assert "planted_keep" in made
    assert (await fuzzer.run([Case("planted_keep", 0, SEED)])).statuses == {409: 1}
    assert (await fuzzer.run([Case("planted_show", 0, SEED)])).worked == {"planted_show"}


async def test_operations_may_be_left_out(fuzzer: Fuzzer) -> None:
    report = await fuzzer.run([Case("planted_crash", 0, SEED)], without=frozenset({"planted_crash"}))

    assert report.cases == 0
