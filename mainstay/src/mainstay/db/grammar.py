"""What a list can be narrowed down to and sorted by, declared once beside its statement: these keys, no others.

From a `Grammar` come the parameters of the route (`mainstay.web.asking`), the conditions, the order and its cursors.
Text of a caller's never becomes SQL: keys choose among what is declared, values are numbered parameters.
Why so: docs/decisions/0058-filters-and-orders.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from mainstay.db.query import decode_cursor, encode_cursor, foreign_cursor

Operator = Literal["eq", "in", "gte", "gt", "lte", "lt"]
# From a value on, and up to another that is left out itself: what days, months and pages of them are made of.
SPAN: tuple[Operator, ...] = ("gte", "lt")
RANGE: tuple[Operator, ...] = ("gte", "gt", "lte", "lt")
# What is found by its days alone is looked for in so many of them.
MOST_DAYS = 92
# A whole number that PostgreSQL has.
Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]

_SIGNS: Mapping[Operator, str] = {
    "eq": "{} = {}",
    "in": "{} = ANY ({})",
    "gte": "{} >= {}",
    "gt": "{} > {}",
    "lte": "{} <= {}",
    "lt": "{} < {}",
}
# What a place is written with, by the type of the expression that sorts: whatever cannot be read is no place.
_READERS: Mapping[str, Callable[[str], object]] = {
    "bigint": int,
    "boolean": str,
    "integer": int,
    "numeric": Decimal,
    "text": str,
    "timestamptz": datetime.fromisoformat,
    "uuid": UUID,
}


@dataclass(slots=True)
class Parameters:
    """The parameters of a statement, numbered as they are added."""

    values: list[object] = field(default_factory=list)

    def add(self, value: object) -> str:
        """Add a value and return its placeholder."""
        self.values.append(value)
        return f"${len(self.values)}"


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by: (expression, type) pairs, all in one direction, unique together and never NULL.

    `ending` is what makes them unique; an order by something unique has none.
    """

    keys: tuple[tuple[str, str], ...] = ()
    is_descending: bool = False
    ending: tuple[tuple[str, str], ...] = (("id", "uuid"),)

    @property
    def all(self) -> tuple[tuple[str, str], ...]:
        """The keys with what makes them unique."""
        return (*self.keys, *self.ending)

    @property
    def columns(self) -> tuple[str, ...]:
        """The expressions of all keys."""
        return tuple(expression for expression, _ in self.all)

    @property
    def clause(self) -> str:
        """What follows ORDER BY."""
        return ", ".join(f"{key}{' DESC' if self.is_descending else ''}" for key in self.columns)

    def turned(self) -> "Order":
        """Return the same order from its end."""
        return Order(self.keys, not self.is_descending, self.ending)

    def beyond(self, after: Sequence[str] | None, parameters: Parameters) -> str:
        """Return the condition for what follows the place `after`, in either direction."""
        if after is None:
            return "true"
        pairs = zip(after, (kind for _, kind in self.all), strict=True)
        values = ", ".join(f"{parameters.add(text)}::text::{kind}" for text, kind in pairs)
        return f"({', '.join(self.columns)}) {'<' if self.is_descending else '>'} ({values})"

    def read(self, cursor: str | None) -> tuple[str, ...] | None:
        """Return the place in a cursor, None for the first page. Raises InvalidCursor for one of another order."""
        if cursor is None:
            return None
        place = decode_cursor(cursor, len(self.all))
        try:
            for text, (_, kind) in zip(place, self.all, strict=True):
                _READERS[kind](text)
        except (ValueError, ArithmeticError) as failure:
            raise foreign_cursor() from failure
        return place

    def place(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Return where a row stands, by its columns that are called as what sorts."""
        return tuple(_text(row[expression.rpartition(".")[2]]) for expression in self.columns)

    def page(self, rows: Sequence[Mapping[str, Any]], size: int) -> tuple[list[Mapping[str, Any]], str | None]:
        """Return the page of `size` rows, of which one more was read, and the cursor of the next page if there is one.

        Raises KeyError for rows that do not have the columns that sort them.
        """
        shown = list(rows[:size])
        return shown, encode_cursor(*self.place(shown[-1])) if len(rows) > size else None


def both(**orders: Order) -> dict[str, Order]:
    """Return orders by their keys, each from its end too, with a `-` before the key."""
    return orders | {f"-{key}": order.turned() for key, order in orders.items()}


@dataclass(frozen=True, slots=True)
class Filter:
    """A key that a list can be narrowed down by: values of the type `kind` compared with the SQL expression `column`.

    With the operator `in` the key may be given several times, any of which fits. `condition`, with a `{0}` for the
    value, stands for what is not such a comparison. `spelled` has parameters with names of their own. `within` names
    the key, days, that finds what this one is compared with, where no index of its own would be worth its price: it is
    asked for together with this, for a span of at most `MOST_DAYS` days.
    """

    kind: Any
    column: str = ""
    operators: tuple[Operator, ...] = ("eq",)
    about: str = ""
    condition: str = ""
    spelled: Mapping[Operator, str] = field(default_factory=dict)
    within: str = ""

    def parameter(self, key: str, operator: Operator) -> str:
        """Return how the query of an address says it."""
        return self.spelled.get(operator, key if operator in {"eq", "in"} else f"{key}[{operator}]")

    def fits(self, operator: Operator, value: object, parameters: Parameters) -> str:
        """Return the condition that a value is compared by."""
        placeholder = parameters.add(value)
        if self.condition:
            return f"({self.condition.format(placeholder)})"
        return _SIGNS[operator].format(self.column, placeholder)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller asks of a list: (key, operator, value) triples of its grammar, and an order, None for its own."""

    conditions: tuple[tuple[str, Operator, object], ...] = ()
    sort: str | None = None

    def span(self, key: str) -> int | None:
        """Return how many days, from the first to the last, a key of days is asked for; None without both ends."""
        days: dict[Operator, list[date]] = {"eq": [], "gte": [], "lte": []}
        for each, operator, value in self.conditions:
            if each == key and isinstance(value, date):
                days[operator].append(value)
        first, last = (days["eq"] + days[operator] for operator in ("gte", "lte"))
        return (min(last) - max(first)).days + 1 if first and last else None


Scope = Sequence[tuple[str, object]]


@dataclass(frozen=True, eq=False)
class Grammar:
    """The allowed keys of one list, and its statement with places for `{conditions}`, `{order}` and `{limit}`.

    A list that puts its statement together itself has an empty one, and takes keys and orders from here. `bounded` is
    the reason why its table stays small, so that it needs no indexes, `unsorted` what comes first when no order is
    asked for, where that is another than the default.
    """

    statement: str
    sorts: Mapping[str, Order]
    default: str
    filters: Mapping[str, Filter] = field(default_factory=dict)
    bounded: str = ""
    unsorted: str = ""

    def __post_init__(self) -> None:
        """Raise KeyError for a default order that is not among the orders."""
        self.sorts[self.default]

    @cached_property
    def parameters(self) -> dict[str, tuple[str, Operator]]:
        """The key and the operator of each parameter of a query."""
        return {
            each.parameter(key, operator): (key, operator)
            for key, each in self.filters.items()
            for operator in each.operators
        }

    def order(self, asked: Asked) -> Order:
        """Return what is to be sorted by."""
        return self.sorts[asked.sort or self.default]

    def unbounded(self, asked: Asked) -> str | None:
        """Return a key that is asked for without the days within which it is looked for, None when there is none."""
        for key, _, _ in asked.conditions:
            within = self.filters[key].within
            if within and ((days := asked.span(within)) is None or days > MOST_DAYS):
                return key
        return None

    def conditions(self, asked: Asked, scope: Scope, parameters: Parameters) -> str:
        """Return the condition for what fits and lies within the `scope`: the list's own, with their values."""
        found = [condition.format(parameters.add(value)) for condition, value in scope]
        found += [self.filters[key].fits(operator, value, parameters) for key, operator, value in asked.conditions]
        return " AND ".join(found) or "true"

    def select(self, asked: Asked, cursor: str | None, size: int, scope: Scope = ()) -> tuple[str, list[object]]:
        """Return the SQL and the parameters of a page and one row more. Raises InvalidCursor."""
        parameters, order = Parameters(), self.order(asked)
        conditions = self.conditions(asked, scope, parameters)
        beyond = order.beyond(order.read(cursor), parameters)
        return (
            self.statement.format(
                conditions=f"{conditions} AND {beyond}", order=order.clause, limit=parameters.add(size + 1)
            ),
            parameters.values,
        )


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
