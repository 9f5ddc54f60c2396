"""Nobody twice: who may be the same as a contact or a draft, the list over all contacts, and "not the same"."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson

from mainstay.db.query import page_size
from mainstay.messages.progress import report
from mainstay.work import Row, UnitOfWork
from tradepost.crm.codes.phone import e164
from tradepost.crm.errors import UnknownContact
from tradepost.crm.events import ScanWanted
from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Phone, PostalAddress, Website
from tradepost.crm.matching.answers import DuplicateOut, DuplicatesOut, LikeContactOut, PairOut, PairsOut, ReasonOut
from tradepost.crm.matching.keys import Key, keys_of
from tradepost.crm.matching.profile import Profile, profile
from tradepost.crm.matching.reasons import Match
from tradepost.crm.matching.scoring import compare, verdict
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository import duplicates, reaching
from tradepost.crm.repository.duplicates import Pair
from tradepost.crm.schemas import ContactIn
from tradepost.crm.service import entry

NOBODY = UUID(int=0)
# Of those who share keys, so many are compared, those with the most telling keys first: among 100,000 made contacts the
# same person was never after the third, and nobody likely after the sixth.
MOST_COMPARED = 12
BATCH = 200


async def check(uow: UnitOfWork, draft: ContactIn) -> DuplicatesOut:
    """Return who may be the same as a contact that is not saved yet, or whose changes are not."""
    region = await entry.home_region(uow)
    whole = await entry.with_company(uow, draft)
    phones = [{"written": one.written, "kind": one.kind, "e164": e164(one.written, region)} for one in draft.phones]
    facts = whole.model_dump() | {"phones": phones, "foreign_properties": []}
    return _shown(await _find(uow, draft.id, profile(record_of(facts))))


async def list_for(uow: UnitOfWork, contact_id: UUID) -> DuplicatesOut:
    """Return who may be the same as a contact. Raises UnknownContact."""
    known = (await repository.many(uow, [contact_id])).get(contact_id)
    if known is None:
        raise UnknownContact("There is no such contact.")
    return _shown(await _find(uow, contact_id, profile(record_of(known))))


async def list_pairs(uow: UnitOfWork, cursor: str | None, limit: int) -> PairsOut:
    """Return a page of all pairs that were found. Raises InvalidInput for a foreign cursor."""
    pairs, following = await duplicates.page(uow, cursor, page_size(limit))
    rows = await repository.many(uow, {pair[side] for pair in pairs for side in ("low_id", "high_id")})
    items = [
        PairOut(
            contacts=[like(rows[pair["low_id"]]), like(rows[pair["high_id"]])],
            score=float(pair["score"]),
            verdict=verdict(float(pair["score"])),
            reasons=[ReasonOut(**reason) for reason in pair["reasons"]],
        )
        for pair in pairs
        # Those who were merged a moment ago are no pair any more; a job has yet to forget it.
        if pair["low_id"] in rows and pair["high_id"] in rows
    ]
    return PairsOut(items=items, next_cursor=following, total=await duplicates.count(uow))


def want_scan(uow: UnitOfWork) -> None:
    """Have all contacts compared with one another."""
    uow.publish(ScanWanted())


async def tell_apart(uow: UnitOfWork, contact_id: UUID, other_id: UUID) -> None:
    """Remember that two contacts are not the same, until what they are looked up by changes. Raises UnknownContact."""
    rows = await _two(uow, contact_id, other_id)
    await duplicates.tell_apart(uow, {key: digest(keys_of(profile(record_of(row)))) for key, row in rows.items()})


async def forget_apart(uow: UnitOfWork, contact_id: UUID, other_id: UUID) -> None:
    """Take back that two contacts are not the same, and compare them anew; safe to repeat. Raises UnknownContact."""
    await _two(uow, contact_id, other_id)
    await duplicates.forget_apart(uow, contact_id, other_id)
    await refresh(uow, [contact_id])


async def _two(uow: UnitOfWork, contact_id: UUID, other_id: UUID) -> dict[UUID, Row]:
    rows = await repository.many(uow, {contact_id, other_id})
    if len(rows) != len({NOBODY, other_id}):
        raise UnknownContact("There are no two such contacts.")
    return rows


async def refresh(uow: UnitOfWork, contact_ids: Sequence[UUID]) -> None:
    """Write keys and pairs of contacts anew, some at a time; those that were merged have none. Safe to run twice."""
    await duplicates.take_turns(uow)
    for start in range(0, len(contact_ids), BATCH):
        batch = contact_ids[start : start + BATCH]
        rows = await repository.many_of_anybody(uow, batch)
        await duplicates.forget(uow, [key for key in batch if key not in rows])
        profiles = {key: profile(record_of(row)) for key, row in rows.items()}
        await duplicates.replace_keys(uow, {key: keys_of(one) for key, one in profiles.items()})
        found = [pair for key, one in profiles.items() for pair in await _pairs(uow, key, one)]
        await duplicates.replace_pairs(uow, rows, list({(pair.low_id, pair.high_id): pair for pair in found}.values()))
        report(start + len(batch), len(contact_ids))


async def refresh_people(uow: UnitOfWork, company_id: UUID) -> None:
    """Do so for the people of a company whose name has changed."""
    after = NOBODY
    while found := await repository.people_of(uow, company_id, after, BATCH):
        await refresh(uow, found)
        after = found[-1]


async def scan(uow: UnitOfWork, after: UUID) -> None:
    """Write keys and pairs of the next contacts anew, and ask for those that follow."""
    found = await duplicates.next_ids(uow, after, BATCH)
    if found:
        await refresh(uow, found)
        uow.publish(ScanWanted(after=found[-1]))


def record_of(facts: Row | dict[str, Any]) -> ContactRecord:
    """Return a contact of the database, or of a draft, as it is compared."""
    return ContactRecord(
        name=facts["name"],
        kind=facts["kind"],
        given=facts["given"] or "",
        family=facts["family"] or "",
        middle=facts["middle"] or "",
        suffix=facts["suffix"] or "",
        company=facts["company_name"] or "",
        title=facts["title"] or "",
        phones=tuple(Phone(one["written"], one["e164"], one["kind"]) for one in facts["phones"]),
        emails=tuple(Email(one["address"], one["kind"]) for one in facts["emails"]),
        websites=tuple(Website(one["url"]) for one in facts["websites"]),
        addresses=tuple(PostalAddress(**one) for one in facts["addresses"]),
        foreign=tuple(ForeignProperty(line) for line in facts["foreign_properties"]),
    )


def digest(keys: Iterable[Key]) -> str:
    """Return what changes when one of the keys does."""
    return hashlib.sha256(orjson.dumps([[key.kind, key.value] for key in sorted(keys)])).hexdigest()


async def _find(uow: UnitOfWork, own_id: UUID, own: Profile, *, of_anybody: bool = False) -> list[tuple[Row, Match]]:
    """Return who is at least likely the same, the likeliest first, in two statements: in reach, or anybody."""
    whose = None if of_anybody else reaching.owners(uow.actor)
    candidates = await duplicates.candidates(uow, keys_of(own), own_id, MOST_COMPARED, whose)
    many = repository.many_of_anybody if of_anybody else repository.many
    rows = await many(uow, [row["contact_id"] for row in candidates])
    found = list(_compared(own_id, own, candidates, rows))
    return sorted(found, key=lambda pair: (-pair[1].score, pair[0]["id"]))


def _compared(
    own_id: UUID, own: Profile, candidates: Sequence[Row], rows: dict[UUID, Row]
) -> Iterator[tuple[Row, Match]]:
    for candidate in candidates:
        other_id = candidate["contact_id"]
        if other_id not in rows:  # merged a moment ago
            continue
        other = profile(record_of(rows[other_id]))
        match = compare(own, other)
        if match.verdict != "unlikely" and not _told_apart({own_id: own, other_id: other}, candidate):
            yield rows[other_id], match


def _told_apart(pair: dict[UUID, Profile], candidate: Row) -> bool:
    if candidate["low_digest"] is None:
        return False
    low, high = (digest(keys_of(pair[key])) for key in sorted(pair))
    return (low, high) == (candidate["low_digest"], candidate["high_digest"])


async def _pairs(uow: UnitOfWork, contact_id: UUID, own: Profile) -> list[Pair]:
    found = await _find(uow, contact_id, own, of_anybody=True)
    return [
        Pair(
            min(contact_id, row["id"]),
            max(contact_id, row["id"]),
            match.score,
            [reason._asdict() for reason in match.reasons],
        )
        for row, match in found
    ]


def _shown(found: Iterable[tuple[Row, Match]]) -> DuplicatesOut:
    items = [
        DuplicateOut(
            contact=like(row),
            score=match.score,
            verdict=match.verdict,
            reasons=[ReasonOut(**reason._asdict()) for reason in match.reasons],
        )
        for row, match in found
    ]
    return DuplicatesOut(items=items)


def like(row: Row) -> LikeContactOut:
    """Return a contact as it is shown beside another."""
    return LikeContactOut.model_validate({field: row[field] for field in LikeContactOut.model_fields})
