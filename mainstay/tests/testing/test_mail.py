"""The mail server of tests takes mails, refuses them as told, and goes away and comes back at the same address."""

from uuid import UUID

import pytest

from mainstay.mail.courier import NotNow
from mainstay.mail.letter import Letter
from mainstay.mail.message import Envelope, build
from mainstay.mail.settings import Server
from mainstay.mail.smtp import SmtpCourier
from mainstay.testing.frozen import FrozenClock
from mainstay.testing.mail import HERE, MailServer


async def test_it_goes_away_and_comes_back_as_new(mail_server: MailServer, clock: FrozenClock) -> None:
    courier = SmtpCourier(Server(HERE, mail_server.port, "plain"), 5)
    envelope = Envelope(UUID(int=7), clock.now(), "desk@shop.example", "Shop", "ada@engine.example")
    mail = build(envelope, Letter("en", "Hello", "Hello", ("A line.",)))
    port = mail_server.port

    await courier.hand_over(mail)
    assert "A line." in mail_server.received[0].part("plain")
    await mail_server.stop()
    with pytest.raises(NotNow):
        await courier.hand_over(mail)
    await mail_server.refresh()
    await courier.hand_over(mail)

    assert (len(mail_server.received), mail_server.port) == (1, port)
