"""Contacts that Hypothesis makes for the tests of duplicates: few distinct parts, so that many are shared."""

from hypothesis import strategies as st

from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Phone, PostalAddress, Website

NAMES = st.sampled_from(
    [
        "Anna Petrova",
        "Анна Петрова",
        "A. Petrova",
        "Marina Petrova",
        "Hans Müller",
        "Hans Mueller jun",
        "Bob Lee",
        "",
        "李明",
    ]
) | st.text(max_size=20)
PHONES = st.builds(
    Phone,
    st.sampled_from(["123-45-67", "+7 916 123-45-67", "1"]),
    st.sampled_from([None, "+79161234567", "+74951234567"]),
    st.sampled_from(["work", "mobile", "fax"]),
)
EMAILS = st.builds(
    Email, st.sampled_from(["anna@example.com", "ANNA@example.com", "info@example.com", "x@gmail.com", "@"])
)
SITES = st.builds(
    Website, st.sampled_from(["example.com", "https://www.example.org/a", "linkedin.com/in/a"]) | st.text(max_size=9)
)
ADDRESSES = st.builds(
    PostalAddress,
    st.sampled_from(["", "Hauptstr. 5, 10115 Berlin"]),
    st.sampled_from(["", "Hauptstraße 5", "Haputstr. 5"]),
    st.sampled_from(["", "10115"]),
    st.sampled_from(["", "Berlin", "Берлин"]),
)


def records() -> st.SearchStrategy[ContactRecord]:
    """Return contacts of either kind."""
    return st.builds(
        ContactRecord,
        name=NAMES,
        kind=st.sampled_from(["person", "company"]),
        given=st.sampled_from(["", "Anna"]),
        company=st.sampled_from(["", "ООО Ромашка", "Romashka LLC", "Romaschka", "Meier GmbH"]),
        title=st.sampled_from(["", "Director"]),
        suffix=st.sampled_from(["", "jr", "sr"]),
        phones=st.lists(PHONES, max_size=3).map(tuple),
        emails=st.lists(EMAILS, max_size=2).map(tuple),
        websites=st.lists(SITES, max_size=2).map(tuple),
        addresses=st.lists(ADDRESSES, max_size=2).map(tuple),
        foreign=st.sampled_from([(), (ForeignProperty("BDAY:19800229"),), (ForeignProperty("BDAY:19810101"),)]),
    )
