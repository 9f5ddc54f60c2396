"""No secret leaves the program: a journey with secrets that are known, and a search through all that came out."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
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
    sign_in,
    walk,
    watched,
)
from marked.seen import SALES, Seen, Step, arrived, pay

from mainstay import crypto
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.clusters import lay
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
# A program that logs whatever it is sent, and tells of it in its traces.
TALKATIVE = """
from mainstay.observe import logs, otlp, tracker, troubles
from mainstay.web import access_log, tracing
write, describe, tell = access_log.AccessLog._write, tracing._describe, troubles.tell
def seen(scope):
    return [value.decode("latin-1") for _, value in scope["headers"]]
def write_more(self, scope, *others):
    self._logger.info("seen", headers=scope["headers"], values=seen(scope), said=" ".join(seen(scope)))
    write(self, scope, *others)
access_log.AccessLog._write = write_more
"""
# And one whose guards are away.
LEAK = f"""{TALKATIVE}
def describe_more(step, scope):
    describe(step, scope)
    if step.trace.is_sampled:
        step.attributes["headers"] = " ".join(seen(scope))
def tell_more(line, said, fields):
    tell(line, f"{{said}} {{fields.get('exc_info')}}".replace(chr(10), " "), fields)
def as_it_is(text):
    return text
logs.cleaned = logs.redacted = troubles.scrubbed = as_it_is
logs.is_secret = lambda name: False
tracing._describe, troubles.tell = describe_more, tell_more
"""
SESSION = "/api/v1/identity/session"
# What the story of a customer and a cashier is made of, as logs and traces tell it.
STEPS: set[Step] = {
    *((SESSION, 401), (SESSION, 201), ("/api/v1/identity/resets", 202), ("/api/v1/identity/resets/use", 204)),
    *((SALES, 201), (SALES, 500), (None, 404)),
}
CRASHED = {SALES, "/api/v1/mail/status"}


@pytest.fixture
def seen() -> Iterator[Seen]:
    """Who receives the program's traces and errors."""
    with Seen().listening() as seen:
        yield seen


@asynccontextmanager
async def running(start: StartProgram, kept: Kept, seen: Seen, **environment: str) -> AsyncIterator[ProgramProcess]:
    """Run the program on a database of its own with every secret marked; the key and an address stand in files."""
    folder = make_folder()
    lay("tradepost", folder / "data")
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
            "TRADEPOST_TRACES_URL": seen.collector.url,
            "TRADEPOST_TRACES_SECONDS": "0.2",
            "TRADEPOST_TRACES_HEADERS": f"X-Key={kept.mark('the key of the collector', new_secret())}",
            "TRADEPOST_ERRORS_DSN": seen.dsn(kept.mark("the key of the tracker", new_secret())),
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


async def journey(start: StartProgram, kept: Kept, seen: Seen, **environment: str) -> None:
    """Use every secret in every right and wrong way, and keep what came out."""
    async with running(start, kept, seen, **environment) as program:
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
            await sign_in(cashier, await ask_for_mails(cashier, program, kept), kept)
            await pay(owner, program, seen, kept)
            program.ask("ALTER TABLE mail_message RENAME TO mail_elsewhere")
            assert (await owner.get("/api/v1/mail/status")).status_code == 500
            program.ask("ALTER TABLE mail_elsewhere RENAME TO mail_message")
            kept.outputs.append(Output("the database", rows(program)))
            kept.outputs.append(Output("the list of processes", command_lines(program)))
        await arrived(seen, STEPS, CRASHED)
    kept.add_files([program.log_path, program.notes_path])
    kept.add_files(path for path in program.folder.rglob("*.log"))
    static = make_program().static
    assert static is not None
    kept.add_files(path for path in static.rglob("*") if path.is_file())
    told = seen.outputs(program)
    kept.outputs += told
    seen.people.outputs += told
    assert seen.in_log(program) >= STEPS, "an empty log has no secrets"


def test_every_secret_of_the_settings_is_marked() -> None:
    classes = {type(each) for each in make_program().configuration()}

    assert {f"{kind.section}_{name}".strip("_") for kind in classes for name in kind.secrets()} == SETTINGS


@pytest.mark.journey
@pytest.mark.practice(6, 59)
async def test_neither_secrets_nor_personal_data_come_out_of_the_program(
    start_program: StartProgram, seen: Seen
) -> None:
    """Logs, traces, reported errors, error answers, all other answers, pages, built files, the stored, the processes.

    The story has sign-ins with wrong and right passwords, a reset by its link, payments by card, and crashes.
    """
    kept = Kept()

    await journey(start_program, kept, seen)

    assert len(kept.secrets) >= 10
    assert {"stdout", "stderr", "traces", "errors", "the database", "the list of processes", "index.html"} <= {
        output.place for output in kept.outputs
    }
    assert kept.leaks() == []
    assert {output.place for output in seen.people.outputs} == {"stdout", "traces", "errors"}
    assert seen.people.leaks() == []


@pytest.mark.long
@pytest.mark.journey
async def test_a_program_that_logs_whatever_it_is_sent_tells_nothing(
    start_program: StartProgram, seen: Seen, tmp_path: Path
) -> None:
    kept = Kept()

    await journey(start_program, kept, seen, **planted(tmp_path, TALKATIVE))

    assert b'"event":"seen"' in next(each.content for each in kept.outputs if each.place == "stdout")
    assert kept.leaks() == []
    assert seen.people.leaks() == []


@pytest.mark.long
@pytest.mark.journey
async def test_a_planted_leak_is_found_in_logs_traces_and_errors(
    start_program: StartProgram, seen: Seen, tmp_path: Path
) -> None:
    kept = Kept()

    await journey(start_program, kept, seen, **planted(tmp_path, LEAK))

    names = ("a session's cookie", "a session's CSRF token", "a mistyped password")
    assert {f"{name} in {place}" for name in names for place in ("stdout", "traces")} <= set(kept.leaks())
    assert {f"a token in an exception in {place}" for place in ("stdout", "errors")} <= set(kept.leaks())
    names = ("a customer's address", "a customer's card", "a customer's phone")
    assert {f"{name} in {place}" for name in names for place in ("stdout", "errors")} <= set(seen.people.leaks())


def planted(folder: Path, code: str) -> dict[str, str]:
    """Return what has every process of a program run some code when it starts."""
    (folder / "sitecustomize.py").write_text(code, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), *filter(None, sys.path)])}


def test_a_secret_is_seen_in_an_address_too_and_where_it_is_given_it_is_no_leak() -> None:
    kept = Kept(outputs=[Output("stdout", b"/x?t=a%2Fb"), Output("POST /session", b"a/b")])
    kept.mark("a token", "a/b", "POST /session")
    kept.mark("another", crypto.new_token())

    assert kept.leaks() == ["a token in stdout"]
