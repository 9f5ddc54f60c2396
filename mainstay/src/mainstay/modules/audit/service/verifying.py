"""The verifier: reads an export and says what does not fit; needs neither database nor program settings.

An edited, removed, added or moved entry breaks the hashes. Somebody who makes the whole chain anew, or cuts off its end
and writes another last line, is found by an anchor: a head that was noted before, as each sealing logs it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mainstay.messages.audit import ACTOR, CHANGE, private_digest
from mainstay.modules.audit.service.chain import FORMAT, GENESIS, Content, Head, link_hash
from mainstay.modules.audit.service.removing import CHECKPOINT, ERASED, EXPIRED, PERSON

Record = Mapping[str, object]
Thing = tuple[str | None, str | None]


class Malformed(Exception):
    """A line is not what an export has there."""


@dataclass
class Report:
    """What the verifier found; without `findings`, all is well."""

    findings: list[str] = field(default_factory=list)
    entries: int = 0
    erased: int = 0
    head: Head = GENESIS


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of an export."""

    sequence: int
    previous: bytes
    hash: bytes
    content: Content
    private: Mapping[str, Record]

    @classmethod
    def of(cls, record: Record) -> "Line":
        """Take it out of a line's JSON. Raises Malformed."""
        sequence, content, private = record.get("sequence"), record.get("entry"), record.get("private")
        if not (isinstance(sequence, int) and isinstance(content, Mapping) and isinstance(private, Mapping)):
            raise Malformed("is not an entry")
        return cls(sequence, _binary(record, "previous"), _binary(record, "hash"), content, private)

    def things_of(self, part: str) -> set[Thing]:
        """Return whose erasure takes the private `part` away."""
        if part == CHANGE:
            return {(self.content["object_type"], self.content["object_id"])}
        return {(PERSON, self.content["actor_id"])}


@dataclass
class Missing:
    """A private part that is not there, though its digest says that it was."""

    line: Line
    part: str


class Verifier:
    """Takes the lines of an export one by one; the report is whole after `end`."""

    def __init__(self, anchors: Sequence[Head] = ()) -> None:
        self.report = Report()
        self._anchors = {anchor.sequence: anchor.hash for anchor in anchors}
        self._missing: list[Missing] = []
        self._erased: dict[Thing, int] = {}
        self._checkpoints: set[str | None] = set()
        self._start = GENESIS
        self._has_ended = False

    def begin(self, record: Record) -> None:
        """Take the first line. Raises Malformed."""
        if record.get("format") != FORMAT:
            raise Malformed(f"is not the beginning of an export of the form {FORMAT}")
        self._start = self.report.head = _head(record.get("checkpoint"))
        self._check_anchor()

    def take(self, record: Record) -> None:
        """Take an entry, or the last line. Raises Malformed."""
        if self._has_ended:
            raise Malformed("stands behind the end")
        if "head" in record:
            self._end(_head(record["head"]), record.get("entries"))
            return
        line = Line.of(record)
        self._check_place(line)
        self._check_private(line)
        self._remember(line)
        # Goes on from what stands here, so that one change is one finding.
        self.report.head = Head(line.sequence, line.hash)
        self.report.entries += 1
        self._check_anchor()

    def end(self) -> Report:
        """Check what needs the whole export, and return the report."""
        if not self._has_ended:
            self._find("The file is cut off: its last line, which names the head, is missing.")
        for missing in self._missing:
            things = missing.line.things_of(missing.part)
            if not any(self._erased.get(thing, 0) > missing.line.sequence for thing in things):
                self._find(f"Entry {missing.line.sequence}: the {missing.part} is gone, and no erasure is on record.")
        if self._start != GENESIS and str(self._start) not in self._checkpoints:
            self._find(f"The beginning {self._start} is not on record: entries before it were removed.")
        for sequence in sorted(self._anchors):
            self._find(
                f"The anchor {sequence} is not in the file, which goes from {self._start.sequence + 1} to {self.report.head.sequence}."
            )
        return self.report

    def _find(self, finding: str) -> None:
        self.report.findings.append(finding)

    def _check_place(self, line: Line) -> None:
        before = self.report.head
        if line.sequence != before.sequence + 1:
            self._find(f"Entry {line.sequence} follows {before.sequence}: entries were removed, added or moved.")
        elif line.previous != before.hash:
            self._find(f"Entry {line.sequence} does not follow the entry before it: one of them was exchanged.")
        if line.hash != link_hash(Head(line.sequence - 1, line.previous), line.content):
            self._find(f"Entry {line.sequence} was edited: its hash is another one.")

    def _check_private(self, line: Line) -> None:
        for part in (ACTOR, CHANGE):
            digest, kept = line.content.get(f"{part}_digest"), line.private.get(part)
            if kept is None and digest is not None:
                self._missing.append(Missing(line, part))
                self.report.erased += 1
            elif kept is not None and private_digest(_binary(kept, "salt"), kept.get("content")).hex() != digest:
                self._find(f"Entry {line.sequence} was edited: its {part} does not fit its digest.")

    def _remember(self, line: Line) -> None:
        act = line.content.get("act")
        if act == ERASED:
            self._erased[line.content.get("object_type"), line.content.get("object_id")] = line.sequence
        elif act == EXPIRED and line.content.get("object_type") == CHECKPOINT:
            self._checkpoints.add(line.content.get("object_id"))

    def _check_anchor(self) -> None:
        head = self.report.head
        if self._anchors.pop(head.sequence, head.hash) != head.hash:
            self._find(f"Entry {head.sequence} is not the one that the anchor names: the chain was made anew.")

    def _end(self, head: Head, entries: object) -> None:
        self._has_ended = True
        if head != self.report.head or entries != self.report.entries:
            self._find(
                f"The file is cut off: it ends at {self.report.head.sequence}, its last line says {head.sequence}."
            )


def verify(lines: Iterable[str], anchors: Sequence[Head] = ()) -> Report:
    """Verify an export; `anchors` are heads that were noted before."""
    verifier = Verifier(anchors)
    for number, text in enumerate(lines, start=1):
        try:
            (verifier.begin if number == 1 else verifier.take)(_record(text))
        except Malformed as failure:
            verifier.report.findings.append(f"Line {number} {failure}.")
    return verifier.end()


def parse_head(text: str) -> Head:
    """Read a head as it is logged: `57:9f3c…`. Raises Malformed."""
    sequence, _, digest = text.strip().partition(":")
    try:
        return Head(int(sequence), bytes.fromhex(digest))
    except ValueError as failure:
        raise Malformed(f"{text!r} is not a head such as 57:9f3c…") from failure


def _record(text: str) -> Record:
    try:
        record = json.loads(text)
    except ValueError as failure:
        raise Malformed("is not JSON") from failure
    if not isinstance(record, Mapping):
        raise Malformed("is not an object")
    return record


def _head(record: object) -> Head:
    if not isinstance(record, Mapping) or not isinstance(record.get("sequence"), int):
        raise Malformed("names no head")
    return Head(record["sequence"], _binary(record, "hash"))


def _binary(record: Record, name: str) -> bytes:
    try:
        return bytes.fromhex(str(record.get(name)))
    except ValueError as failure:
        raise Malformed(f"has no readable {name}") from failure
