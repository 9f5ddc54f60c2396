"""Reports of servers on mails that came back: which mail it was, and whether its address is to blame."""

from uuid import UUID

import pytest
from bounce_reports import report

from mainstay import clock, ids
from mainstay.mail.report import ReturnPath, is_about_address, read_report, return_path_of

MAIL_ID = UUID("01926e6a-0000-7000-8000-00000000000e")
PATH = ReturnPath(MAIL_ID, "abcdefghij_-01234567")
ADDRESS = PATH.address("bounces@shop.example")


def test_a_return_path_tells_its_mail_and_fits_into_an_address() -> None:
    local = ADDRESS.partition("@")[0]
    assert len(PATH.address("sixteen.letters1@shop.example").partition("@")[0]) == 64
    found = read_report(report(ADDRESS))
    assert found is not None
    assert (found.return_path, found.is_bounce) == (PATH, True)
    assert (found.status, found.told) == ("5.1.1", "550 5.1.1 no such person")
    assert local.startswith("bounces+")


@pytest.mark.parametrize("head", ["X-Original-To", "Delivered-To", "Envelope-To", "To"])
def test_mail_systems_note_the_return_path_in_different_places(head: str) -> None:
    found = read_report(report(ADDRESS.upper(), head=head))
    assert found is not None
    assert found.return_path == PATH


@pytest.mark.parametrize(
    ("action", "status", "is_bounce"),
    [
        ("failed", "5.1.1", True),
        ("failed", "5.1.10", True),
        ("failed", "5.2.1 (mailbox off)", True),
        ("failed", "5.1.7", False),
        ("failed", "5.1.8", False),
        ("failed", "5.1.8 (sender)", False),
        ("failed", "5.2.2", False),
        ("failed", "5.7.1", False),
        ("failed", "4.4.7", False),
        ("delayed", "4.4.1", False),
        ("delivered", "2.0.0", False),
    ],
)
def test_only_what_is_about_the_address_for_good_is_a_bounce(action: str, status: str, is_bounce: bool) -> None:
    found = read_report(report(ADDRESS, action=action, status=status))
    assert found is not None
    assert found.is_bounce is is_bounce


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff nothing",
        report("bounces@shop.example"),
        report(f"bounces+short-{PATH.mark}@shop.example"),
        f"To: {ADDRESS}\r\nSubject: I am away\r\n\r\nUntil Monday.".encode(),
    ],
)
def test_what_is_no_report_to_a_return_path_is_none(content: bytes) -> None:
    assert read_report(content) is None


@pytest.mark.parametrize(
    ("told", "is_about"),
    [
        ("no such person", True),
        ("5.1.1 no such person", True),
        ("Unrouteable address", True),
        ("<ada@engine.example>: Recipient address rejected: User unknown in local table", True),
        ("Requested action not taken: mailbox unavailable", True),
        ("5.7.1 not from here", False),
        ("5.2.2 full", False),
        # What is wrong with us is said of everybody: nobody is out of reach for it.
        ("5.1.8 <desk@shop.example>: Sender address rejected: Domain not found", False),
        ("5.1.0 <desk@shop.example>: Sender address rejected: undeliverable address", False),
        ("relay not permitted", False),
        ("Sender verify failed: unknown user", False),
        ("Service unavailable; client host [192.0.2.1] blocked", False),
        ("Access denied", False),
        ("no", False),
    ],
)
def test_a_refusal_is_about_the_address_unless_it_says_otherwise(told: str, is_about: bool) -> None:
    assert is_about_address(told) is is_about


@pytest.mark.parametrize("mark", [b"=?utf-8?q?a?= ", b"a@b.c,", b"a:", b"<", b"("])
def test_a_head_made_to_keep_the_program_busy_costs_little(mark: bytes) -> None:
    """Taken apart as addresses, each of these took seconds, or ended in a fault."""
    began = clock.monotonic()
    assert return_path_of(b"To: " + mark * (250_000 // len(mark)) + b"\n\nx") is None
    assert clock.monotonic() - began < 1.0


def test_a_report_of_endless_parts_in_parts_is_none() -> None:
    levels = "".join(f"--b{at}\nContent-Type: multipart/mixed; boundary=b{at + 1}\n\n" for at in range(3000))
    content = f"To: {ADDRESS}\nContent-Type: multipart/report; boundary=b0\n\n{levels}"
    assert return_path_of(content.encode()) == PATH
    assert read_report(content.encode()) is None


def test_every_id_survives_the_way_through_an_address() -> None:
    for _ in range(50):
        path = ReturnPath(ids.new_id(), PATH.mark)
        found = read_report(report(path.address("b@shop.example")))
        assert found is not None
        assert found.return_path == path
