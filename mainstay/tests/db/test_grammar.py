"""Grammars by themselves: what is asked for becomes conditions with numbered parameters, an order and its cursors."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from mainstay import ids
from mainstay.db.grammar import MOST_DAYS, RANGE, Asked, Filter, Grammar, Operator, Order, Parameters, both
from mainstay.db.query import decode_cursor, encode_cursor
from mainstay.errors import InvalidCursor

NOTES = Grammar(
    "SELECT id FROM note WHERE {conditions} ORDER BY {order} LIMIT {limit}",
    both(
        written_at=Order((("note.written_at", "timestamptz"),), ending=(("note.id", "uuid"),)),
        number=Order((("number", "bigint"),), ending=()),
    ),
    "-written_at",
    {
        "kind": Filter(str, "kind", ("in",)),
        "size": Filter(int, "size", ("eq", *RANGE)),
        "word": Filter(str, condition="text LIKE {0} || '%' OR title = {0}"),
        "written_at": Filter(datetime, "written_at", ("gte", "lt"), spelled={"gte": "since"}),
    },
)
BY_DAY = Grammar(
    "",
    {"id": Order()},
    "id",
    {
        "day": Filter(date, "day", ("eq", "gte", "lte")),
        "hour": Filter(int, condition="extract(hour FROM at) = {0}", within="day"),
    },
)
KEY = UUID("01926e6a-0000-7000-8000-000000000001")
MOMENT = datetime(2026, 11, 30, 9, 30, 0, 123456, tzinfo=UTC)


def test_a_first_page_in_the_order_of_the_list() -> None:
    assert NOTES.select(Asked(), None, 50) == (
        "SELECT id FROM note WHERE true AND true ORDER BY note.written_at DESC, note.id DESC LIMIT $1",
        [51],
    )


def test_what_is_asked_for_becomes_numbered_parameters_behind_those_of_the_scope() -> None:
    asked = Asked((("kind", "in", ["a", "b"]), ("size", "gte", 1), ("size", "lt", 9), ("word", "eq", "x")), "number")

    assert NOTES.select(asked, encode_cursor("7"), 10, [("owner_id = {}", KEY)]) == (
        "SELECT id FROM note WHERE owner_id = $1 AND kind = ANY ($2) AND size >= $3 AND size < $4 "
        "AND (text LIKE $5 || '%' OR title = $5) AND (number) > ($6::text::bigint) ORDER BY number LIMIT $7",
        [KEY, ["a", "b"], 1, 9, "x", "7", 11],
    )


def test_keys_are_spelled_with_their_operator_or_as_the_list_says() -> None:
    assert NOTES.parameters == {
        "kind": ("kind", "in"),
        "size": ("size", "eq"),
        **{f"size[{operator}]": ("size", operator) for operator in RANGE},
        "word": ("word", "eq"),
        "since": ("written_at", "gte"),
        "written_at[lt]": ("written_at", "lt"),
    }


def test_what_is_looked_for_within_days_needs_both_ends_of_few_of_them() -> None:
    day = date(2026, 1, 15)

    def unbounded(*days: tuple[Operator, date]) -> str | None:
        conditions = [("day", operator, value) for operator, value in days]
        return BY_DAY.unbounded(Asked((*conditions, ("hour", "eq", 10))))

    assert BY_DAY.unbounded(Asked((("day", "gte", day),))) is None
    assert unbounded() == unbounded(("gte", day)) == unbounded(("lte", day)) == "hour"
    assert unbounded(("eq", day)) is None
    assert unbounded(("gte", day), ("lte", day + timedelta(days=MOST_DAYS - 1))) is None
    assert unbounded(("gte", day), ("lte", day + timedelta(days=MOST_DAYS))) == "hour"


def test_a_page_ends_with_the_cursor_of_its_last_row_while_more_follow() -> None:
    order = NOTES.order(Asked())
    rows = [{"written_at": MOMENT, "id": KEY}, {"written_at": MOMENT, "id": ids.new_id()}]

    shown, cursor = order.page(rows, 1)

    assert shown == rows[:1]
    assert cursor is not None
    assert decode_cursor(cursor, 2) == (MOMENT.isoformat(), str(KEY))
    assert order.read(cursor) == (MOMENT.isoformat(), str(KEY))
    assert order.page(rows, 2) == (rows, None)
    assert order.page([], 2) == ([], None)


def test_each_direction_goes_on_beyond_the_place() -> None:
    order = Order((("price", "numeric"),))
    place = ("1.50", str(KEY))

    assert order.beyond(None, Parameters()) == "true"
    assert order.beyond(place, Parameters()) == "(price, id) > ($1::text::numeric, $2::text::uuid)"
    assert order.turned().beyond(place, Parameters()) == "(price, id) < ($1::text::numeric, $2::text::uuid)"
    assert order.place({"price": Decimal("1.50"), "id": KEY}) == place


@pytest.mark.parametrize(
    ("sort", "place"),
    [("written_at", ("yesterday", str(KEY))), ("written_at", (MOMENT.isoformat(), "x")), ("number", ("1.5",))],
)
def test_a_place_of_another_order_is_no_cursor_of_this_one(sort: str, place: tuple[str, ...]) -> None:
    with pytest.raises(InvalidCursor):
        NOTES.select(Asked(sort=sort), encode_cursor(*place), 1)


def test_an_order_that_is_not_declared_is_never_sorted_by() -> None:
    with pytest.raises(KeyError):
        NOTES.select(Asked(sort="secret"), None, 1)
    with pytest.raises(KeyError):
        NOTES.select(Asked((("secret", "eq", 1),)), None, 1)
    with pytest.raises(KeyError):
        Grammar("", NOTES.sorts, "secret")
