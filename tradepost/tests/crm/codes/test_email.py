"""E-mail addresses and what two of them are compared by."""

import pytest

from tradepost.crm.codes.email import InvalidEmail, email_key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Bob.Smith@EXAMPLE.com", "Bob.Smith@example.com"),
        ("bob.smith+fair@example.com", "bob.smith+fair@example.com"),
        ("zoe@MÜNCHEN.de", "zoe@xn--mnchen-3ya.de"),
        ("zoe@xn--mnchen-3ya.de", "zoe@xn--mnchen-3ya.de"),
        ("иван@почта.рф", "иван@xn--80a1acny.xn--p1ai"),
        ("bob@intranet", "bob@intranet"),
    ],
)
def test_the_domain_is_compared_in_idna_form_and_the_local_part_as_typed(address: str, key: str) -> None:
    """Rule 31: no provider's own rules about dots and plus signs."""
    assert email_key(address) == key


@pytest.mark.parametrize(
    "address", ["bob", "bob@", "@x.com", "a b@x.com", "Bob <bob@x.com>", "bob@x..com", "bob@x.com ", "bob@-x.com"]
)
def test_what_is_no_address_is_refused_with_the_reason(address: str) -> None:
    with pytest.raises(InvalidEmail, match=r"\.$"):
        email_key(address)
