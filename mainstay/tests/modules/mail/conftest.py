"""A program that is identity and mail, set up anew for each test: with a server of the test's own, unless it says so."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest

from mainstay.bootstrap.program import Program
from mainstay.mail.letter import Button, Letter
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.mail import api as mail
from mainstay.modules.mail.api import Recipient
from mainstay.modules.mail.module import MAIL
from mainstay.testing.mail import MailServer
from mainstay.work import SYSTEM, WorkOpener

SECRET = "wet paint on nine wooden chairs"
PUBLIC = "https://shop.example"
LETTER = Letter(
    "en", "A subject", "A heading", ("A paragraph.",), button=Button("Open", f"{PUBLIC}/join#secret"), reason="A test."
)

Send = Callable[..., Awaitable[UUID]]


@pytest.fixture
def surroundings(mail_server: MailServer, tmp_path: Path) -> dict[str, str]:
    """What the environment says, without the program's name; a test module overrides it."""
    return {
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": PUBLIC,
        "DATA_DIR": str(tmp_path),
        "MAIL_URL": mail_server.url,
        "MAIL_SENDER": "desk@shop.example",
        "MAIL_SENDER_NAME": "Corner Shop",
        "MAIL_REST": "0.01",
    }


@pytest.fixture
def program(surroundings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program under test, another one each time because its settings are."""
    for name, value in surroundings.items():
        monkeypatch.setenv(f"POSTOFFICE_{name}", value)
    return Program(
        name="postoffice",
        title="Post office",
        description="Sends letters.",
        version="1.0.0",
        modules=(MAIL, IDENTITY),
        migrations=("mainstay.migrations",),
    )


@pytest.fixture
def send(open_work: WorkOpener) -> Send:
    """Has a letter sent, and returns the id of the mail."""

    async def send(address: str = "ada@engine.example", name: str = "Ada", letter: Letter = LETTER) -> UUID:
        async with open_work(SYSTEM) as uow:
            await mail.send(uow, "test.letter", Recipient(address, name), letter)
        async with open_work(SYSTEM) as uow:
            key: UUID = await uow.read_value("SELECT id FROM mail_message ORDER BY created_at DESC, id DESC LIMIT 1")
        return key

    return send
