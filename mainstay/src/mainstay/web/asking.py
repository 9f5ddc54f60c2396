"""Asking for a part of a list, in an order: the parameters that a grammar allows, and the refusal of all others.

A list names its grammar in its signature: `asked: Annotated[Asked, asks(SALES)]`. Each key is a parameter of the query
with a type and a description of its own, so the API's description and the clients made from it know them.
"""

from collections.abc import Iterable, Mapping, Sequence
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from mainstay.db.grammar import MOST_DAYS, Asked, Grammar, Operator
from mainstay.errors import FieldProblem, InvalidInput

SORT = "sort"
# Of several values with one key.
MOST_VALUES = 50
MOST_TOLD = 10
_MEANING: Mapping[Operator, str] = {
    "eq": "",
    "in": "; given several times, any of them fits",
    "gte": " or more",
    "gt": ", only what is more",
    "lte": " or less",
    "lt": ", only what is less",
}


class UnknownFilter(InvalidInput):
    """The read knows no such parameter; `known` lists those that it takes."""

    code = "unknown_filter"
    title = "There is no such parameter"


class UnknownOperator(InvalidInput):
    """The list knows the key and does not compare it in this way; `known` lists how it does."""

    code = "unknown_operator"
    title = "The list cannot compare this so"


class UnknownSort(InvalidInput):
    """The list has no such order; `known` lists those that it has."""

    code = "unknown_sort"
    title = "The list cannot be sorted by this"


class UnboundedFilter(InvalidInput):
    """The key is looked for within days, which were not given or are too many; `within` names their key."""

    code = "unbounded_filter"
    title = "The list has to be narrowed down by days first"


def asks(grammar: Grammar) -> Any:  # noqa: ANN401  FastAPI types its markers so
    """Return the dependency that gives what is asked of a list with this grammar."""
    return Depends(Asking(grammar))


class Asking:
    """The dependency that `asks` makes; its signature is the grammar's."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self._triples = [(_argument(name), *named) for name, named in grammar.parameters.items()]
        # Whole lists are asked for most.
        self._wholes = {sort: Asked((), sort) for sort in (None, *grammar.sorts)}
        self._has_sort = len(grammar.sorts) > 1
        self.__signature__ = Signature([_parameter(grammar, name) for name in grammar.parameters] + self._sort())

    async def __call__(self, **values: object) -> Asked:
        """Return what is asked for, for routes that FastAPI's own handler runs."""
        return self.take(values)

    def take(self, values: dict[str, Any]) -> Asked:
        """Return what is asked for, and take it from the values of a query; what is empty is not asked for."""
        conditions: list[tuple[str, Operator, object]] = []
        for argument, key, operator in self._triples:
            value = values.pop(argument)
            if value is not None and value not in ("", []):
                conditions.append((key, operator, value))
        sort = values.pop(SORT) if self._has_sort else None
        return self._bounded(Asked(tuple(conditions), sort)) if conditions else self._wholes[sort]

    def _bounded(self, asked: Asked) -> Asked:
        """Return what is asked for. Raises UnboundedFilter for what would be looked for among everything."""
        key = self.grammar.unbounded(asked)
        if key is None:
            return asked
        within = self.grammar.filters[key].within
        detail = (
            f"{key!r} is looked for within at most {MOST_DAYS} days: give {within}, or {within}[gte] and {within}[lte]."
        )
        problem = FieldProblem(key, UnboundedFilter.code, detail)
        raise UnboundedFilter(detail, errors=[problem], extra={"within": within, "days": MOST_DAYS})

    def _sort(self) -> list[Parameter]:
        grammar = self.grammar
        if not self._has_sort:
            return []
        orders: Any = Literal.__getitem__(tuple(grammar.sorts))
        about = f"The order; with a `-` from its end. Without it {grammar.unsorted or f'`{grammar.default}`'}"
        return [
            Parameter(
                SORT,
                Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[orders | None, Query(description=about)],
            )
        ]


def _argument(name: str) -> str:
    """Return the name of a function's argument for that of a parameter."""
    return name.replace("[", "__").rstrip("]")


def _parameter(grammar: Grammar, name: str) -> Parameter:
    key, operator = grammar.parameters[name]
    declared = grammar.filters[key]
    is_many = operator == "in"
    kind = list[declared.kind] | None if is_many else declared.kind | None  # type: ignore[name-defined]
    about = f"{declared.about or key}{_MEANING[operator]}"
    if declared.within:
        about += f"; together with `{declared.within}`, for at most {MOST_DAYS} days"
    query = Query(alias=name, description=about, max_length=MOST_VALUES if is_many else None)
    return Parameter(_argument(name), Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, query])


class Words:
    """What the query of one read may say: parameters by name, and orders of a list."""

    def __init__(self, names: Iterable[str], grammar: Grammar | None) -> None:
        self.grammar = grammar
        self._names = frozenset(names)

    def check(self, query: Sequence[tuple[str, str]]) -> None:
        """Raise UnknownFilter, UnknownOperator or UnknownSort for what is not known: it would not be done."""
        for name, value in query:
            if name not in self._names:
                raise self._unknown(name)
            if name == SORT and self.grammar is not None and value not in self.grammar.sorts:
                known = sorted(self.grammar.sorts)
                raise UnknownSort(
                    f"This list cannot be sorted by {value[:50]!r}.",
                    errors=[FieldProblem(SORT, UnknownSort.code, f"Use one of {', '.join(known)}.")],
                    extra={"known": known},
                )

    def _unknown(self, name: str) -> InvalidInput:
        key, bracket, _ = name.partition("[")
        like = sorted(each for each in self._names if each.partition("[")[0] == key)
        problem, known = (UnknownOperator, like) if bracket and like else (UnknownFilter, sorted(self._names))
        detail = f"No parameter {name[:50]!r} is taken here."
        return problem(detail, errors=[FieldProblem(name[:50], problem.code, detail)], extra={"known": known})


def grammar_of(route: APIRoute) -> Grammar | None:
    """Return the grammar of a route, None when it has none."""
    found = _asking_in(route.dependant)
    return None if found is None else found.grammar


def _asking_in(dependant: Dependant) -> Asking | None:
    if isinstance(dependant.call, Asking):
        return dependant.call
    return next((found for part in dependant.dependencies if (found := _asking_in(part)) is not None), None)


def names_of(dependant: Dependant) -> set[str]:
    """Return the names of all parameters that a query may have."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*map(names_of, dependant.dependencies))
