"""What of a contact is personal, and what whoever may not see that is shown instead: the one place that decides it.

Phones, e-mail addresses, pages, postal addresses and notes are for those with the right `crm.see_personal`. Names,
companies, titles and tags are for everybody who may see contacts. Why so: docs/decisions/0033-limits-of-rights.md.
"""

from collections.abc import Collection, Mapping
from typing import Final

from mainstay.errors import JsonValue
from mainstay.work import Actor, Row
from tradepost.crm.permissions import SEE_PERSONAL
from tradepost.crm.repository.search import Wanted

# By name in a contact, with what is there instead; what a file brought may hold anything.
BLANK: Final[Mapping[str, object]] = {
    "phones": [],
    "emails": [],
    "websites": [],
    "addresses": [],
    "notes": "",
    "foreign_properties": [],
    "uid": None,
}
# What the story of a contact tells besides the fields that changed: where it came from, tags, merges, owners.
_TOLD = ("source", "kind", "name", "merge_id", "merged", "owner", "owner_before")


def is_seen(actor: Actor) -> bool:
    """Whether the actor may see what is personal."""
    return actor.may(SEE_PERSONAL.name)


def shown(actor: Actor, row: Row) -> Row:
    """Return a contact of the database as the actor may see it."""
    return row if is_seen(actor) else {**row, **BLANK}


def told(actor: Actor, details: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what an entry of a contact's story says, as far as the actor may see it."""
    if is_seen(actor):
        return dict(details)
    known = {name: details[name] for name in _TOLD if name in details}
    changes = details.get("changes")
    if isinstance(changes, Mapping):
        known["changes"] = {field: values for field, values in changes.items() if field not in BLANK}
    return known


def demand(actor: Actor, fields: Collection[str]) -> None:
    """Raise NotAllowed when `fields` that are to be written are among those that the actor may not see."""
    if not BLANK.keys().isdisjoint(fields):
        actor.demand(SEE_PERSONAL)


def demand_list(actor: Actor, wanted: Wanted) -> None:
    """Raise NotAllowed for a list that would tell who has a phone or an e-mail address to somebody who may not see."""
    if wanted.missing in {"phone", "email"}:
        actor.demand(SEE_PERSONAL)
