"""Contacts of any shape, for tests that send them through files and expect them back."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from hypothesis import strategies as st

from tradepost.crm.exchange.entry import Read, Rejected
from tradepost.crm.exchange.normal import normal
from tradepost.crm.exchange.record import (
    ContactRecord,
    Email,
    ForeignProperty,
    Kind,
    Phone,
    PhoneKind,
    PlaceKind,
    PostalAddress,
    Website,
)
from tradepost.crm.exchange.sheet.layout import SheetLayout
from tradepost.crm.exchange.sheet.reader import SheetReader

T = TypeVar("T")
LINES = st.text(st.one_of(st.characters(), st.sampled_from("аяé日\u200f\u0301 \t;,:\\\"'^=\n\r@+")), max_size=30)
_PLACES: st.SearchStrategy[PlaceKind] = st.sampled_from(("work", "home", "other"))
_PHONES: st.SearchStrategy[PhoneKind] = st.sampled_from(("work", "mobile", "home", "fax", "pager", "other"))
_KINDS: st.SearchStrategy[Kind] = st.sampled_from(("person", "company"))
_E164 = st.none() | st.integers(1_000_000, 10**15 - 1).map(lambda number: f"+{number}")
FOREIGN = st.builds(
    "{}{}{}:{}".format,
    st.sampled_from(("", "item1.", "item2.")),
    st.sampled_from(("X-SKYPE", "NICKNAME", "x-ABDATE")),
    st.sampled_from(("", ";TYPE=pref", ';X-A="b;c",d')),
    st.sampled_from(("", "a\\,b", "日本 ; x", "x" * 200)),
)


def contacts() -> st.SearchStrategy[ContactRecord]:
    """Return contacts with any text in any field, in the normal form."""
    built = st.builds(
        ContactRecord,
        name=LINES,
        kind=_KINDS,
        given=LINES,
        family=LINES,
        middle=LINES,
        prefix=LINES,
        suffix=LINES,
        company=LINES,
        title=LINES,
        department=LINES,
        language=st.sampled_from(("", "de", "zh-Hant")),
        notes=LINES,
        uid=st.sampled_from(("", "urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1", "a;b", "http://x/?a=1,2")),
        phones=_some(st.builds(Phone, LINES, _E164, _PHONES)),
        emails=_some(st.builds(Email, LINES, _PLACES)),
        websites=_some(st.builds(Website, LINES)),
        addresses=_some(
            st.builds(PostalAddress, LINES, street=LINES, postcode=LINES, city=LINES, region=LINES, kind=_PLACES)
        ),
        tags=_some(LINES),
        foreign=_some(st.builds(ForeignProperty, FOREIGN)),
    )
    return built.map(normal).filter(lambda record: bool(record.name))


def _some(values: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(values, max_size=3).map(tuple)


def read_sheet(pieces: Iterable[bytes], layout: SheetLayout) -> Iterator[Read | Rejected]:
    """Yield what comes of each row of a sheet that arrives in pieces."""
    reader = SheetReader(layout, most_rows=100_000)
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.end()
