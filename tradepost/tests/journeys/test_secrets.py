"""No secret leaves the program: a journey with secrets that are known, and a search through all that came out."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from marked import (
    Kept,
    Output,
    ask_for_mails,
    become_owner,
    command_lines,
    invite,
    mistype,
    new_secret,
    rows,
    session,
    walk,
    watched,
)

from mainstay import crypto
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.process import ProgramProcess, make_folder
from tradepost.main import make_program

StartProgram = Callable[..., ProgramProcess]
# Every secret that the program can be given. Whoever adds one puts it here, and below into its environment.
SETTINGS = {
    *("secret_key", "accepted_secret_keys", "database_url", "database_owner_url", "google_vision_key", "redis_url"),
    # With the address of a mail server the link of an invitation is shown to nobody; its password stands for both.
    *("mail_password", "mail_url", "metrics_token", "backup_key", "backup_bucket_key", "traces_headers", "errors_dsn"),
    "storage_key",
}
# What whoever plants a leak runs in every process: the access log writes the headers of requests.
LEAK = """
from mainstay.web import access_log
write = access_log.AccessLog._write
def leak(self, scope, *seen):
    self._logger.info("seen", headers=[value.decode("latin-1") for _, value in scope["headers"]])
    write(self, scope, *seen)
access_log.AccessLog._write = leak
"""


@asynccontextmanager
async def running(start: StartProgram, kept: Kept, **environment: str) -> AsyncIterator[ProgramProcess]:
    """Run the program on a database of its own with every secret marked; the key and an address stand in files."""
    folder = make_folder()
    server = EmbeddedPostgres(folder / "data", database="tradepost")
    await asyncio.to_thread(server.start)
    try:
        password = kept.mark("the database's password", new_secret())
        address = server.dsn.replace("@", f":{password}@", 1)
        assert password in address
        (folder / "key").write_text(kept.mark("the key of cookies", new_secret()))
        (folder / "accepted").write_text(f"{kept.mark('a former key of cookies', new_secret())} until=2126-01-01")
        told = {
            "TRADEPOST_DATABASE_URL": address,
            "TRADEPOST_SECRET_KEY_FILE": str(folder / "key"),
            "TRADEPOST_ACCEPTED_SECRET_KEYS_FILE": str(folder / "accepted"),
            "TRADEPOST_GOOGLE_VISION_KEY": kept.mark("the key of card reading", new_secret()),
            "TRADEPOST_REDIS_URL": f"redis://:{kept.mark('the password of Redis', new_secret())}@127.0.0.1:9/0",
            "TRADEPOST_METRICS_TOKEN": kept.mark("the token of whoever reads numbers", new_secret()),
            "TRADEPOST_MAIL_PASSWORD": kept.mark("the password of the mail server", new_secret()),
            "TRADEPOST_BACKUP_KEY": kept.mark("the key of backups", new_secret()),
            "TRADEPOST_TRACES_URL": "http://127.0.0.1:9",
            "TRADEPOST_TRACES_HEADERS": f"X-Key={kept.mark('the key of the collector', new_secret())}",
            "TRADEPOST_ERRORS_DSN": f"http://{kept.mark('the key of the tracker', new_secret())}@127.0.0.1:9/7",
            "TRADEPOST_BACKUP_BUCKET_KEY": kept.mark("the key of the bucket of backups", new_secret()),
            "TRADEPOST_STORAGE_KEY": kept.mark("the key of the bucket of files", new_secret()),
            "TRADEPOST_IDENTITY_SIGN_UP": "true",
            "TRADEPOST_LOG_LEVEL": "debug",
        }
        program = await asyncio.to_thread(start, **told, **environment)
        yield program
        await asyncio.to_thread(server.stop)
        async with watched(program, kept) as client:
            assert (await client.get("/api/v1/identity/setup")).status_code == 503
    finally:
        await asyncio.to_thread(server.stop)


async def journey(start: StartProgram, kept: Kept, **environment: str) -> None:
    """Use every secret in every right and wrong way, and keep what came out."""
    async with running(start, kept, **environment) as program:  # noqa: SIM117  the program outlives its browsers
        async with watched(program, kept) as owner, watched(program, kept) as cashier:
            password = await become_owner(owner, program, kept)
            token = await invite(owner, kept)
            chosen = kept.mark("the cashier's password", new_secret())
            await cashier.post("/api/v1/identity/invitations/check", json={"token": token})
            refused = {"token": token, "password": "short", "name": "Cem", "email": "cem@shop.example"}
            assert (await cashier.post("/api/v1/identity/invitations/accept", json=refused)).status_code == 422
            accepted = {"token": token, "password": chosen}
            session(cashier, await cashier.post("/api/v1/identity/invitations/accept", json=accepted), kept)
            statuses = await mistype(cashier, password, kept)
            assert {400, 401, 403, 422} <= set(statuses), statuses
            await walk(owner, kept)
            await ask_for_mails(cashier, program, kept)
            program.ask("ALTER TABLE mail_message RENAME TO mail_elsewhere")
            assert (await owner.get("/api/v1/mail/status")).status_code == 500
            program.ask("ALTER TABLE mail_elsewhere RENAME TO mail_message")
            kept.outputs.append(Output("the database", rows(program)))
            kept.outputs.append(Output("the list of processes", command_lines(program)))
    kept.add_files([program.log_path, program.notes_path])
    kept.add_files(path for path in program.folder.rglob("*.log"))
    static = make_program().static
    assert static is not None
    kept.add_files(path for path in static.rglob("*") if path.is_file())


def test_every_secret_of_the_settings_is_marked() -> None:
    classes = {type(each) for each in make_program().configuration()}

    assert {f"{kind.section}_{name}".strip("_") for kind in classes for name in kind.secrets()} == SETTINGS


@pytest.mark.journey
@pytest.mark.practice(6, 59)
async def test_no_secret_comes_out_of_the_program(start_program: StartProgram) -> None:
    """Logs, error answers, all other answers, pages, built files, what is stored, and the list of processes."""
    kept = Kept()

    await journey(start_program, kept)

    assert len(kept.secrets) >= 10
    assert {"stdout", "stderr", "the database", "the list of processes", "index.html"} <= {
        output.place for output in kept.outputs
    }
    assert kept.leaks() == []


@pytest.mark.long
@pytest.mark.journey
async def test_a_planted_leak_is_found(start_program: StartProgram, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(LEAK, encoding="utf-8")
    kept = Kept()

    await journey(start_program, kept, PYTHONPATH=os.pathsep.join([str(tmp_path), *filter(None, sys.path)]))

    names = ("a session's cookie", "a session's CSRF token", "a mistyped password")
    assert {f"{name} in stdout" for name in names} <= set(kept.leaks())


def test_a_secret_is_seen_in_an_address_too_and_where_it_is_given_it_is_no_leak() -> None:
    kept = Kept(outputs=[Output("stdout", b"/x?t=a%2Fb"), Output("POST /session", b"a/b")])
    kept.mark("a token", "a/b", "POST /session")
    kept.mark("another", crypto.new_token())

    assert kept.leaks() == ["a token in stdout"]
