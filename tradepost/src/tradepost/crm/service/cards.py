"""Cards in review: kept while a person works on them, accepted as contacts once, skipped, opened again (rule 36)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from mainstay import clock
from mainstay.db.query import decode_cursor, encode_cursor
from mainstay.errors import JsonValue
from mainstay.three_way import Facts, given
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork
from tradepost.crm.cards.answers import (
    CardAccept,
    CardBox,
    CardContact,
    CardDecision,
    CardField,
    CardOut,
    CardPatch,
    CardRowOut,
    CardsOut,
)
from tradepost.crm.cards.corrections import corrections, kept_fields
from tradepost.crm.errors import CardDecided, CardJoined, UnknownCard
from tradepost.crm.events import CardKept
from tradepost.crm.repository import cards as repository
from tradepost.crm.repository.cards import Chosen, Draft, Place
from tradepost.crm.schemas import ContactIn
from tradepost.crm.service import contacts

_BOXES = TypeAdapter(list[CardBox])
_FIELDS = TypeAdapter(list[CardField])


async def list_cards(uow: UnitOfWork, chosen: Chosen, cursor: str | None, size: int) -> CardsOut:
    """Return a page of cards, in the order in which their pictures were sent. Raises InvalidCursor."""
    rows = await repository.page(uow, chosen, _place(cursor), size + 1)
    items = [CardRowOut.model_validate(dict(row)) for row in rows[:size]]
    last = rows[size - 1] if len(rows) > size else None
    following = (
        encode_cursor(last["created_at"].isoformat(), str(last["photo_id"]), str(last["number"])) if last else None
    )
    return CardsOut(items=items, next_cursor=following, total=await repository.count(uow, chosen))


async def list_of_contact(uow: UnitOfWork, contact_id: UUID) -> CardsOut:
    """Return the cards that a contact came from. Raises UnknownContact."""
    await contacts.get_contact(uow, contact_id)
    items = [CardRowOut.model_validate(dict(row)) for row in await repository.of_contact(uow, contact_id)]
    return CardsOut(items=items, next_cursor=None, total=len(items))


async def get_card(uow: UnitOfWork, card_id: UUID) -> CardOut:
    """Return a card. Raises UnknownCard."""
    return CardOut.model_validate(dict(await present(uow, card_id)))


async def keep(uow: UnitOfWork, card_id: UUID, patch: CardPatch) -> CardOut:
    """Keep what a reviewer did so far. Raises UnknownCard, CardDecided, CardJoined, VersionConflict."""
    mine = {name: value for name, value in given(patch).items() if value is not None}
    row = await open_draft(uow, card_id, patch.version, mine)
    draft = Draft(
        row["boxes"] if patch.boxes is None else dumped(patch.boxes),
        row["fields"] if patch.fields is None else dumped(patch.fields),
        row["contact"] if patch.contact is None else patch.contact.model_dump(mode="json"),
    )
    await repository.write(uow, card_id, draft)
    return await get_card(uow, card_id)


async def accept(uow: UnitOfWork, card_id: UUID, wanted: CardAccept) -> CardOut:
    """Make a contact of a card and keep what was corrected, once however often it is repeated.

    Raises UnknownCard, CardDecided, CardJoined, VersionConflict, and what creating a contact raises.
    """
    await repository.lock(uow, card_id)
    row = await present(uow, card_id)
    if row["state"] == "accepted" and row["contact_id"] == wanted.contact.id:
        return CardOut.model_validate(dict(row))
    mine = given(wanted, ["contact"]) | {"contact": _contact(wanted.contact), "state": "accepted"}
    await check_open(uow, row, wanted.version, mine)
    await contacts.create_contact(uow, wanted.contact, "card")
    fields = kept_fields(wanted.contact, wanted.fields)
    read_boxes = _BOXES.validate_python(row["read"]["boxes"])
    found = corrections(
        _FIELDS.validate_python(row["read"]["fields"]),
        fields,
        [*read_boxes, *wanted.boxes],
        # The name of a company that is a contact is not a correction of what the card says.
        without=[("company", 0)] if wanted.contact.company_id else (),
    )
    await repository.add_corrections(uow, card_id, found)
    await repository.write(uow, card_id, Draft(dumped(wanted.boxes), dumped(fields), _contact(wanted.contact)))
    await repository.decide(uow, card_id, "accepted", clock.now(), wanted.contact.id)
    uow.publish(CardKept(card_id=card_id, contact_id=wanted.contact.id))
    return await get_card(uow, card_id)


async def skip(uow: UnitOfWork, card_id: UUID, decision: CardDecision) -> CardOut:
    """Put a card away without making a contact of it; its picture stays.

    Raises UnknownCard, CardDecided, CardJoined, VersionConflict; skipping a skipped one is harmless.
    """
    await repository.lock(uow, card_id)
    row = await present(uow, card_id)
    if row["state"] != "skipped":
        await check_open(uow, row, decision.version, {"state": "skipped"})
        await repository.decide(uow, card_id, "skipped", clock.now())
    return await get_card(uow, card_id)


async def reopen(uow: UnitOfWork, card_id: UUID, decision: CardDecision) -> CardOut:
    """Take a skipped card up again.

    Raises UnknownCard, CardDecided for an accepted one, CardJoined, VersionConflict.
    """
    await repository.lock(uow, card_id)
    row = await present(uow, card_id)
    if row["state"] == "accepted":
        raise CardDecided("This card is accepted: its contact is there. Change the contact instead.")
    if row["state"] == "skipped":
        check_side(row)
        await check_version(uow, row, decision.version, {"state": "draft"})
        await repository.decide(uow, card_id, "draft", None)
    return await get_card(uow, card_id)


async def open_draft(uow: UnitOfWork, card_id: UUID, version: int, mine: Facts) -> Row:
    """Lock a card that is yet to be decided. Raises UnknownCard, CardDecided, CardJoined, VersionConflict."""
    await repository.lock(uow, card_id)
    row = await present(uow, card_id)
    await check_open(uow, row, version, mine)
    return row


async def present(uow: UnitOfWork, card_id: UUID) -> Row:
    """Return a card as it is stored. Raises UnknownCard."""
    row = await repository.one(uow, card_id)
    if row is None:
        raise UnknownCard("There is no such card.")
    return row


async def check_open(uow: UnitOfWork, row: Row, version: int, mine: Facts) -> None:
    """Refuse to change a card that is decided, joined to another, or not as its reviewer saw it."""
    if row["state"] != "draft":
        raise CardDecided("This card is decided already; open it again first.")
    check_side(row)
    await check_version(uow, row, version, mine)


def check_side(row: Row) -> None:
    """Raise CardJoined for the other side of a card."""
    if row["joined_to"] is not None:
        raise CardJoined("This is the other side of a card; work on that card, or part them first.")


async def check_version(uow: UnitOfWork, row: Row, version: int, mine: Facts) -> None:
    """Raise VersionConflict unless a card is as its reviewer saw it, who wants it to be as `mine`."""
    if row["version"] != version:
        raise await conflict(uow, repository.VERSIONED, Attempt(row["id"], version, mine))


def dumped(items: Iterable[BaseModel]) -> JsonValue:
    """Return models as JSON can hold them."""
    return [one.model_dump(mode="json") for one in items]


def _contact(wanted: ContactIn) -> JsonValue:
    dump: JsonValue = CardContact.model_validate(wanted.model_dump(exclude={"id"})).model_dump(mode="json")
    return dump


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    moment, photo_id, number = decode_cursor(cursor, 3)
    return datetime.fromisoformat(moment), UUID(photo_id), int(number)
