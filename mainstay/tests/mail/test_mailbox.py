"""The mailbox of a program in development: files that only their owner reads, the newest first."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from mainstay import ids
from mainstay.mail.courier import NotNow
from mainstay.mail.letter import Letter
from mainstay.mail.mailbox import Mailbox
from mainstay.mail.message import Envelope, Mail, build


def mail(subject: str = "Hello") -> Mail:
    envelope = Envelope(
        ids.new_id(), datetime(2026, 11, 29, tzinfo=UTC), "a@shop.example", "Shop", "ada@engine.example"
    )
    return build(envelope, Letter("en", subject, "Heading", ("Paragraph.",)))


async def test_mails_are_kept_as_files_that_only_their_owner_reads(tmp_path: Path) -> None:
    mailbox, made = Mailbox(tmp_path / "box"), mail()

    await mailbox.hand_over(made)
    await mailbox.hand_over(made)

    (path,) = (tmp_path / "box").iterdir()
    assert path.read_bytes() == made.content
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


async def test_the_newest_is_first(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path)
    for subject in ("one", "two", "three"):
        await mailbox.hand_over(mail(subject))

    assert [message["Subject"] for _, message in mailbox.newest()] == ["three", "two", "one"]


async def test_one_mail_is_found_by_its_id(tmp_path: Path) -> None:
    mailbox, made = Mailbox(tmp_path), mail()
    await mailbox.hand_over(made)

    found = mailbox.find(made.id)

    assert found is not None
    assert found["Subject"] == "Hello"
    assert mailbox.find(UUID(int=1)) is None


def test_a_mailbox_that_nobody_has_written_to_is_empty(tmp_path: Path) -> None:
    assert list(Mailbox(tmp_path / "nowhere").newest()) == []


async def test_a_folder_that_cannot_be_made_keeps_the_mail_waiting(tmp_path: Path) -> None:
    (tmp_path / "box").write_text("a file")

    with pytest.raises(NotNow) as failure:
        await Mailbox(tmp_path / "box").hand_over(mail())

    assert failure.value.code == "mailbox_unwritable"
