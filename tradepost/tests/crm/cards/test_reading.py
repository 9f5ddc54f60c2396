"""What was read becomes a contact."""

from dataclasses import replace

from tradepost.crm.cards.quad import Quad
from tradepost.crm.cards.reading import AddressReading, CardReading, FieldReading, PhoneReading
from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PostalAddress, Website

READ = CardReading(
    place=Quad.box(0, 0, 100, 60),
    certainty=0.9,
    width=1000,
    height=600,
    lines=(),
    name=FieldReading("name", "Dr. Odalys Fennimore", 0.9),
    prefix="Dr.",
    title=FieldReading("title", "Sales Manager", 0.9),
    department=FieldReading("department", "Sales", 0.9),
    company=FieldReading("company", "Kestrel Tools Ltd", 0.9),
    phones=(PhoneReading(FieldReading("phone", "020 7946 0958", 0.9), "+442079460958", "work"),),
    emails=(FieldReading("email", "o@kestrel.de", 0.9),),
    websites=(FieldReading("website", "www.kestrel.de", 0.9),),
    address=AddressReading(FieldReading("address", "14 Lane", 0.9), PostalAddress("14 Lane")),
    language="en",
    engines="rapidocr/3",
)


def test_a_card_is_a_person_at_a_company() -> None:
    """Rules 30 and 33: the number as written beside E.164, the name unsplit."""
    assert READ.to_record() == ContactRecord(
        name="Dr. Odalys Fennimore",
        prefix="Dr.",
        title="Sales Manager",
        department="Sales",
        company="Kestrel Tools Ltd",
        language="en",
        phones=(Phone("020 7946 0958", "+442079460958", "work"),),
        emails=(Email("o@kestrel.de"),),
        websites=(Website("www.kestrel.de"),),
        addresses=(PostalAddress("14 Lane"),),
    )


def test_a_card_without_a_persons_name_is_a_companys() -> None:
    record = replace(READ, name=None, prefix="").to_record()
    assert (record.kind, record.name, record.company) == ("company", "Kestrel Tools Ltd", "")


def test_a_card_that_says_nothing_is_a_person_without_a_name() -> None:
    record = replace(READ, name=None, prefix="", company=None, address=None).to_record()
    assert (record.kind, record.name, record.addresses) == ("person", "", ())


def test_what_a_code_says_goes_before_what_was_read() -> None:
    coded = ContactRecord(
        name="Odalys Fennimore",
        given="Odalys",
        family="Fennimore",
        phones=(Phone("+44 20 7946 0958", "+442079460958", "mobile"), Phone("12")),
        emails=(Email("O@Kestrel.de"),),
        websites=(Website("https://kestrel.de/"), Website("kestrel.de/odalys")),
    )
    record = replace(READ, coded=coded).to_record()
    assert (record.name, record.family, record.prefix) == ("Odalys Fennimore", "Fennimore", "Dr.")
    assert (record.title, record.company) == ("Sales Manager", "Kestrel Tools Ltd")
    assert [phone.kind for phone in record.phones] == ["mobile", "work"]
    assert [email.address for email in record.emails] == ["O@Kestrel.de"]
    assert len(record.websites) == 2


def test_a_code_without_a_name_adds_to_what_was_read() -> None:
    record = replace(READ, coded=ContactRecord(name="", websites=(Website("kestrel.de/odalys"),))).to_record()
    assert record.name == "Dr. Odalys Fennimore"
    assert [website.url for website in record.websites] == ["kestrel.de/odalys", "www.kestrel.de"]
