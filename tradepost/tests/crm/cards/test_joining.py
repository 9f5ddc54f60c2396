"""Two sides of one card become one draft."""

from cards_read import reading

from tradepost.crm.cards.answers import CardContact
from tradepost.crm.cards.drafting import draft_of
from tradepost.crm.cards.joining import Side, all_joined, joined, same_value, values_of
from tradepost.crm.cards.reading import CardReading
from tradepost.crm.schemas import MOST_PHONES


def side(card: CardReading) -> Side:
    """Return what a card says."""
    draft = draft_of(card)
    return Side(draft.contact, draft.fields)


FRONT = side(reading(("Odalys Fennimore", "", "Kestrel Tools Ltd", "+44 20 7946 0958", "")))
BACK = side(reading(("Одалис Феннимор", "Sales Manager", "", "+44 (20) 7946-0958", "odalys@kestrel.example")))


def test_what_the_first_side_says_stays_and_what_only_the_other_says_is_added() -> None:
    both = joined(FRONT, BACK).contact
    assert (both.name, both.title, both.company_name) == ("Odalys Fennimore", "Sales Manager", "Kestrel Tools Ltd")
    assert [one.address for one in both.emails] == ["odalys@kestrel.example"]


def test_the_same_number_in_another_form_is_not_added() -> None:
    assert [one.written for one in joined(FRONT, BACK).contact.phones] == ["+44 20 7946 0958"]


def test_added_fields_keep_their_confidence_and_have_no_boxes() -> None:
    (title, email) = joined(FRONT, BACK).fields[len(FRONT.fields) :]
    assert (title.kind, title.value, title.confidence, title.box_ids) == ("title", "Sales Manager", 0.95, [])
    assert (email.kind, email.index, email.box_ids) == ("email", 0, [])


def test_further_numbers_follow_the_ones_that_are_there() -> None:
    more = side(reading(("", "", "", "+44 7700 900123", "")))
    both = joined(FRONT, more)
    assert values_of(both.contact)["phone", 1] == "+44 7700 900123"
    assert (both.fields[-1].kind, both.fields[-1].index) == ("phone", 1)


def test_a_name_comes_with_all_that_belongs_to_it() -> None:
    company = side(reading(("", "", "Kestrel Tools Ltd", "", "")))
    blank = Side(CardContact(company_name="Somebody"), [])
    both = joined(blank, company)
    assert (both.contact.kind, both.contact.name, both.contact.company_name) == ("company", "Kestrel Tools Ltd", None)
    assert [field.kind for field in both.fields] == ["name"]


def test_no_more_is_added_than_a_contact_can_have() -> None:
    many = CardContact.model_validate({"phones": [{"written": f"+4420794600{at:02}"} for at in range(MOST_PHONES)]})
    both = joined(Side(many, []), side(reading(("", "", "", "+44 7700 900123", ""))))
    assert len(both.contact.phones) == MOST_PHONES


def test_many_sides_are_joined_one_after_the_other() -> None:
    more = side(reading(("", "", "", "+44 7700 900123", "")))
    assert all_joined(FRONT, [BACK, more]) == joined(joined(FRONT, BACK), more)
    assert all_joined(FRONT, []) == FRONT


def test_values_are_the_same_whatever_their_form() -> None:
    assert same_value("website", "https://www.Kestrel.example/", "kestrel.example")
    assert same_value("email", "Odalys@Kestrel.example", "odalys@kestrel.example")
    assert not same_value("phone", "+44 20 7946 0958", "+44 20 7946 0959")
