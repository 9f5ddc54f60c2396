"""The mailbox of a program in development without a mail server: mails are looked at as they look."""

from collections.abc import Awaitable, Callable, Iterator
from uuid import UUID, uuid4

import pytest

from mainstay.bootstrap.program import Program
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.mail.module import MAIL
from mainstay.testing.client import Client

Send = Callable[..., Awaitable[UUID]]
RunJobs = Callable[[], Awaitable[int]]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program, in development and without a mail server."""
    surroundings = {
        "SECRET_KEY": "wet paint on ninety wooden chairs",
        "DATA_DIR": str(tmp_path_factory.mktemp("drawer")),
        "PORT": "8123",
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in surroundings.items():
            environment.setenv(f"DRAWER_{name}", value)
        yield Program("drawer", "Drawer", "Keeps letters.", "1.0.0", (MAIL, IDENTITY), ("mainstay.migrations",))


async def test_a_mail_is_found_in_the_mailbox_and_shown_as_it_looks(
    owner: Client, send: Send, run_jobs: RunJobs
) -> None:
    key = await send()
    await run_jobs()

    (item,) = (await owner.get("/api/v1/mail/mailbox")).json()["items"]
    html = await owner.get(f"/api/v1/mail/mailbox/{key}/html")
    text = await owner.get(f"/api/v1/mail/mailbox/{key}/text")

    assert (item["id"], item["subject"], item["recipient"]) == (str(key), "A subject", "Ada <ada@engine.example>")
    assert '<h1 class="ink"' in html.text
    assert "A paragraph." in text.text
    assert (html.headers["content-type"], text.headers["content-type"]) == (
        "text/html; charset=utf-8",
        "text/plain; charset=utf-8",
    )


async def test_a_mail_is_shown_under_a_policy_of_its_own_that_allows_no_script(
    owner: Client, send: Send, run_jobs: RunJobs
) -> None:
    key = await send()
    await run_jobs()

    for kind in ("html", "text"):
        headers = (await owner.get(f"/api/v1/mail/mailbox/{key}/{kind}")).headers
        (policy,) = headers.get_list("content-security-policy")
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "allow-scripts" not in policy
        assert headers.get_list("referrer-policy") == ["no-referrer"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


async def test_an_invitation_goes_into_the_mailbox_and_its_link_is_shown_too(owner: Client, run_jobs: RunJobs) -> None:
    """Whoever runs a shop without a mail server still has to hand the link over."""
    body = {"id": str(uuid4()), "name": "Grace", "email": "grace@navy.example", "role": "cashier"}
    answer = (await owner.post("/api/v1/identity/invitations", json=body)).json()
    await run_jobs()

    newest = (await owner.get("/api/v1/mail/mailbox")).json()["items"][0]
    text = (await owner.get(f"/api/v1/mail/mailbox/{newest['id']}/text")).text
    assert answer["is_mailed"] is False
    assert f"http://localhost:8123{answer['link_path']}" in text


async def test_a_mail_that_is_not_there_is_not_found(owner: Client) -> None:
    assert (await owner.get(f"/api/v1/mail/mailbox/{uuid4()}/html")).json()["code"] == "mail.unknown"
