"""Addresses of cards: the seven components of ADR, and the labels that say how an address is read."""

from dataclasses import replace

from tradepost.crm.exchange.kinds import place_kind
from tradepost.crm.exchange.normal import address_text, one_line, some_lines
from tradepost.crm.exchange.record import PostalAddress
from tradepost.crm.exchange.vcard.content_line import ContentLine, Parameter
from tradepost.crm.exchange.vcard.escaping import escape, split, unescape


def read_address(line: ContentLine, label: str, kinds: list[str]) -> PostalAddress:
    """Return the address of an ADR; `label` is what a property beside it says it reads like."""
    parts = [_component(part) for part in split(line.value, ";")] + [""] * 7
    address = PostalAddress(
        "",
        street="\n".join(part for part in parts[:3] if part),
        city=one_line(parts[3]),
        region=one_line(parts[4]),
        postcode=one_line(parts[5]),
        country=one_line(parts[6]),
        kind=place_kind(kinds),
    )
    stated = " ".join(line.values("LABEL"))
    text = some_lines(unescape(stated)) or label or address_text(address)
    return replace(address, text=text)


def write_components(address: PostalAddress) -> str:
    """Return the value of an ADR; an address that is not taken apart stands where the street does."""
    is_whole = not any((address.street, address.city, address.region, address.postcode, address.country))
    street = address.text if is_whole else address.street
    parts = ("", "", street, address.city, address.region, address.postcode, address.country)
    return ";".join(map(escape, parts))


def needs_label(address: PostalAddress) -> bool:
    """Whether the address reads otherwise than its components do."""
    composed = address_text(address)
    return composed not in {"", address.text}


def label_parameter(address: PostalAddress) -> tuple[Parameter, ...]:
    """Return the parameter of version 4.0 that says how the address is read."""
    if not needs_label(address):
        return ()
    return (("LABEL", (address.text.replace("\\", "\\\\").replace("\n", "\\n"),)),)


def _component(part: str) -> str:
    """Return one component; of several values in it (a list), or of text with commas nobody escaped, all."""
    values = (some_lines(unescape(value)) for value in split(part, ","))
    return ", ".join(value for value in values if value)
