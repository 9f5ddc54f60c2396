"""Of what took long a sample of each place and statement stays, for an hour, and no more than so many."""

from mainstay import clock, context
from mainstay.observe.slowest import KEPT, Slowest
from mainstay.observe.statements import Tally

NOW = clock.monotonic()


def tally(text: str = "", seconds: float = 0.0) -> Tally:
    made = Tally(1.0)
    if text:
        made.note(text, seconds)
        made.note("SELECT 'quicker'", seconds / 2)
    return made


def test_of_each_place_the_slowest_is_kept_with_its_request() -> None:
    slowest = Slowest()
    for number, seconds in enumerate((0.2, 0.5, 0.3)):
        context.request_id.set(f"request-{number}")
        slowest.take("GET /a", NOW, seconds, tally("SELECT\n  a", seconds / 2))
    slowest.take("GET /b", NOW, 0.7, tally())

    assert [(each.place, each.seconds) for each in slowest.requests()] == [("GET /b", 0.7), ("GET /a", 0.5)]
    assert slowest.requests()[1].request_id == "request-1"
    (statement,) = slowest.statements()
    assert (statement.place, statement.statement, statement.seconds) == ("GET /a", "SELECT a", 0.25)
    assert statement.request_id == "request-1"


def test_no_more_than_so_many_are_kept_and_the_quickest_go() -> None:
    slowest = Slowest(most=2)
    for place, seconds in (("a", 0.3), ("b", 0.1), ("c", 0.2), ("d", 0.05), ("b", 0.4)):
        slowest.take(place, NOW, seconds, tally())

    assert [each.place for each in slowest.requests()] == ["b", "a"]


def test_what_is_older_than_an_hour_makes_room_for_quicker_ones() -> None:
    slowest = Slowest(most=1)
    slowest.take("a", NOW, 9.0, tally("SELECT 1", 9.0))
    slowest.take("b", NOW + KEPT - 1, 0.1, tally("SELECT 2", 0.1))
    first = slowest._requests.floor
    slowest.take("b", NOW + KEPT + 61, 0.1, tally("SELECT 2", 0.1))

    assert first == 9.0
    assert slowest._requests.floor == 0.1
    assert slowest._statements.floor == 0.1
