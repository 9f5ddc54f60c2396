"""Reports of mail servers on what they could not deliver (RFC 3464), and return paths that tell which mail it was."""

import base64
import binascii
import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final
from uuid import UUID

from mainstay.mail.address import clean

MOST_TOLD: Final = 200
# A report with the mail that came back has some ten parts; each level of parts costs at every line below it.
MOST_PARTS: Final = 50
_PARTS: Final = re.compile(rb"^content-type:", re.IGNORECASE | re.MULTILINE)
# Where mail systems note the address that a message came to, the surest first.
_CAME_TO: Final = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
_RETURN_PATH: Final = re.compile(r"\+([a-z2-7]{26})-([a-z0-9_-]{20})@", re.IGNORECASE)
# Of what a server says of a recipient for good, this is about the address (RFC 3463): the mailbox or the domain is not
# there (5.1.x), or it is switched off (5.2.1). All else is about who sends and what, 5.1.7 and 5.1.8 among it, and a
# full mailbox is emptied.
_ABOUT_ADDRESS: Final = re.compile(r"5\.(?:1\.(?![78]$)[0-9]{1,3}|2\.[01])")
# Many servers give no such status. What is said of the sender is said of every recipient alike: it silences nobody.
_ABOUT_US: Final = re.compile(
    r"sender|relay|spam|block|listed|polic|denied|permitted|client|helo|spf|dkim|dmarc", re.IGNORECASE
)
_ABOUT_NOBODY: Final = re.compile(
    r"no such|unknown|not (?:found|known|exist|a valid)|n't (?:exist|have|list)|not have|unrout|invalid|"
    r"no (?:mailbox|user|account)|disabled|inactive|unavailable|recipient address rejected",
    re.IGNORECASE,
)
_STATUS: Final = re.compile(r"\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """What a return path tells: of which mail it is, and the mark that proves that we made it."""

    mail_id: UUID
    mark: str

    def address(self, base: str) -> str:
        """Return it as an address: that of `base` with a suffix after `+`, as mailboxes with suffixes take it."""
        local, _, domain = base.rpartition("@")
        short = base64.b32encode(self.mail_id.bytes).decode().rstrip("=").lower()
        return f"{local}+{short}-{self.mark}@{domain}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says: where it came to, whether the mail failed because of its address, the status, and words."""

    return_path: ReturnPath
    is_bounce: bool
    status: str
    told: str


def is_about_address(told: str) -> bool:
    """Say whether a server that refused a recipient for good (5xx) did so because of the address.

    Where it gives no detailed status (RFC 3463), its words decide; in doubt it is no bounce, and the mail is refused.
    """
    if "sender" in told.lower():
        return False
    status = _STATUS.search(told)
    if status is not None:
        return _ABOUT_ADDRESS.fullmatch(status[0]) is not None
    return _ABOUT_US.search(told) is None and _ABOUT_NOBODY.search(told) is not None


def return_path_of(content: bytes) -> ReturnPath | None:
    """Return to which return path a message came, whatever it is; it costs little, for anybody may send one.

    Lines of the head stay text: taken apart as addresses, a few hundred kilobytes of them take minutes.
    """
    return _return_path(BytesParser(policy=compat32).parsebytes(content, headersonly=True))


def read_report(content: bytes) -> Report | None:
    """Return what a message says of a mail that came back; None when it is no report to a return path of ours."""
    path = return_path_of(content)
    if path is None or len(_PARTS.findall(content)) > MOST_PARTS:
        return None
    message = BytesParser(policy=compat32).parsebytes(content)
    if message.get_content_type() != "multipart/report":
        return None
    blocks = [block for part in message.walk() for block in _blocks(part)]
    failed = next((block for block in blocks if _field(block, "Action").lower() == "failed"), None)
    if failed is None:
        return Report(path, is_bounce=False, status="", told="")
    status = _field(failed, "Status").partition(" ")[0]
    told = _field(failed, "Diagnostic-Code").partition(";")[2].strip() or status
    is_bounce = _ABOUT_ADDRESS.fullmatch(status) is not None and "sender" not in told.lower()
    return Report(path, is_bounce, status, told[:MOST_TOLD])


def _blocks(part: Message) -> list[Message]:
    """Return the blocks of fields of a report's part: one on the message, and one for each recipient."""
    if part.get_content_type() != "message/delivery-status":
        return []
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _field(block: Message, name: str) -> str:
    return clean(str(block.get(name, "")))


def _return_path(message: Message) -> ReturnPath | None:
    for name in _CAME_TO:
        for value in message.get_all(name, []):
            found = _RETURN_PATH.search(str(value))
            if found is not None:
                return _decoded(found[1], found[2])
    return None


def _decoded(short: str, mark: str) -> ReturnPath | None:
    try:
        return ReturnPath(UUID(bytes=base64.b32decode(f"{short.upper()}======")), mark.lower())
    except (binascii.Error, ValueError):
        return None
