"""Puts mails into a folder of this machine, one file each, for development."""

import asyncio
import os
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Final
from uuid import UUID

from mainstay.mail.courier import NotNow
from mainstay.mail.message import Mail

# The newest are shown; a folder of a developer grows for years.
MOST_SHOWN: Final = 200


class Mailbox:
    """A folder of mails: `<id>.eml`, as any mail program opens them; ids begin with the time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def hand_over(self, mail: Mail) -> None:
        """Write the mail; a second time the same file. Raises NotNow when the folder cannot be written."""
        try:
            await asyncio.to_thread(self._write, mail)
        except OSError as failure:
            raise NotNow("mailbox_unwritable", failure.strerror or "") from failure

    def _write(self, mail: Mail) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.folder / f".{mail.id}.new"
        # Links in it let people in: for its owner alone.
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "wb") as stream:
            stream.write(mail.content)
        fresh.rename(self.folder / f"{mail.id}.eml")

    def newest(self) -> Iterator[tuple[UUID, EmailMessage]]:
        """Yield the newest mails, the last one first."""
        for path in sorted(self.folder.glob("*.eml"), reverse=True)[:MOST_SHOWN]:
            yield UUID(path.stem), _parse(path.read_bytes())

    def find(self, key: UUID) -> EmailMessage | None:
        """Return one mail; None when there is none with this id."""
        path = self.folder / f"{key}.eml"
        return _parse(path.read_bytes()) if path.exists() else None


def _parse(content: bytes) -> EmailMessage:
    parsed = BytesParser(policy=policy.default).parsebytes(content)
    assert isinstance(parsed, EmailMessage)  # noqa: S101  the policy makes them
    return parsed
