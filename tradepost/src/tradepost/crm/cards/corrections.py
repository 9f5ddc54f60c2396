"""What a reviewer corrected: each field whose value or boxes are not as they were read, for later learning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tradepost.crm.cards.answers import CardBox, CardField
from tradepost.crm.cards.joining import Key, values_of
from tradepost.crm.cards.reading import FieldKind
from tradepost.crm.schemas import ContactIn


@dataclass(frozen=True, slots=True)
class Correction:
    """What was read for a field and what was kept (None where there was none), and what the boxes of both say."""

    kind: FieldKind
    index: int
    read_value: str | None
    read_boxes: Sequence[int]
    kept_value: str | None
    kept_boxes: Sequence[int]
    box_texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Value:
    index: int
    text: str
    boxes: tuple[int, ...]


def kept_fields(contact: ContactIn, fields: Iterable[CardField]) -> list[CardField]:
    """Return the fields of a contact as it was accepted: its values, with the boxes that a reviewer gave them."""
    sent = {(one.kind, one.index): one for one in fields}
    kept = []
    for (kind, index), value in values_of(contact).items():
        known = sent.get((kind, index))
        boxes, confidence = (known.box_ids, known.confidence) if known else ([], 1.0)
        kept.append(
            CardField.model_construct(kind=kind, index=index, value=value, confidence=confidence, box_ids=boxes)
        )
    return kept


def corrections(
    read: Iterable[CardField], kept: Iterable[CardField], boxes: Iterable[CardBox], *, without: Iterable[Key] = ()
) -> list[Correction]:
    """Return what differs; a value that only moved within its kind does not. `without` are fields not to look at.

    Boxes are those that were read and those that the reviewer made; the first of each id counts.
    """
    texts: dict[int, str] = {}
    for box in boxes:
        texts.setdefault(box.id, box.text)
    left_out = set(without)
    before, after = _by_kind(read, left_out), _by_kind(kept, left_out)
    found: list[Correction] = []
    for kind in dict.fromkeys((*before, *after)):
        for one, other in _pairs(before.get(kind, []), after.get(kind, [])):
            found.append(_correction(kind, one, other, texts))
    return found


def _by_kind(fields: Iterable[CardField], left_out: set[Key]) -> dict[FieldKind, list[_Value]]:
    found: dict[FieldKind, list[_Value]] = {}
    for one in fields:
        if (one.kind, one.index) not in left_out:
            found.setdefault(one.kind, []).append(_Value(one.index, one.value, tuple(sorted(set(one.box_ids)))))
    return found


def _pairs(before: list[_Value], after: list[_Value]) -> list[tuple[_Value | None, _Value | None]]:
    """Return what was read beside what was kept, without those that are the same."""
    same = [(one.text, one.boxes) for one in after]
    read = []
    for one in before:
        if (one.text, one.boxes) in same:
            same.remove((one.text, one.boxes))
        else:
            read.append(one)
    unchanged = [(one.text, one.boxes) for one in before if one not in read]
    kept = []
    for one in after:
        if (one.text, one.boxes) in unchanged:
            unchanged.remove((one.text, one.boxes))
        else:
            kept.append(one)
    by_index = {one.index: one for one in kept}
    pairs: list[tuple[_Value | None, _Value | None]] = [(one, by_index.pop(one.index, None)) for one in read]
    return pairs + [(None, one) for one in by_index.values()]


def _correction(kind: FieldKind, read: _Value | None, kept: _Value | None, texts: Mapping[int, str]) -> Correction:
    read_boxes, kept_boxes = (read.boxes if read else ()), (kept.boxes if kept else ())
    named = sorted({*read_boxes, *kept_boxes})
    index = kept.index if kept else read.index if read else 0
    said = {str(box): texts[box] for box in named if box in texts}
    return Correction(
        kind, index, read.text if read else None, read_boxes, kept.text if kept else None, kept_boxes, said
    )
