"""Programs whose mails go to the mail server of this machine, and what tests read in what it got."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from mainstay.bootstrap.program import Program
from mainstay.module import Module
from mainstay.modules.mail.module import MAIL
from mainstay.testing.mail import Received

PUBLIC = "https://shop.example"
# Headers by which a request may say that the program has another name.
POISON = (
    {"Host": "127.0.0.1", "Origin": "http://127.0.0.1"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Server": "evil.example", "X-Host": "evil.example", "X-Forwarded-Proto": "http"},
    {"Forwarded": "host=evil.example;proto=http"},
    {"X-Original-URL": "https://evil.example/reset"},
)


@contextmanager
def with_mail(
    name: str, url: str, folder: Path, modules: tuple[Module, ...], settings: Mapping[str, str] | None = None
) -> Iterator[Program]:
    """Give a program called `name` that sends mails to the server at `url`, with further `settings`."""
    surroundings = {
        "SECRET_KEY": "wet paint on ninety wooden chairs",  # pragma: allowlist secret
        "PUBLIC_URL": PUBLIC,
        "DATA_DIR": str(folder),
        "MAIL_URL": url,
        "MAIL_SENDER": "desk@shop.example",
        "MAIL_SENDER_NAME": "Corner Shop",
        **(settings or {}),
    }
    with pytest.MonkeyPatch.context() as environment:
        for key, value in surroundings.items():
            environment.setenv(f"{name}_{key}".upper(), value)
        yield Program(name, name.title(), "Rings.", "1.0.0", (MAIL, *modules), ("mainstay.migrations",))


def link_in(received: Received) -> str:
    """Return the link of a mail."""
    return next(line for line in received.part("plain").splitlines() if line.startswith("http"))


def token_in(received: Received, page: str) -> str:
    """Return the token of a mail's link, which leads to `page` of the program's own address."""
    address, _, token = link_in(received).partition("#")
    assert address == f"{PUBLIC}{page}"
    return token
