"""Two sides of one card: the first one's draft gets what both say, the other leaves the list; both ways."""

from uuid import UUID

from pydantic import TypeAdapter

from mainstay.work import Row, UnitOfWork
from tradepost.crm.cards.answers import CardContact, CardDecision, CardField, CardJoin, CardOut
from tradepost.crm.cards.joining import Side, all_joined
from tradepost.crm.errors import CardJoined
from tradepost.crm.repository import cards as repository
from tradepost.crm.repository.cards import Draft
from tradepost.crm.service.cards import check_open, check_version, dumped, get_card, present

_FIELDS = TypeAdapter(list[CardField])


async def join(uow: UnitOfWork, card_id: UUID, wanted: CardJoin) -> CardOut:
    """Make another draft the other side of a card. Joining what is joined is harmless.

    Raises UnknownCard, CardDecided, CardJoined, VersionConflict.
    """
    await repository.lock(uow, card_id, wanted.other_id)
    row, other = await present(uow, card_id), await present(uow, wanted.other_id)
    if other["joined_to"] == card_id:
        return await get_card(uow, card_id)
    if card_id == wanted.other_id or other["sides"]:
        raise CardJoined("Choose another card that has no other sides itself.")
    await check_open(uow, row, wanted.version, {})
    await check_open(uow, other, other["version"], {})
    await repository.attach(uow, card_id, wanted.other_id)
    await _combine(uow, row)
    return await get_card(uow, card_id)


async def part(uow: UnitOfWork, card_id: UUID, decision: CardDecision) -> CardOut:
    """Part a side from its card, or a card from all its sides: each is a draft of its own again, as it was before.

    Raises UnknownCard, CardDecided, VersionConflict; parting what is not joined is harmless.
    """
    row = await present(uow, card_id)
    main_id = row["joined_to"] or card_id
    await repository.lock(uow, main_id, card_id)
    row, main = await present(uow, card_id), await present(uow, main_id)
    gone = [card_id] if row["joined_to"] else main["sides"]
    if not gone:
        return await get_card(uow, card_id)
    await check_version(uow, row, decision.version, {})
    await check_open(uow, main, main["version"], {})
    await repository.detach(uow, gone)
    await _combine(uow, main)
    return await get_card(uow, card_id)


async def _combine(uow: UnitOfWork, row: Row) -> None:
    """Write a card's draft anew: as it was alone, with what its sides of now add."""
    whole = await present(uow, row["id"])
    alone = row["alone"] or {"fields": row["fields"], "contact": row["contact"], "read": row["read"]}
    sides = await repository.sides(uow, whole["sides"])
    others = [_side(sides[side_id]) for side_id in whole["sides"]]
    both = all_joined(_side(alone), others)
    as_read = all_joined(_side(alone | {"fields": alone["read"]["fields"]}), others)
    read = {"boxes": alone["read"]["boxes"], "fields": dumped(as_read.fields)}
    draft = Draft(row["boxes"], dumped(both.fields), both.contact.model_dump(mode="json"))
    await repository.write(uow, row["id"], draft)
    await repository.write_sides(uow, row["id"], read, alone if others else None)


def _side(facts: Row) -> Side:
    return Side(CardContact.model_validate(facts["contact"]), _FIELDS.validate_python(facts["fields"]))
