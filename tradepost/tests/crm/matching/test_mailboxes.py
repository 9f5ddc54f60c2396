"""E-mail addresses and domains for comparison."""

import pytest

from tradepost.crm.matching.mailboxes import is_shared, normal_domain, normal_email, own_domain


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Anna.Petrova@Example.COM", "Anna.Petrova@example.com"),
        (" ivan@БЮРО.рф ", "ivan@xn--90a0af9c.xn--p1ai"),
        ("ann.b+shop@gmail.com", "ann.b+shop@gmail.com"),
        ("@example.com", ""),
        ("nobody", ""),
    ],
)
def test_the_domain_is_normal_and_the_local_part_as_typed(typed: str, normal: str) -> None:
    """Rule 31: no rules of single providers about dots and plus signs."""
    assert normal_email(typed) == normal


def test_a_domain_without_idna_form_is_compared_in_lower_case() -> None:
    assert normal_domain("Ä" * 80 + ".DE") == "ä" * 80 + ".de"


def test_mailboxes_of_roles_are_shared() -> None:
    assert is_shared("Info@example.com")
    assert is_shared("sales2@example.com")
    assert not is_shared("anna@example.com")


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.Example.com/me?x=1", "example.com"),
        ("example.com:8080", "example.com"),
        ("anna@romashka.ru", "romashka.ru"),
        ("anna@gmail.com", ""),
        ("https://www.linkedin.com/in/anna", ""),
        ("localhost", ""),
    ],
)
def test_a_domain_of_ones_own_is_no_free_mail_and_no_shared_site(text: str, domain: str) -> None:
    assert own_domain(text) == domain
