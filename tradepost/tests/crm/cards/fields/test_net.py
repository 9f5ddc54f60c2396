"""E-mail addresses and websites of a line."""

import pytest

from tradepost.crm.cards.fields.net import domain_of, emails_in, mend, websites_in


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("E-mail : antoine_julien@baltika.example.fr", ["antoine_julien@baltika.example.fr"]),
        ("kristlane@ kestrel-tools.de", ["kristlane@kestrel-tools.de"]),
        ("E:Odalys.Fennimore@Kestrel .com", ["Odalys.Fennimore@Kestrel.com"]),
        ("post@zavo.io / zavo.io", ["post@zavo.io"]),
        ("info@münchen-tools.de", ["info@münchen-tools.de"]),
        ("@kestrel", []),
        ("kestrel-tools.de", []),
    ],
)
def test_emails_of_a_line_are_kept_as_written(text: str, emails: list[str]) -> None:
    """Rule 31: the local part is kept as typed."""
    assert [one.value for one in emails_in(mend(text))] == emails


@pytest.mark.parametrize(
    ("text", "websites"),
    [
        ("www.kestrel-tools.co.uk", ["www.kestrel-tools.co.uk"]),
        ("Web: https://www.kestrel.de/team", ["https://www.kestrel.de/team"]),
        ("hittps://kestrel.de", ["https://kestrel.de"]),
        ("https: //www.zenith.de", ["https://www.zenith.de"]),
        ("WWW,kestrel.com", ["WWW.kestrel.com"]),
        ("granit.ru", ["granit.ru"]),
        ("www.фирма.рф", ["www.фирма.рф"]),
        ("odalys@kestrel.de", []),
        ("linkedin.com/in/odalys", []),
        ("t.me/burova", []),
        ("Dipl.-Ing. Maschinenbau", []),
        ("Dumas S.A.R.L.", []),
        ("No. 5", []),
    ],
)
def test_websites_of_a_line(text: str, websites: list[str]) -> None:
    assert [one.value for one in websites_in(mend(text))] == websites


def test_a_span_says_where_a_value_stands() -> None:
    (found,) = emails_in("E odalys@kestrel.de")
    assert (found.start, found.end) == (2, 19)


@pytest.mark.parametrize(
    "value", ["odalys@Kestrel.de", "https://www.kestrel.de/team", "KESTREL.de", "http://kestrel.de"]
)
def test_the_domain_is_compared_without_what_stands_around_it(value: str) -> None:
    assert domain_of(value) == "kestrel.de"
