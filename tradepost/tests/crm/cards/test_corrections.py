"""What a reviewer corrected is told field by field, and nothing is told of what stayed."""

from cards_read import reading

from mainstay import ids
from tradepost.crm.cards.answers import CardBox, CardField
from tradepost.crm.cards.corrections import Correction, corrections, kept_fields
from tradepost.crm.cards.drafting import draft_of
from tradepost.crm.schemas import ContactIn

DRAFT = draft_of(reading())


def accepted(**changes: object) -> ContactIn:
    """Return the contact of the card with some changes."""
    return ContactIn.model_validate(DRAFT.contact.model_dump() | {"id": ids.new_id()} | changes)


def told(contact: ContactIn, fields: list[CardField] | None = None) -> list[Correction]:
    """Return what was corrected between the draft and a contact."""
    kept = kept_fields(contact, DRAFT.fields if fields is None else fields)
    without = [("company", 0)] if contact.company_id else []
    return corrections(DRAFT.fields, kept, DRAFT.boxes, without=without)  # type: ignore[arg-type]  # kinds of a test


def test_nothing_is_told_of_what_was_read_right() -> None:
    assert told(accepted()) == []


def test_a_changed_value_is_told_with_what_its_box_says() -> None:
    (correction,) = told(accepted(name="Odalys Fenimore"))
    assert correction == Correction(
        "name", 0, "Odalys Fennimore", (0,), "Odalys Fenimore", (0,), {"0": "Odalys Fennimore"}
    )


def test_another_box_is_a_correction_too() -> None:
    moved = [one.model_copy(update={"box_ids": [1, 2]}) if one.kind == "title" else one for one in DRAFT.fields]
    (correction,) = told(accepted(), moved)
    assert (correction.kind, correction.read_boxes, correction.kept_boxes) == ("title", (1,), (1, 2))
    assert correction.box_texts == {"1": "Sales Manager", "2": "Kestrel Tools Ltd"}


def test_what_was_deleted_and_what_was_added_are_told() -> None:
    deleted, added = told(accepted(title=None, websites=[{"url": "kestrel.example"}]))
    assert (deleted.kind, deleted.read_value, deleted.kept_value) == ("title", "Sales Manager", None)
    assert (added.kind, added.read_value, added.kept_value, added.read_boxes) == (
        "website",
        None,
        "kestrel.example",
        (),
    )


def test_a_value_that_only_moved_is_not_a_correction() -> None:
    written = [{"written": "+44 7700 900123"}, {"written": "+44 20 7946 0958"}]
    moved = [one.model_copy(update={"index": 1}) if one.kind == "phone" else one for one in DRAFT.fields]
    (added,) = told(accepted(phones=written), moved)
    assert (added.index, added.read_value, added.kept_value) == (0, None, "+44 7700 900123")


def test_a_company_that_became_a_contact_is_none() -> None:
    assert told(accepted(company_name=None, company_id=ids.new_id())) == []


def test_boxes_that_the_reviewer_made_are_told_and_those_that_were_read_count_first() -> None:
    made = CardBox(id=9, text="Fennimore", quad=[[0, 0]] * 4, confidence=1)
    changed = CardBox(id=0, text="typed over", quad=[[0, 0]] * 4, confidence=1)
    kept = [CardField(kind="name", index=0, value="Fennimore", confidence=1, box_ids=[0, 9, 77])]
    (correction, *_) = corrections(DRAFT.fields, kept, [*DRAFT.boxes, changed, made])
    assert correction.box_texts == {"0": "Odalys Fennimore", "9": "Fennimore"}
