"""Paging: the two parameters of every list that is given in pages, and the check of each cursor before it is used.

A list is a route with the parameter `cursor: Cursor = None`. What it hands on is signed by `mainstay.db.query`.
"""

from functools import lru_cache
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Query
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.types import Scope

from mainstay.db.query import Listing, listing
from mainstay.keyring import Keyring
from mainstay.web.asking import Words

CURSOR = Query(
    max_length=2000,
    description="`next_cursor` of the page before; it goes on in the same list, with the same filters and order",
)
Cursor = Annotated[str | None, CURSOR]
Limit = Annotated[int, Query(ge=1, description="At most 200 are given")]

NAME = "cursor"
# A page may be of another size than the one before it, and show other fields.
_OF_A_PAGE = frozenset({NAME, "limit", "fields"})


def is_list(route: APIRoute) -> bool:
    """Whether `route` is given in pages."""
    return _has_cursor(route.dependant)


def _has_cursor(dependant: Dependant) -> bool:
    return any(field.alias == NAME for field in dependant.query_params) or any(map(_has_cursor, dependant.dependencies))


def enter_list(scope: Scope, keyring: Keyring, actor: object) -> None:
    """Make the list of a request the one in hand, for `actor`.

    Raises InvalidCursor for a cursor of another list, and what `Words.check` does.
    """
    asked, cursor = _read(scope["query_string"], scope["route"].words)
    present = Listing(keyring, repr((scope["path"], asked, actor)))
    if cursor is not None:
        present.check(cursor)
    listing.set(present)


def check_words(scope: Scope) -> None:
    """Raise what `Words.check` does for a read that is not given in pages."""
    words: Words | None = scope["route"].words
    if words is not None and scope["query_string"]:
        words.check(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))


# First pages, which are asked for most, are asked for in the same words again and again.
@lru_cache(maxsize=256)
def _read(text: bytes, words: Words) -> tuple[tuple[tuple[str, str], ...], str | None]:
    """Return what a query asks for, in an order of its own, and the cursor that it brings."""
    query = parse_qsl(text.decode("latin-1"), keep_blank_values=True)
    words.check(query)
    asked = tuple(sorted(each for each in query if each[0] not in _OF_A_PAGE))
    # Of several values the last one holds, as for every parameter.
    return asked, dict(query).get(NAME)
