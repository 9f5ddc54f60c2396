"""The export holds the whole chain, and verifies without the database."""

import json

import pytest
from trail import NOTE, Export, Record

from mainstay.messages.audit import Entry
from mainstay.modules.audit.service import exporting
from mainstay.modules.audit.service.verifying import verify

CHANGED = Entry(
    "sample.note_changed", "sample.note", NOTE, old={"text": "Grüße\u2028"}, new={"text": "мир"}, reason="x"
)


async def test_an_export_holds_every_entry_with_its_values_and_verifies(
    record: Record, export_trail: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "BATCH", 2)
    await record(*[CHANGED] * 4)

    lines, head = await export_trail()

    first, *entries, last = map(json.loads, lines)
    assert first["format"] == "mainstay-audit-1"
    assert first["checkpoint"] == {"sequence": 0, "hash": "00" * 32}
    assert last == {"head": {"sequence": head.sequence, "hash": head.hash.hex()}, "entries": 5}
    assert [entry["entry"]["act"] for entry in entries] == ["sample.note_changed"] * 4 + ["audit.exported"]
    assert entries[0]["private"]["change"]["content"]["new"] == {"text": "мир"}
    assert entries[0]["private"]["actor"]["content"]["name"] == "Ada"
    report = verify(lines)
    assert (report.findings, report.entries, report.head) == ([], 5, head)


async def test_reading_the_whole_trail_is_on_record_itself(export_trail: Export) -> None:
    """Rule 39."""
    lines, _ = await export_trail()

    assert json.loads(lines[1])["entry"]["act"] == "audit.exported"


async def test_lines_are_kept_apart_whatever_stands_in_a_text(record: Record, export_trail: Export) -> None:
    await record(Entry("sample.note_changed", "sample.note", "a\nb\u2028c", reason='"\\\n'))

    lines, _ = await export_trail()

    assert len("".join(lines).split("\n")) == 5
    assert verify(lines).findings == []
