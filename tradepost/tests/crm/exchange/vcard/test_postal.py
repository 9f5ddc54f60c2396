"""Addresses of cards."""

from tradepost.crm.exchange.record import PostalAddress
from tradepost.crm.exchange.vcard.content_line import ContentLine
from tradepost.crm.exchange.vcard.postal import label_parameter, needs_label, read_address, write_components

ADDRESS = PostalAddress("c/o Grün\n10115 Berlin", street="Weg 1; Hof", postcode="10115", city="Berlin")


def test_components_are_written_in_their_order() -> None:
    assert write_components(ADDRESS) == ";;Weg 1\\; Hof;Berlin;;10115;"


def test_a_whole_address_stands_where_the_street_does() -> None:
    assert write_components(PostalAddress("Weg 1\nBerlin")) == ";;Weg 1\\nBerlin;;;;"
    assert not needs_label(PostalAddress("Weg 1\nBerlin"))


def test_a_label_says_how_an_address_is_read() -> None:
    [parameter] = label_parameter(ADDRESS)
    line = ContentLine("ADR", write_components(ADDRESS), (parameter,))
    assert read_address(line, "", ["work"]) == ADDRESS
    assert read_address(ContentLine("ADR", write_components(ADDRESS)), ADDRESS.text, ["work"]) == ADDRESS


def test_boxes_and_further_lines_are_part_of_the_street() -> None:
    found = read_address(ContentLine("ADR", "PF 1;Hof;Weg 1,2;Ulm"), "", ["home"])
    assert found == PostalAddress("PF 1\nHof\nWeg 1, 2\nUlm", street="PF 1\nHof\nWeg 1, 2", city="Ulm", kind="home")
