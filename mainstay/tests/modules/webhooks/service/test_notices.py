"""What owners are told, in both languages."""

import importlib.resources
import json
from typing import Any

from mainstay.mail.letter import Letter
from mainstay.modules.webhooks.service import notices
from mainstay.modules.webhooks.service.signing import keyring_of
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

ROW: dict[str, Any] = {
    "id": "01926e6a-0000-7000-8000-00000000000e",
    "url": "https://hooks.example.com/t0ken",
    "description": "Books",
}
MAILS = "SELECT id, letter_sealed, recipient, name FROM mail_message"


def texts(language: str) -> dict[str, Any]:
    folder = importlib.resources.files("mainstay.modules.webhooks") / "letters"
    found: dict[str, Any] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    return found


def test_the_letter_is_there_in_both_languages() -> None:
    english, russian = texts("en"), texts("ru")
    assert english.keys() == russian.keys()
    for group in ("facts", "reasons"):
        assert english[group].keys() == russian[group].keys()
    assert english["letters"]["webhooks.disabled"].keys() == russian["letters"]["webhooks.disabled"].keys()


async def test_each_owner_is_written_to_and_learns_no_secret(owner: Client, open_work: WorkOpener) -> None:
    assert owner.person_id is not None
    async with open_work(SYSTEM) as uow:
        await notices.tell_disabled(uow, ROW, "gone")
    async with open_work(SYSTEM) as uow:
        (row,) = await uow.read(MAILS)
        letter = opened(uow, row["letter_sealed"], str(row["id"]))
    assert row["name"] == "webhooks.disabled"
    assert "410" in str(letter.facts)
    assert "hooks.example.com" in str(letter.facts)
    assert "t0ken" not in letter.to_json()


def opened(uow: UnitOfWork, sealed: bytes, owner: str) -> Letter:
    return Letter.from_json(keyring_of(uow).unseal("mail.letter", sealed, owner).decode())
