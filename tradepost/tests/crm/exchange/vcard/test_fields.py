"""Properties as fields of contacts."""

import pytest

from tradepost.crm.exchange.entry import Unreadable
from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Kind, PostalAddress
from tradepost.crm.exchange.vcard.content_line import parse_line
from tradepost.crm.exchange.vcard.fields import read_contact


def read(*texts: str) -> ContactRecord:
    """Return the contact of some properties."""
    return read_contact(line for text in texts if (line := parse_line(text)) is not None)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["FN:A", "ORG:A"], "company"),
        (["FN:A", "ORG:A", "N:;A;;;"], "person"),
        (["FN:A", "ORG:B"], "person"),
        (["FN:A", "KIND:org"], "company"),
        (["FN:A", "ORG:A", "KIND:individual"], "person"),
        (["FN:A", "N:;A;;;", "X-ABShowAs:COMPANY"], "company"),
    ],
)
def test_people_and_companies_are_told_apart(lines: list[str], kind: Kind) -> None:
    assert read(*lines).kind == kind


def test_a_name_in_parts_is_put_together_where_it_stands_nowhere_whole() -> None:
    """Rule 33."""
    record = read("N:Stevenson;John;Philip,Paul;Dr.;Jr.,M.D.")
    assert (record.name, record.middle, record.suffix) == (
        "Dr. John Philip Paul Stevenson Jr., M.D.",
        "Philip Paul",
        "Jr., M.D.",
    )


def test_preferred_values_come_first() -> None:
    record = read(
        "FN:A", "EMAIL:a@x", "EMAIL;PREF=2:b@x", "EMAIL;PREF=1:c@x", "EMAIL;TYPE=pref:d@x", "EMAIL;PREF=x:e@x"
    )
    assert [email.address for email in record.emails] == ["d@x", "c@x", "b@x", "a@x", "e@x"]


def test_an_email_may_be_a_uri_and_keeps_its_letters() -> None:
    """Rule 31."""
    assert read("FN:A", "EMAIL;TYPE=home:MailTo:Anna@Grün.example").emails == (Email("Anna@Grün.example", "home"),)


def test_labels_belong_to_the_address_of_their_group_or_type() -> None:
    record = read(
        "FN:A",
        "ADR;TYPE=work:;;Weg 1;Ulm;;;",
        "a.ADR;TYPE=home:;;Weg 2;Bonn;;;",
        "LABEL;TYPE=home:alone",
        "a.LABEL:grouped",
        "LABEL;TYPE=work:by type",
    )
    assert record.addresses == (
        PostalAddress("by type", street="Weg 1", city="Ulm"),
        PostalAddress("grouped", street="Weg 2", city="Bonn", kind="home"),
        PostalAddress("alone", kind="home"),
    )


def test_what_stands_again_is_kept_as_it_is() -> None:
    """Rule 32."""
    record = read("FN:A", "TITLE:first", "TITLE:second", "X-ABLabel:without a group", "NOTE:one", "NOTE:two", "REV:1")
    assert (record.title, record.notes) == ("first", "one\ntwo")
    assert record.foreign == (ForeignProperty("TITLE:second"), ForeignProperty("X-ABLabel:without a group"))


def test_groups_that_everybody_is_in_are_no_tags() -> None:
    assert read("FN:A", "CATEGORIES:myContacts,Messe", "CATEGORIES:a\\,b,Messe").tags == ("Messe", "a,b")


def test_a_card_without_anything_to_call_it_by_is_refused() -> None:
    with pytest.raises(Unreadable) as failure:
        read("FN: ", "N:;;;;", "NOTE:x", "EMAIL:")
    assert failure.value.reason.code == "no_name"
