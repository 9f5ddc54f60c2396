"""Handing over to a real server: encrypted or not at all, and what each refusal means."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from mainstay.mail.courier import NotNow, NotTaken, Refused
from mainstay.mail.letter import Letter
from mainstay.mail.message import Envelope, Mail, build
from mainstay.mail.settings import Security, Server
from mainstay.mail.smtp import SmtpCourier
from mainstay.testing.mail import HERE, PASSWORD, USER, MailServer, make_certificate

MakeServer = Callable[..., Awaitable[MailServer]]
MOMENT = datetime(2026, 11, 29, 10, 8, tzinfo=UTC)
LETTER = Letter("en", "Hello", "Hello", ("A line.",), reason="A test.")


def mail(recipient: str = "ada@engine.example") -> Mail:
    return build(Envelope(UUID(int=7), MOMENT, "shop@shop.example", "Shop", recipient, "Ada"), LETTER)


def server(port: int, security: Security = "plain", user: str | None = None, password: str | None = None) -> Server:
    return Server(HERE, port, security, user, password)


async def reason(courier: SmtpCourier, recipient: str = "ada@engine.example") -> tuple[type[Exception], str]:
    with pytest.raises(NotTaken) as failure:
        await courier.hand_over(mail(recipient))
    return failure.type, failure.value.code


async def test_a_mail_arrives_at_its_recipient_as_it_was_built(mail_server: MailServer) -> None:
    await SmtpCourier(server(mail_server.port), 5).hand_over(mail())

    (received,) = mail_server.received
    assert (received.sender, received.recipients) == ("shop@shop.example", ("ada@engine.example",))
    assert received.content == mail().content


async def test_a_server_with_a_trusted_certificate_is_signed_in_to_and_given_the_mail_encrypted(
    make_mail_server: MakeServer, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path / "server.pem")
    place = await make_mail_server("starttls", certificate)

    await SmtpCourier(server(place.port, "starttls", USER, PASSWORD), 5, certificate).hand_over(mail())

    assert [one.was_encrypted for one in place.received] == [True]


async def test_tls_from_the_first_byte(make_mail_server: MakeServer, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "server.pem")
    place = await make_mail_server("tls", certificate)

    await SmtpCourier(server(place.port, "tls"), 5, certificate).hand_over(mail())

    assert len(place.received) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_certificate_that_nobody_vouches_for_gets_no_mail(
    make_mail_server: MakeServer, tmp_path: Path, security: Security
) -> None:
    """Red with `validate_certs=False` and with a context that does not verify."""
    place = await make_mail_server(security, make_certificate(tmp_path / "server.pem"))
    other = make_certificate(tmp_path / "other.pem")

    for trusted in (None, other):
        courier = SmtpCourier(server(place.port, security, *_sign_in(security)), 5, trusted)
        assert await reason(courier) == (NotNow, "not_trusted")

    assert place.received == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_trusted_certificate_of_another_server_gets_no_mail(
    make_mail_server: MakeServer, tmp_path: Path, security: Security
) -> None:
    certificate = make_certificate(tmp_path / "server.pem", name="mail.elsewhere.example", number="127.0.0.9")
    place = await make_mail_server(security, certificate)

    courier = SmtpCourier(server(place.port, security, *_sign_in(security)), 5, certificate)

    assert await reason(courier) == (NotNow, "not_trusted")
    assert place.received == []


@pytest.mark.parametrize("sign_in", [(USER, PASSWORD), (None, None)])
async def test_a_server_that_offers_no_encryption_gets_neither_mail_nor_password(
    mail_server: MailServer, sign_in: tuple[str, str] | tuple[None, None]
) -> None:
    """Red with `start_tls=None`, which takes encryption where it is offered."""
    courier = SmtpCourier(server(mail_server.port, "starttls", *sign_in), 5)

    assert await reason(courier) == (NotNow, "not_offered")
    assert (mail_server.received, mail_server.tries) == ([], 0)


async def test_a_wrong_password_is_the_operators_to_mend(make_mail_server: MakeServer, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "server.pem")
    place = await make_mail_server("starttls", certificate)

    courier = SmtpCourier(server(place.port, "starttls", USER, "wrong"), 5, certificate)

    assert await reason(courier) == (NotNow, "sign_in_refused")


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        ("550 no such person", (Refused, "status_550")),
        ("553 not here", (Refused, "status_553")),
        ("450 mailbox busy", (NotNow, "status_450")),
    ],
)
async def test_what_is_said_of_the_recipient_decides(
    mail_server: MailServer, reply: str, meaning: tuple[type[Exception], str]
) -> None:
    mail_server.replies["ada@engine.example"] = reply

    assert await reason(SmtpCourier(server(mail_server.port), 5)) == meaning


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [("554 no spam here", (Refused, "status_554")), ("451 try later", (NotNow, "status_451"))],
)
async def test_what_is_said_of_the_content_decides(
    mail_server: MailServer, reply: str, meaning: tuple[type[Exception], str]
) -> None:
    mail_server.data_reply = reply

    assert await reason(SmtpCourier(server(mail_server.port), 5)) == meaning


async def test_what_a_server_says_is_kept_as_one_short_line(mail_server: MailServer) -> None:
    mail_server.replies["ada@engine.example"] = "550-" + "x" * 300 + "\r\n550 and\x1b[31m more"

    with pytest.raises(Refused) as failure:
        await SmtpCourier(server(mail_server.port), 5).hand_over(mail())

    assert len(failure.value.told) <= 200
    assert failure.value.told.isprintable()


async def test_a_server_that_is_away_is_tried_later(mail_server: MailServer) -> None:
    await mail_server.stop()

    assert await reason(SmtpCourier(server(mail_server.port), 5)) == (NotNow, "unreachable")


async def test_an_address_with_foreign_letters_needs_a_server_that_knows_them(mail_server: MailServer) -> None:
    """The test server has SMTPUTF8; the address arrives as it is."""
    await SmtpCourier(server(mail_server.port), 5).hand_over(mail("ада@пример.example"))

    assert mail_server.received[0].recipients == ("ада@xn--e1afmkfd.example",)


def _sign_in(security: Security) -> tuple[str, str] | tuple[None, None]:
    return (USER, PASSWORD) if security == "starttls" else (None, None)
