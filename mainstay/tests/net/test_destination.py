"""Addresses are read strictly."""

import pytest

from mainstay.net.destination import Destination
from mainstay.net.failures import BAD_URL, AddressRefused


def test_an_address_has_its_parts_and_shows_no_secret() -> None:
    place = Destination.of("https://Hooks.Example.com:8443/in?token=s3cret")
    assert (place.scheme, place.host, place.port, place.target) == (
        "https",
        "hooks.example.com",
        8443,
        "/in?token=s3cret",
    )
    assert place.name == "hooks.example.com:8443"
    assert "s3cret" not in repr(place)


def test_what_is_left_out_has_its_usual_value() -> None:
    assert Destination.of("http://a.example") == Destination("http", "a.example", 80, "/")
    assert Destination.of("https://[2606:4700::6810:84e5]").name == "[2606:4700::6810:84e5]:443"


@pytest.mark.parametrize(
    "url", ["ftp://a.example", "https://a.example:0", "https://a.example:99999", "https://" + "a" * 3000]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        Destination.of(url)
    assert refused.value.code == BAD_URL
