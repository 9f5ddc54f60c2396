"""A program that is identity and mail, with a mail server of the run's own."""

from collections.abc import Awaitable, Callable, Iterator
from uuid import UUID

import pytest

from mainstay.bootstrap.program import Program
from mainstay.mail.letter import Button, Letter
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.mail import api as mail
from mainstay.modules.mail.api import Recipient
from mainstay.modules.mail.module import MAIL
from mainstay.work import SYSTEM, WorkOpener

SECRET = "wet paint on ninety wooden chairs"
PUBLIC = "https://shop.example"
LETTER = Letter(
    "en", "A subject", "A heading", ("A paragraph.",), button=Button("Open", f"{PUBLIC}/join#secret"), reason="A test."
)

Send = Callable[..., Awaitable[UUID]]


@pytest.fixture(scope="session")
def program(post_office_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program under test."""
    surroundings = {
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": PUBLIC,
        "DATA_DIR": str(tmp_path_factory.mktemp("postoffice")),
        "MAIL_URL": post_office_url,
        "MAIL_SENDER": "desk@shop.example",
        "MAIL_SENDER_NAME": "Corner Shop",
        "MAIL_REST": "0.01",
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in surroundings.items():
            environment.setenv(f"POSTOFFICE_{name}", value)
        yield Program("postoffice", "Post", "Sends letters.", "1.0.0", (MAIL, IDENTITY), ("mainstay.migrations",))


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
