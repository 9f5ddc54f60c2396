"""A letter as a mail: its head, its plain text and its HTML, the same bytes at every try."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Final
from uuid import UUID

from mainstay.mail.address import clean, head_line, mailbox
from mainstay.mail.letter import Letter, lay_out

MOST_SUBJECT: Final = 150
UNSUBSCRIBE: Final = "List-Unsubscribe"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Between whom a mail goes, and what makes it recognisable: its id and the moment at which it was wanted.

    `return_path` is where servers send it back to that cannot deliver it; without one, to the sender.
    """

    id: UUID
    moment: datetime
    sender: str
    sender_name: str
    recipient: str
    recipient_name: str = ""
    return_path: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """What is handed over: the addresses for the server, and the message. `is_international`: it needs SMTPUTF8.

    `sender` is where the mail comes back to when it cannot be delivered.
    """

    id: UUID
    sender: str
    recipient: str
    content: bytes
    is_international: bool


class _Unfolded(EmailPolicy):
    """Leaves an address in the head in one line: folded, it would become encoded words, which no program follows."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a line of the head as it is sent."""
        if name == UNSUBSCRIBE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


def build(envelope: Envelope, letter: Letter) -> Mail:
    """Return the mail of a letter. Raises BadAddress.

    Its Message-ID follows from the envelope's id: a mail that was handed over twice, because the first answer was lost,
    carries the same one. `Auto-Submitted` (RFC 3834) keeps absence notes from answering.
    """
    sender = mailbox(envelope.sender_name, envelope.sender)
    recipient = mailbox(envelope.recipient_name, envelope.recipient)
    is_international = not recipient.addr_spec.isascii() or not sender.addr_spec.isascii()
    message = EmailMessage(policy=_Unfolded(linesep="\r\n", utf8=is_international))
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = head_line(letter.subject)[:MOST_SUBJECT]
    message["Date"] = envelope.moment
    message["Message-ID"] = f"<{envelope.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if letter.leaving is not None:
        message[UNSUBSCRIBE] = f"<{letter.leaving.one_click}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text, html = lay_out(letter, clean(envelope.sender_name))
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # Headers about the content that are set before would move into the first part.
    message["Content-Language"] = letter.language
    # What divides the parts follows from the id too.
    message.set_boundary(f"part-{envelope.id.hex}")
    back = envelope.return_path or sender.addr_spec
    return Mail(envelope.id, back, recipient.addr_spec, message.as_bytes(), is_international)
