"""The verifier names whatever was done to an export: each way of forging it is tried, and each check put out once."""

import json

import pytest
from trail import NOTE, Edit, Export, Record

from mainstay.messages.audit import Entry, private_digest
from mainstay.modules.audit.service import verifying
from mainstay.modules.audit.service.chain import FIELDS, GENESIS, Head, link_hash
from mainstay.modules.audit.service.verifying import Malformed, parse_head, verify

ENTRIES = [Entry("sample.note_changed", "sample.note", NOTE, new={"number": number}) for number in range(4)]


@pytest.fixture
async def lines(record: Record, export_trail: Export) -> list[str]:
    """An export: the first line, four entries and that of the export itself, the last line."""
    await record(*ENTRIES)
    return (await export_trail())[0]


def made_anew(lines: list[str]) -> list[str]:
    """Return an export whose chain is computed anew, as somebody who owns the file and knows the format would."""
    head, made = GENESIS, [lines[0]]
    for line in lines[1:-1]:
        entry = json.loads(line)
        following = Head(head.sequence + 1, link_hash(head, entry["entry"]))
        entry |= {"sequence": following.sequence, "previous": head.hash.hex(), "hash": following.hash.hex()}
        made.append(json.dumps(entry) + "\n")
        head = following
    return [*made, ending(head)]


def ending(head: Head) -> str:
    return json.dumps({"head": {"sequence": head.sequence, "hash": head.hash.hex()}, "entries": head.sequence}) + "\n"


@pytest.mark.practice(33)
@pytest.mark.parametrize("field", FIELDS)
async def test_an_edited_field_is_found(lines: list[str], edit: Edit, field: str) -> None:
    lines[2] = edit(lines[2], "entry", field, to="00")

    assert "Entry 2 was edited: its hash is another one." in verify(lines).findings


@pytest.mark.practice(33)
@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("actor", "content", "name"), "Eve"),
        (("actor", "content", "address"), "192.0.2.1"),
        (("change", "content", "new"), {"number": 9}),
        (("change", "content", "reason"), "because"),
        (("change", "salt"), "00"),
    ],
)
async def test_an_edited_private_value_is_found(
    lines: list[str], edit: Edit, path: tuple[str, ...], value: object
) -> None:
    lines[2] = edit(lines[2], "private", *path, to=value)

    assert verify(lines).findings == [f"Entry 2 was edited: its {path[0]} does not fit its digest."]


@pytest.mark.practice(33)
async def test_a_private_value_that_was_added_is_found(lines: list[str], edit: Edit) -> None:
    lines[5] = edit(lines[5], "private", "change", to={"salt": "00", "content": {"old": None}})

    assert verify(lines).findings == ["Entry 5 was edited: its change does not fit its digest."]


@pytest.mark.practice(33)
async def test_a_removed_entry_is_found(lines: list[str]) -> None:
    findings = verify([*lines[:3], *lines[4:]]).findings

    assert findings[0] == "Entry 4 follows 2: entries were removed, added or moved."


@pytest.mark.practice(33)
async def test_an_entry_that_was_removed_with_the_numbers_closed_up_is_found(lines: list[str], edit: Edit) -> None:
    lines[4:6] = [edit(line, "sequence", to=number) for number, line in enumerate(lines[4:6], start=3)]

    findings = verify([*lines[:3], *lines[4:]]).findings

    assert findings[0] == "Entry 3 does not follow the entry before it: one of them was exchanged."


@pytest.mark.practice(33)
async def test_entries_in_another_order_are_found(lines: list[str]) -> None:
    lines[2], lines[3] = lines[3], lines[2]

    assert verify(lines).findings[0] == "Entry 3 follows 1: entries were removed, added or moved."


@pytest.mark.practice(33)
async def test_an_entry_that_was_put_in_twice_is_found(lines: list[str]) -> None:
    assert verify([*lines[:3], lines[2], *lines[3:]]).findings[0].startswith("Entry 2 follows 2")


@pytest.mark.practice(33)
@pytest.mark.parametrize("kept", [1, 2, 4])
async def test_a_cut_off_end_is_found(lines: list[str], kept: int) -> None:
    assert "The file is cut off: its last line, which names the head, is missing." in verify(lines[:kept]).findings
    cut = verify([*lines[:kept], lines[-1]]).findings
    assert cut == [f"The file is cut off: it ends at {kept - 1}, its last line says 5."]


@pytest.mark.practice(33)
async def test_a_cut_off_end_with_a_new_last_line_is_found_by_an_anchor(lines: list[str]) -> None:
    """Without one nobody can: the shorter chain is whole."""
    entry, head = json.loads(lines[2]), json.loads(lines[-1])["head"]
    cut = [*lines[:3], ending(Head(2, bytes.fromhex(entry["hash"])))]
    assert verify(cut).findings == []

    anchor = Head(head["sequence"], bytes.fromhex(head["hash"]))

    assert verify(cut, [anchor]).findings == ["The anchor 5 is not in the file, which goes from 1 to 2."]


@pytest.mark.practice(33)
async def test_a_chain_that_was_made_anew_is_found_by_an_anchor(lines: list[str], edit: Edit) -> None:
    anchor = Head(4, bytes.fromhex(json.loads(lines[4])["hash"]))
    lines[2] = edit(lines[2], "entry", "act", to="sample.nothing_happened")
    forged = made_anew(lines)
    assert verify(forged).findings == []

    found = verify(forged, [anchor]).findings

    assert found == ["Entry 4 is not the one that the anchor names: the chain was made anew."]


async def test_anchors_that_fit_are_no_finding(lines: list[str]) -> None:
    heads = [Head(json.loads(line)["sequence"], bytes.fromhex(json.loads(line)["hash"])) for line in lines[1:-1]]

    assert verify(lines, [GENESIS, *heads]).findings == []


@pytest.mark.parametrize("part", ["actor", "change"])
async def test_a_private_part_that_is_gone_without_an_erasure_is_found(lines: list[str], edit: Edit, part: str) -> None:
    private = json.loads(lines[2])["private"]
    lines[2] = edit(lines[2], "private", to={name: private[name] for name in private if name != part})

    assert verify(lines).findings == [f"Entry 2: the {part} is gone, and no erasure is on record."]


async def test_a_checkpoint_that_is_not_on_record_is_found(lines: list[str], edit: Edit) -> None:
    start = json.loads(lines[2])
    lines[0] = edit(lines[0], "checkpoint", to={"sequence": 2, "hash": start["hash"]})
    lines[-1] = edit(lines[-1], "entries", to=3)

    (finding,) = verify([lines[0], *lines[3:]]).findings

    assert finding == f"The beginning 2:{start['hash']} is not on record: entries before it were removed."


@pytest.mark.parametrize(
    ("number", "text", "finding"),
    [
        (0, "{}", "Line 1 is not the beginning of an export of the form mainstay-audit-1."),
        (0, '{"format": "mainstay-audit-1"}', "Line 1 names no head."),
        (2, "not json", "Line 3 is not JSON."),
        (2, "[]", "Line 3 is not an object."),
        (2, '{"sequence": "2"}', "Line 3 is not an entry."),
        (2, '{"sequence": 2, "entry": {}, "private": {}, "previous": "xyz"}', "Line 3 has no readable previous."),
        (
            2,
            '{"sequence": 2, "entry": {}, "private": {"actor": 1}, "previous": "", "hash": ""}',
            "Line 3 has private parts that are none.",
        ),
    ],
)
async def test_a_line_that_is_no_line_of_an_export_is_named(
    lines: list[str], number: int, text: str, finding: str
) -> None:
    lines[number] = text

    assert finding in verify(lines).findings


async def test_nothing_may_stand_behind_the_end(lines: list[str]) -> None:
    assert verify([*lines, lines[2]]).findings == ["Line 8 stands behind the end."]


def test_an_empty_file_is_no_export() -> None:
    assert verify([]).findings == ["The file is cut off: its last line, which names the head, is missing."]


def test_a_head_is_read_as_it_is_written() -> None:
    head = Head(57, bytes(range(32)))

    assert parse_head(f" {head}\n") == head
    for text in ("", "57", "57:", "57:00", f"x:{bytes(32).hex()}"):
        with pytest.raises(Malformed):
            parse_head(text)


# -- mutants: without its check, a forgery passes ----------------------------------------------------------------------


@pytest.mark.practice(19)
async def test_without_the_hash_an_edited_entry_passes(
    lines: list[str], edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = {json.loads(line)["previous"]: bytes.fromhex(json.loads(line)["hash"]) for line in lines[1:-1]}
    lines[2] = edit(lines[2], "entry", "act", to="sample.nothing_happened")
    assert verify(lines).findings != []

    monkeypatch.setattr(verifying, "link_hash", lambda previous, _content: hashes[previous.hash.hex()])

    assert verify(lines).findings == []


@pytest.mark.practice(19)
async def test_without_the_digest_an_edited_name_passes(
    lines: list[str], edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = bytes.fromhex(json.loads(lines[2])["entry"]["actor_digest"])
    kept = private_digest
    lines[2] = edit(lines[2], "private", "actor", "content", "name", to="Eve")
    assert verify(lines).findings != []

    def blind(salt: bytes, content: object) -> bytes:
        return digest if "Eve" in str(content) else kept(salt, content)

    monkeypatch.setattr(verifying, "private_digest", blind)

    assert verify(lines).findings == []


@pytest.mark.practice(19)
@pytest.mark.parametrize("check", ["_check_place", "_end"])
async def test_without_the_check_of_places_a_removed_entry_passes(
    lines: list[str], monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    cut = [*lines[:3], *lines[4:]]
    both = verify(cut).findings
    assert len(both) == 2

    monkeypatch.setattr(verifying.Verifier, check, lambda self, *_: setattr(self, "_has_ended", check == "_end"))

    assert len(verify(cut).findings) == 1
