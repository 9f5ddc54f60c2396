"""The program's secret is exchanged as the runbook says, and whoever works in the shop meanwhile notices nothing."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from authenticator import App
from factor_calls import enrol_app

from mainstay import crypto, ids
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.keyring import Accepted, Keyring, accepted_keys, read_secret
from mainstay.modules.identity.service import totp
from mainstay.testing.client import Client
from mainstay.testing.clusters import lay
from mainstay.testing.process import OWNER_EMAIL, ProgramProcess, make_folder

StartProgram = Callable[..., ProgramProcess]
RUNBOOK = Path(__file__).parents[3] / "docs/runbooks/key-rotation.md"
IDENTITY = "/api/v1/identity"
PASSWORD = "three quiet green trains"  # pragma: allowlist secret

ADD_APPS = """
WITH given AS (
    SELECT * FROM unnest(%s::uuid[], %s::bytea[]) AS one (person_id, sealed)
), person AS (
    INSERT INTO identity_person (id, email, email_key, name, role, password_hash)
    SELECT person_id, person_id::text, person_id::text, 'Ada', 'cashier', 'none' FROM given RETURNING id
)
INSERT INTO identity_totp (id, person_id, secret_sealed, confirmed_at)
SELECT gen_random_uuid(), person_id, sealed, now() FROM given JOIN person ON person.id = given.person_id
"""
# What whoever plants a power cut runs in the command: it ends like `kill -9` at some call of a function.
CUT = """
import os, signal
import {module} as place
original, left = place.{name}, [{calls}]
def cut(*arguments, **named):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*arguments, **named)
place.{name} = cut
"""


def commands(heading: str) -> list[str]:
    """Return the blocks of commands under a heading of the runbook."""
    (part,) = (part for part in RUNBOOK.read_text().split("\n## ") if part.startswith(heading))
    return [dedent(block) for block in re.findall(r"^ *```sh\n(.*?)^ *```$", part, re.MULTILINE | re.DOTALL)]


async def run(program: ProgramProcess, script: str, **environment: str) -> str:
    """Run a block of the runbook as an operator does; return what it printed. Raises AssertionError when it fails."""
    code, said = await attempt(program, script, **environment)
    assert code == 0, said
    return said


async def attempt(program: ProgramProcess, script: str, **environment: str) -> tuple[int, str]:
    """Run a block with the settings of the program; return the exit code and what it printed."""
    variables = {**program._variables(), **environment}
    variables["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), variables["PATH"]))
    result = await asyncio.to_thread(
        subprocess.run, ["sh", "-ec", script], env=variables, capture_output=True, text=True, check=False
    )
    return result.returncode, result.stdout + result.stderr


@dataclass(slots=True)
class Work:
    """What somebody had in hand before the exchange: a session with its CSRF token, an app, a list, a link."""

    client: Client
    password: str
    app: App
    cursor: str
    link: str
    device: str

    @classmethod
    async def begin(cls, client: Client, password: str) -> "Work":
        """Have all of it made by the program, as it is now."""
        app = await enrol_app(client)
        person = {"id": str(ids.new_id()), "name": "Cem", "email": "cem@shop.example", "role": "cashier"}
        invited = await client.post(f"{IDENTITY}/invitations", json=person)
        token = str(invited.json()["link_path"]).partition("#")[2]
        async with Client(str(client.base_url)) as other:
            joined = other.adopt(
                await other.post(f"{IDENTITY}/invitations/accept", json={"token": token, "password": PASSWORD})
            )
        made = await client.post(f"{IDENTITY}/people/{joined['person']['id']}/reset-link")
        assert made.status_code == 201, made.text
        page = (await client.get("/api/v1/audit/entries", params={"limit": 1})).json()
        cookies = {cookie.name: cookie.value or "" for cookie in client.cookies.jar}
        link = str(made.json()["link_path"]).partition("#")[2]
        return cls(client, password, app, page["next_cursor"], link, cookies["__Host-tradepost-device"])

    async def goes_on(self, program: ProgramProcess, step: int | None = None) -> None:
        """Use all of it at a program, in the pages that were open; `step` is of an app's code that was not used yet."""
        async with Client(program.address, timeout=30.0) as here:
            here.cookies.update(self.client.cookies)
            here.csrf_token = self.client.csrf_token
            assert (await here.get(f"{IDENTITY}/session")).status_code == 200
            assert await write(here) == 200
            listed = await here.get("/api/v1/audit/entries", params={"limit": 1, "cursor": self.cursor})
            assert listed.status_code == 200, listed.text
            looked = await here.post(f"{IDENTITY}/resets/check", json={"token": self.link})
            assert looked.status_code == 200, looked.text
            if step is not None:
                await self.sign_in(here, step)

    async def sign_in(self, client: Client, step: int) -> None:
        """Sign in anew, with the app that was set up before; in a window of its own of the same browser."""
        async with Client(str(client.base_url), timeout=30.0) as fresh:
            fresh.cookies.set("__Host-tradepost-device", self.device, domain="localhost.local")
            first = await fresh.post(f"{IDENTITY}/session", json={"email": OWNER_EMAIL, "password": self.password})
            assert first.status_code == 202, first.text
            code = {"kind": "totp", "code": self.app.code(step)}
            fresh.adopt(await fresh.post(f"{IDENTITY}/session/second-step", json=code))


async def write(client: Client) -> int:
    """Change something with the CSRF token of a page; return the status."""
    account = (await client.get(f"{IDENTITY}/account")).json()
    answer = await client.patch(f"{IDENTITY}/account", json={"name": "Olga", "version": account["version"]})
    return answer.status_code


def allow_again(program: ProgramProcess) -> None:
    """Let time pass for the app's codes: the present one may be used once more."""
    program.ask("UPDATE identity_totp SET last_step = 0")


def kept(program: ProgramProcess) -> Keyring:
    """The keys in the data folder."""
    return Keyring(
        read_secret(program.data_dir / "secret.key").get_secret_value().encode(),
        accepted_keys(read_secret(program.data_dir / "secret.accepted")),
    )


def opened(program: ProgramProcess, keyring: Keyring) -> int:
    """Open the key of every app; return how many there are. Raises Unreadable."""
    rows = program.ask("SELECT person_id::text, secret_sealed FROM identity_totp")
    return sum(bool(keyring.unseal(totp.PURPOSE, bytes(sealed), owner)) for owner, sealed in rows)


@pytest.mark.long
@pytest.mark.journey
async def test_on_one_machine_the_secret_is_exchanged_while_the_shop_works(start_program: StartProgram) -> None:
    """The commands of the runbook, beside the running program; every cookie, token, list and link of before works."""
    exchange, finish = commands("One machine")
    program = await asyncio.to_thread(start_program)
    async with program.owner() as owner:
        assert program._owner_password is not None
        work = await Work.begin(owner, program._owner_password)
        before = kept(program)

        said = await run(program, exchange)

        assert f"what {before.name} signed stays good until" in said
        assert "1 values were sealed anew." in said
        await work.goes_on(program, step=1)
        async with program.client() as other:
            assert (await other.get(f"{IDENTITY}/session")).status_code == 401
        assert opened(program, Keyring(present(program).encode())) == 1

        code, refused = await attempt(program, finish)
        assert (code, "wait a minute" in refused) == (1, True), refused
        os.utime(program.data_dir / "secret.key", (1000, 1000))
        said += await run(program, finish)
        assert f"Dropped {before.name}" in said

        allow_again(program)
        await refused_as_forged(program, work)
        await work.sign_in(owner, 0)
        await asyncio.to_thread(program.restart)
        allow_again(program)
        await work.sign_in(Client(program.address), 0)
    assert_nothing_secret_was_told(program, said, before)


async def refused_as_forged(program: ProgramProcess, work: Work) -> None:
    """A page that was open all the while must be loaded again once the former secret is dropped."""
    async with Client(program.address, timeout=30.0) as here:
        here.cookies.update(work.client.cookies)
        here.csrf_token = work.client.csrf_token
        assert await write(here) == 403
        here.csrf_token = (await here.get(f"{IDENTITY}/session")).json()["csrf_token"]
        assert await write(here) == 200


def present(program: ProgramProcess) -> str:
    return (program.data_dir / "secret.key").read_text()


def assert_nothing_secret_was_told(program: ProgramProcess, said: str, former: Keyring) -> None:
    told = said + program.log_path.read_text() + program.notes()
    assert former.name in told, "only its name"
    for key in (present(program), former._key.decode()):
        assert key not in told


# -- many machines -----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def two_programs(start: StartProgram, secrets: Path) -> AsyncIterator[tuple[ProgramProcess, ProgramProcess]]:
    """Two programs on one database: one has its keys in files, the other in its environment, read when it starts."""
    folder = make_folder() / "data"
    lay("tradepost", folder)
    server = EmbeddedPostgres(folder, database="tradepost")
    await asyncio.to_thread(server.start)
    try:
        first = await asyncio.to_thread(
            start,
            TRADEPOST_DATABASE_URL=server.dsn,
            TRADEPOST_SECRET_KEY_FILE=str(secrets / "key"),
            TRADEPOST_ACCEPTED_SECRET_KEYS_FILE=str(secrets / "accepted"),
        )
        second = await asyncio.to_thread(start, TRADEPOST_DATABASE_URL=server.dsn, **stated(secrets))
        yield first, second
        for program in (first, second):
            await asyncio.to_thread(program.stop)
    finally:
        await asyncio.to_thread(server.stop)


def stated(secrets: Path) -> dict[str, str]:
    """What an operator puts into the environment for what the files hold."""
    return {
        "TRADEPOST_SECRET_KEY": (secrets / "key").read_text(),
        "TRADEPOST_ACCEPTED_SECRET_KEYS": (secrets / "accepted").read_text(),
    }


async def restart(program: ProgramProcess, secrets: Path) -> None:
    """Restart a program with what the files hold in its environment."""
    program._environment.update(stated(secrets))
    await asyncio.to_thread(program.restart)


@pytest.mark.long
@pytest.mark.journey
async def test_on_many_machines_no_process_refuses_what_another_signed(
    start_program: StartProgram, tmp_path: Path
) -> None:
    """The runbook's steps; after each, and between the restarts, both programs take what either has made."""
    accept, exchange, reseal, finish = commands("Many machines")
    (tmp_path / "key").write_text(crypto.new_token(48))
    (tmp_path / "accepted").write_text("")
    former, where = (tmp_path / "key").read_text(), str(tmp_path)
    async with two_programs(start_program, tmp_path) as (first, second), second.owner() as owner:
        # The link for the first owner is that of the last start.
        assert second._owner_password is not None
        work = await Work.begin(owner, second._owner_password)

        await run(first, accept, SECRETS=where)
        await restart(second, tmp_path)
        await both_take_what_either_made(first, second, work)

        await run(first, exchange, SECRETS=where)
        assert (tmp_path / "key").read_text() != former
        await both_take_what_either_made(first, second, work)  # the second signs with the former secret as yet
        await restart(second, tmp_path)
        await both_take_what_either_made(first, second, work)

        said = await run(first, reseal, SECRETS=where)
        assert "values were sealed anew." in said
        await both_take_what_either_made(first, second, work)

        said += await run(first, finish, SECRETS=where)
        assert (tmp_path / "accepted").read_text() == ""
        await restart(second, tmp_path)
        allow_again(first)
        for program in (first, second):
            await work.sign_in(Client(program.address), 0)
            allow_again(first)
        for key in (former, (tmp_path / "key").read_text()):
            assert key not in said + first.log_path.read_text() + second.log_path.read_text()


async def both_take_what_either_made(first: ProgramProcess, second: ProgramProcess, work: Work) -> None:
    """Use what was made before, and a session begun at either program, at both."""
    for made_by in (first, second):
        allow_again(first)
        async with Client(made_by.address, timeout=30.0) as fresh:
            body = {"email": OWNER_EMAIL, "password": work.password}
            assert (await fresh.post(f"{IDENTITY}/session", json=body)).status_code == 202
            code = {"kind": "totp", "code": work.app.code()}
            fresh.adopt(await fresh.post(f"{IDENTITY}/session/second-step", json=code))
            for used_by in (first, second):
                async with Client(used_by.address, timeout=30.0) as there:
                    there.cookies.update(fresh.cookies)
                    there.csrf_token = fresh.csrf_token
                    assert await write(there) == 200
    for program in (first, second):
        await work.goes_on(program)


# -- a power cut -------------------------------------------------------------------------------------------------------

CUTS = [
    ("between the two files", "mainstay.bootstrap.secrets", "_replace", 1),
    ("in the first batch", "mainstay.crypto", "seal", 50),
    ("in the third batch", "mainstay.crypto", "seal", 240),
]


@pytest.mark.long
@pytest.mark.journey
async def test_whenever_the_power_goes_nothing_is_unreadable_and_the_next_run_completes(
    start_program: StartProgram, tmp_path: Path
) -> None:
    program = await asyncio.to_thread(start_program)
    keyring = kept(program)
    people = [ids.new_id() for _ in range(250)]
    sealed = [keyring.seal(totp.PURPOSE, b"twenty bytes of this", str(person)) for person in people]
    program.ask(ADD_APPS, people, sealed)
    for number, (moment, module, name, calls) in enumerate(CUTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(CUT.format(module=module, name=name, calls=calls))
        path = os.pathsep.join([str(folder), *filter(None, sys.path)])

        code, said = await attempt(program, "exec tradepost rotate-keys", PYTHONPATH=path)

        assert code == -9, f"{moment}: {said}"
        assert opened(program, kept(program)) == 250, moment
    assert "values were sealed anew." in await run(program, "tradepost rotate-keys")
    assert opened(program, Keyring(present(program).encode(), (Accepted(b"nothing else"),))) == 250
