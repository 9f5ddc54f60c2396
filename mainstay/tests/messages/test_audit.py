"""An audit entry says who did what from where, holds no secrets, and keeps names apart from what is hashed."""

import json
from uuid import UUID

import pytest
from asyncpg import CheckViolationError
from sample.notes import NoteWritten

from mainstay import context
from mainstay.messages import audit
from mainstay.messages.audit import Entry, Recorded, SecretRecorded, private_digest
from mainstay.work import ANONYMOUS, SYSTEM, Actor, UnitOfWork, WorkOpener

ADA = Actor("person", UUID(int=7), "Ada “the first”\n", "owner")
ENTRY = Entry(
    "sample.note_changed",
    "sample.note",
    UUID(int=5),
    old={"text": "Grüße"},
    new={"text": "мир", "words": 1},
    reason="asked to",
    approver_id=UUID(int=8),
)
ROW = """
SELECT entry.*, actor.content AS actor, actor.salt AS actor_salt, change.content AS change, change.salt AS change_salt
FROM audit_entry AS entry
LEFT JOIN audit_private AS actor ON actor.position = entry.position AND actor.part = 'actor'
LEFT JOIN audit_private AS change ON change.position = entry.position AND change.part = 'change'
"""
COUNT = "SELECT count(*) FROM audit_entry"


def recorded(entry: Entry, actor: Actor = ADA, address: str | None = "192.0.2.7") -> Recorded:
    return Recorded(entry, actor.kind, actor.id, actor.name, actor.role, "request-1", address)


def test_names_addresses_and_values_stay_out_of_the_half_that_is_hashed() -> None:
    (entry,) = json.loads(audit.envelope([recorded(ENTRY)]))

    hashed = json.dumps({**entry, "private": {part: entry["private"][part]["digest"] for part in entry["private"]}})

    for personal in ("Ada", "192.0.2.7", "Gr", "мир", "asked to"):
        assert personal not in hashed
    assert entry["private"]["actor"]["content"] == {"name": ADA.name, "address": "192.0.2.7"}


def test_two_entries_with_the_same_values_have_different_digests() -> None:
    """A digest without a salt would say whether two people have the same name, and be guessed."""
    first, second = json.loads(audit.envelope([recorded(ENTRY), recorded(ENTRY)]))

    assert first["private"]["actor"]["digest"] != second["private"]["actor"]["digest"]


def test_an_entry_without_names_and_values_has_no_private_parts() -> None:
    (entry,) = json.loads(audit.envelope([recorded(Entry("sample.looked", "sample.note"), ANONYMOUS, None)]))

    assert entry["private"] == {}
    assert entry["object_id"] is None


@pytest.mark.practice(33)
@pytest.mark.parametrize(
    "values",
    [
        {"password": "three quiet green trains"},
        {"password_hash": "$argon2id$…"},
        {"session_token": "2fOq"},
        {"settings": {"client_secret": "x"}},
        {"keys": [{"api_key": "x"}]},
        {"till_pin": "1234"},
    ],
)
def test_a_field_that_is_named_like_a_secret_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(SecretRecorded):
        Entry("sample.note_changed", "sample.note", new=values)  # type: ignore[arg-type]  # any JSON
    with pytest.raises(SecretRecorded):
        Entry("sample.note_changed", "sample.note", old=values)  # type: ignore[arg-type]  # any JSON


def test_that_a_secret_was_set_or_how_many_there_are_is_no_secret() -> None:
    entry = Entry("sample.note_changed", "sample.note", new={"has_password": True, "recovery_codes": 9, "token": None})

    assert entry.new is not None


async def test_what_is_recorded_is_appended_with_the_commit(open_work: WorkOpener, uow: UnitOfWork) -> None:
    address = context.address.set("192.0.2.7")
    try:
        async with open_work(ADA) as work:
            work.record(ENTRY)
            work.record(Entry("sample.looked", "sample.note"))
            assert await work.read_value(COUNT) == 0
    finally:
        context.address.reset(address)

    row = await uow.read_row(f"{ROW} WHERE entry.act = 'sample.note_changed'")
    assert row is not None
    assert [row[name] for name in ("object_type", "object_id", "actor_kind", "actor_id", "actor_role")] == [
        "sample.note",
        str(UUID(int=5)),
        "person",
        ADA.id,
        "owner",
    ]
    assert (row["approver_id"], row["request_id"]) == (UUID(int=8), work.request_id)
    assert row["actor"] == {"name": ADA.name, "address": "192.0.2.7"}
    assert row["change"] == {"old": {"text": "Grüße"}, "new": {"text": "мир", "words": 1}, "reason": "asked to"}
    for part in ("actor", "change"):
        assert private_digest(row[f"{part}_salt"], row[part]) == row[f"{part}_digest"]
    assert await uow.read_value("SELECT abs(extract(epoch FROM clock_timestamp() - $1)) < 60", row["happened_at"])
    assert await uow.read_value("SELECT count(*) FROM audit_pending") == 2


async def test_events_and_entries_are_written_in_one_statement(open_work: WorkOpener, uow: UnitOfWork) -> None:
    async with open_work(SYSTEM) as work:
        work.publish(NoteWritten(note_id=UUID(int=5), text="x"))
        work.record(ENTRY)

    assert await uow.read_value(COUNT) == 1
    assert await uow.read_value("SELECT count(*) FROM mainstay_event") == 1


async def test_an_act_that_fails_leaves_no_entry(open_work: WorkOpener, uow: UnitOfWork) -> None:
    with pytest.raises(ZeroDivisionError):
        async with open_work(ADA) as work:
            work.record(ENTRY)
            raise ZeroDivisionError

    assert await uow.read_value(COUNT) == 0


async def test_an_entry_whose_act_has_no_name_fails_the_work(open_work: WorkOpener) -> None:
    with pytest.raises(CheckViolationError):
        async with open_work(ADA) as work:
            work.record(Entry("Did Something", "sample.note"))
