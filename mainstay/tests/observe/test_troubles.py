"""Errors in the log are told with their kind, their places and their ids, and with nobody's data."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import pytest
import structlog

from mainstay.context import Story, in_request
from mainstay.errors import Conflict
from mainstay.observe import troubles
from mainstay.observe.logs import configure_logging
from mainstay.observe.troubles import Frame, Trouble, scrubbed

SECRET = "ada@shop.example has 4111111111111111"


@pytest.fixture
def told() -> list[Trouble]:
    return []


@pytest.fixture(autouse=True)
def _listening(told: list[Trouble]) -> Iterator[None]:
    """Log as a program does, into nothing, and listen."""
    configure_logging("info", BytesIO())
    with troubles.heard(told.append):
        yield


def fail(failure: Exception) -> None:
    raise failure


def log_failure(failure: Exception, **facts: object) -> None:
    try:
        fail(failure)
    except (LookupError, Conflict):
        structlog.get_logger("bakery").exception("it failed", **facts)


def test_an_error_is_told_with_kind_places_and_ids_and_without_what_it_says(told: list[Trouble]) -> None:
    with in_request("r-1", Story("ada-id", ("bun-id",))):
        log_failure(LookupError(SECRET), job="bakery.bake", customer=SECRET, password=SECRET)

    (trouble,) = told
    assert (trouble.kind, trouble.event, trouble.logger, trouble.level) == (
        *("LookupError", "it failed", "bakery", "error"),
    )
    assert dict(trouble.facts) == {"request_id": "r-1", "actor": "ada-id", "job": "bakery.bake"}
    assert [each.function for each in trouble.frames] == ["log_failure", "fail"]
    assert trouble.frames[-1].file.endswith("test_troubles.py")
    assert SECRET not in str(trouble)
    assert trouble.sentence == ""


def test_a_domain_errors_sentence_is_told(told: list[Trouble]) -> None:
    log_failure(Conflict("The oven is hot."))

    assert (told[0].kind, told[0].sentence) == ("mainstay.errors.Conflict", "The oven is hot.")


def test_the_same_mistake_has_the_same_mark_whatever_it_says_and_whose_it_is(told: list[Trouble]) -> None:
    for number in range(2):
        log_failure(LookupError(f"{number}"), request_id=str(number))
    log_failure(KeyError("another"))
    structlog.get_logger("bakery").error("no exception")

    marks = [each.fingerprint for each in told]
    assert marks[0] == marks[1]
    assert len(set(marks)) == 3
    assert marks[0][0] == "LookupError"
    assert marks[0][1].endswith("test_troubles.py:fail")
    assert marks[3] == ("bakery", "no exception")


def test_the_innermost_place_of_our_own_tells_mistakes_apart_not_the_librarys(told: list[Trouble]) -> None:
    try:
        json.loads("{")
    except ValueError as failure:
        structlog.get_logger("bakery").error("it failed", exc_info=failure)

    assert told[0].frames[-1].is_ours is False
    assert told[0].fingerprint[1].endswith("test_the_innermost_place_of_our_own_tells_mistakes_apart_not_the_librarys")


def test_what_a_compiled_library_was_made_of_is_no_place_of_ours(told: list[Trouble]) -> None:
    """All errors of the database would be the same mistake: asyncpg tells `asyncpg/protocol/protocol.pyx`."""
    compiled: dict[str, Callable[[], None]] = {}
    code = compile("def prepare(): raise OSError", "asyncpg/protocol/protocol.pyx", "exec")
    exec(code, compiled)  # noqa: S102  it is the test's own
    try:
        compiled["prepare"]()
    except OSError as failure:
        structlog.get_logger("bakery").error("it failed", exc_info=failure)

    assert [each.is_ours for each in told[0].frames] == [True, False]
    assert told[0].fingerprint[1].endswith("test_what_a_compiled_library_was_made_of_is_no_place_of_ours")


def test_what_the_database_refuses_is_at_the_place_that_asked() -> None:
    """Otherwise whatever it refuses in the same way, of everybody, is one mistake."""
    carrying = (Frame("mainstay/work.py", 1, "read"), Frame("mainstay/db/watched.py", 2, "fetch"))
    asking = (Frame("shop/service.py", 1, "rates"), Frame("shop/repository.py", 2, "rates"))
    library = Frame("asyncpg/connection.py", 3, "fetch", is_ours=False)
    refused = Trouble("error", "shop", "it failed", "OSError", "", (*asking, *carrying, library), {})

    assert refused.fingerprint == ("OSError", "shop/repository.py:rates")
    assert replace(refused, frames=(*carrying, library)).fingerprint == ("OSError", "mainstay/db/watched.py:fetch")


@pytest.mark.parametrize("level", ["debug", "info", "warning"])
def test_what_is_no_error_is_not_told(told: list[Trouble], level: str) -> None:
    structlog.get_logger("bakery").log(getattr(logging, level.upper()), "all is well")

    assert told == []


def test_what_libraries_log_is_told_without_data(told: list[Trouble]) -> None:
    logging.getLogger("library").error('cannot reach %s for "%s"', "ada@shop.example", "Ada Lovelace")

    assert (told[0].event, told[0].logger) == ("cannot reach … for …", "library")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("undefined is not a function", "undefined is not a function"),
        ("no item 12 of 30", "no item 12 of 30"),
        ("mail to ada.l@shop.example failed", "mail to … failed"),
        ("call +44 20 7946 0958 now", "call … now"),
        ("card 4111 1111 1111 1111", "card …"),
        ("token eyJhbGciOiJIUzI1NiJ9abcdef", "token …"),
        ("id 01926e6a-0000-7000-8000-000000000001", "id …"),
        ('Unexpected "Ada" in “Bob”', "Unexpected … in …"),
        ("a b " * 200, ("a b " * 200)[:300]),
    ],
)
def test_texts_lose_what_may_be_somebodys(text: str, expected: str) -> None:
    assert scrubbed(text) == expected


def test_nobody_is_told_after_the_end() -> None:
    heard: list[Trouble] = []
    with troubles.heard(heard.append):
        pass
    structlog.get_logger("bakery").error("late")

    assert heard == []


def test_frames_that_came_with_the_line_are_taken(told: list[Trouble]) -> None:
    frame = Frame("assets/till.js", 7, "pay")
    structlog.get_logger("browser").error("browser error", kind="TypeError", reported="x is 1234567", frames=(frame,))

    assert (told[0].kind, told[0].frames, told[0].sentence) == ("TypeError", (frame,), "x is …")


def test_what_the_loop_and_the_database_say_of_an_error_is_not_told(told: list[Trouble]) -> None:
    """The loop logs exceptions as they write themselves, PostgreSQL gives the values of a key."""
    logging.getLogger("asyncio").error(
        "Task exception was never retrieved\nfuture: <Task exception=LookupError('Ada Lovelace owes')>"
    )
    logging.getLogger("other").error("duplicate: Key (lower(name), kind)=(Ada Lovelace, person) already exists.")
    logging.getLogger("other").error("cannot take %r from 'Ada Lovelace'", "Ada Lovelace")

    assert [each.event for each in told] == [
        "Task exception was never retrieved",
        "duplicate: Key (lower(name), kind)… already exists.",
        "cannot take … from …",
    ]
