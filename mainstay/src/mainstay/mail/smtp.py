"""Hands mails to a mail server (SMTP): encrypted, certificates verified, each step with a time limit."""

import ssl
from contextlib import suppress
from pathlib import Path
from typing import Final

import aiosmtplib

from mainstay.mail.address import clean
from mainstay.mail.courier import NotNow, Refused
from mainstay.mail.message import Mail
from mainstay.mail.report import is_about_address
from mainstay.mail.settings import Server

MOST_TOLD: Final = 200
# "Service not available, closing transmission channel" (RFC 5321, 3.8): of the server, whatever it was asked.
CLOSING: Final = 421
# What the operator or time mends, by the first class that fits.
PASSING: Final[tuple[tuple[type[Exception], str], ...]] = (
    (aiosmtplib.SMTPAuthenticationError, "sign_in_refused"),
    (aiosmtplib.SMTPSenderRefused, "sender_refused"),
    (TimeoutError, "timeout"),
    (OSError, "unreachable"),
    (aiosmtplib.SMTPResponseException, "not_now"),
    # Encryption or the sign-in that we ask for.
    (aiosmtplib.SMTPException, "not_offered"),
)


class SmtpCourier:
    """Opens a connection for each mail: they are few, and a connection that is kept dies unnoticed."""

    def __init__(self, server: Server, timeout: float, ca_file: Path | None = None) -> None:
        self._server = server
        self._timeout = timeout
        # Also where the connection is plain: what it costs once is little, and no path is without it by mistake.
        self._trust = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)

    async def hand_over(self, mail: Mail) -> None:
        """Return when the server has taken the mail. Raises NotNow and Refused.

        Refused is only what the server says about this mail for good (5xx to the recipient or the content). Trouble
        with the sign-in, the sender or the way there is the operator's to mend: the mail waits for it.
        """
        client = self._client(mail.sender.rpartition("@")[2])
        try:
            await client.connect()
            if self._server.user is not None and self._server.password is not None:
                await client.login(self._server.user, self._server.password)
            options = ["SMTPUTF8"] if mail.is_international else []
            await client.sendmail(mail.sender, [mail.recipient], mail.content, mail_options=options)
        except (aiosmtplib.SMTPException, OSError, ValueError) as failure:
            raise _meaning(failure) from failure
        finally:
            # It is taken or not by now, whatever becomes of the farewell.
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=1)
            client.close()

    def _client(self, own_name: str) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=self._timeout,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=self._trust,
            local_hostname=own_name,
        )


def _meaning(failure: Exception) -> NotNow | Refused:
    """Return what a failure means for the mail."""
    if isinstance(failure, aiosmtplib.SMTPRecipientsRefused):
        return _of_reply(failure.recipients[0], is_of_recipient=True)
    if isinstance(failure, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError):
        return _of_reply(failure, is_of_recipient=isinstance(failure, aiosmtplib.SMTPRecipientRefused))
    if isinstance(failure, aiosmtplib.SMTPNotSupported):
        return Refused("letters_not_supported", _told(str(failure)))
    # Before the next: a certificate that is not trusted is a ValueError too.
    if _is_about_trust(failure):
        return NotNow("not_trusted")
    if isinstance(failure, ValueError):
        return Refused("bad_address")
    code = next(code for kind, code in PASSING if isinstance(failure, kind))
    told = failure.message if isinstance(failure, aiosmtplib.SMTPResponseException) else ""
    return NotNow(code, _told(told))


def _of_reply(failure: aiosmtplib.SMTPResponseException, *, is_of_recipient: bool) -> NotNow | Refused:
    code, told = f"status_{failure.code}", _told(failure.message)
    if not 500 <= failure.code <= 599:
        return NotNow(code, told, is_of_mail=failure.code != CLOSING)
    return Refused(code, told, is_bounce=is_of_recipient and is_about_address(told))


def _is_about_trust(failure: BaseException | None) -> bool:
    while failure is not None:
        if isinstance(failure, ssl.SSLError):
            return True
        failure = failure.__cause__ or failure.__context__
    return False


def _told(text: str) -> str:
    """Return what a server said, as one short line: it comes from outside."""
    return clean(text)[:MOST_TOLD]
