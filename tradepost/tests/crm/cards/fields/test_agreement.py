"""Addresses of the net held against each other, the name and the firm."""

from tradepost.crm.cards.fields.agreement import agreed
from tradepost.crm.cards.fields.contacts import Contacts, NetItem
from tradepost.crm.cards.fields.segments import Segment
from tradepost.crm.cards.quad import Quad

SEGMENT = Segment("", 0.9, Quad.box(0, 0, 1, 1), 0)


def mended(emails: list[str], websites: list[str], name: str = "", company: str = "") -> tuple[list[str], list[str]]:
    contacts = Contacts(
        phones=(),
        emails=tuple(NetItem(one, SEGMENT) for one in emails),
        websites=tuple(NetItem(one, SEGMENT) for one in websites),
        free=(),
        other=(),
    )
    found = agreed(contacts, name, company)
    return [one.value for one in found.emails], [one.value for one in found.websites]


def test_a_domain_read_in_two_ways_is_that_of_the_firm() -> None:
    emails, websites = mended(
        ["p.k@haeringhermann.com"], ["https://haeringherrmann.com"], company="Haering Herrmann KGaA"
    )
    assert (emails, websites) == (["p.k@haeringherrmann.com"], ["https://haeringherrmann.com"])


def test_two_domains_that_are_not_alike_stay() -> None:
    assert mended(["a@kestrel.de"], ["falcon.de"], company="Kestrel") == (["a@kestrel.de"], ["falcon.de"])


def test_without_a_firm_no_domain_is_preferred() -> None:
    assert mended(["a@haeringhermann.com"], ["haeringherrmann.com"])[0] == ["a@haeringhermann.com"]


def test_a_public_domain_is_never_changed() -> None:
    assert mended(["a@gmail.com"], ["gmail1.com"], company="Gmail1")[0] == ["a@gmail.com"]


def test_an_at_that_was_read_as_a_letter_is_found_beside_the_domain() -> None:
    assert mended([], ["infogkestrel.de", "www.kestrel.de"]) == (["info@kestrel.de"], ["www.kestrel.de"])


def test_a_longer_domain_that_is_marked_as_a_page_stays() -> None:
    assert mended([], ["www.blogkestrel.de", "kestrel.de"]) == ([], ["www.blogkestrel.de", "kestrel.de"])


def test_a_letter_that_stuck_to_a_mailbox_is_taken_off() -> None:
    assert mended(["1odalys.fennimore@k.de"], [], name="Odalys Fennimore")[0] == ["odalys.fennimore@k.de"]
    assert mended(["eo.fennimore@k.de"], [], name="Odalys Fennimore")[0] == ["o.fennimore@k.de"]


def test_an_initial_before_the_family_name_is_no_stuck_letter() -> None:
    assert mended(["ofennimore@k.de", "info@k.de"], [], name="Odalys Fennimore")[0] == ["ofennimore@k.de", "info@k.de"]
