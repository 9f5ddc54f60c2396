"""A program that tells people of its backups and of mails that come back, with a mail server of the run's own."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from mainstay.bootstrap.program import Program
from mainstay.mail.settings import Language
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.backup.module import BACKUP
from mainstay.modules.backup.service.letters import MISSED
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.mail.module import MAIL
from mainstay.modules.notifications import api as notifications
from mainstay.modules.notifications.api import Notice
from mainstay.modules.notifications.module import NOTIFICATIONS
from mainstay.testing.client import Client
from mainstay.testing.mail import MailServer, Received
from mainstay.work import SYSTEM, WorkOpener

SURROUNDINGS = {
    "SECRET_KEY": "wet paint on ninety wooden chairs",
    "PUBLIC_URL": "https://shop.example",
    "MAIL_SENDER": "desk@shop.example",
    "MAIL_SENDER_NAME": "Corner Shop",
    "MAIL_BOUNCE_ADDRESS": "bounces@shop.example",
    "MAIL_REST": "0.01",
    # Who loses a right by a statement of a test loses it at once.
    "IDENTITY_SESSION_CACHE": "0",
}
ADDRESS = "SELECT email FROM identity_person WHERE id = $1"
SPEAK = "INSERT INTO mail_reader (person_id, language) VALUES ($1, $2)"

Tell = Callable[..., Awaitable[None]]
MailsTo = Callable[[Client], Awaitable[list[Received]]]
Items = Callable[..., Awaitable[list[dict[str, Any]]]]


@pytest.fixture(scope="session")
def program(post_office_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program under test."""
    surroundings = {**SURROUNDINGS, "MAIL_URL": post_office_url, "DATA_DIR": str(tmp_path_factory.mktemp("crier"))}
    modules = (MAIL, IDENTITY, NOTIFICATIONS, AUDIT, BACKUP)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in surroundings.items():
            environment.setenv(f"CRIER_{name}", value)
        yield Program("crier", "Crier", "Tells people.", "1.0.0", modules, ("mainstay.migrations",))


@pytest.fixture
def tell(open_work: WorkOpener) -> Tell:
    """Tells whoever manages backups that there is none, for a reason."""

    async def tell(reason: str = "The disk is full.", once: str | None = None) -> None:
        async with open_work(SYSTEM) as uow:
            values = {"last": "never", "reason": reason}
            await notifications.notify(uow, Notice(MISSED, values, "/settings", once))

    return tell


@pytest.fixture
def mails_to(
    mail_server: MailServer, run_jobs: Callable[[], Awaitable[int]], open_work: WorkOpener
) -> Callable[[Client], Awaitable[list[Received]]]:
    """Has waiting mails sent, and returns those to a person."""

    async def mails_to(client: Client) -> list[Received]:
        await run_jobs()
        async with open_work(SYSTEM) as uow:
            address = await uow.read_value(ADDRESS, client.person_id)
        return [received for received in mail_server.received if received.recipients == (address,)]

    return mails_to


@pytest.fixture
def items() -> Items:
    """Returns a person's inbox."""

    async def items(client: Client, **query: str) -> list[dict[str, Any]]:
        answer = await client.get("/api/v1/notifications", params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    return items


@pytest.fixture
def speak(open_work: WorkOpener) -> Callable[[Client, Language], Awaitable[None]]:
    """Has a person want mails in a language."""

    async def speak(client: Client, language: Language) -> None:
        async with open_work(SYSTEM) as uow:
            await uow.write(SPEAK, client.person_id, language)

    return speak


@pytest.fixture
def address_of(open_work: WorkOpener) -> Callable[[UUID | None], Awaitable[str]]:
    """Returns a person's address."""

    async def address_of(person_id: UUID | None) -> str:
        async with open_work(SYSTEM) as uow:
            found: str = await uow.read_value(ADDRESS, person_id)
        return found

    return address_of
