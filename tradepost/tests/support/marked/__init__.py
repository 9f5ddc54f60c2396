"""A program whose every secret is known to the test, a journey that uses them all, and everything that came out."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import quote

import httpx2

from mainstay import clock, crypto, ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

IDENTITY = "/api/v1/identity"
PATIENCE = 60.0


@dataclass(slots=True)
class Secret:
    """A secret: its name, what it is, and the answers (method and path) that exist to give it to its owner."""

    name: str
    value: str
    given_by: frozenset[str] = frozenset()

    def forms(self) -> Iterator[bytes]:
        """Yield the ways in which it may be written."""
        yield self.value.encode()
        yield quote(self.value, safe="").encode()


@dataclass(slots=True)
class Output:
    """Something that came out of the program; `place` says where."""

    place: str
    content: bytes


@dataclass(slots=True)
class Kept:
    """All secrets and all outputs of a journey."""

    secrets: list[Secret] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)

    def mark(self, name: str, value: str, *given_by: str) -> str:
        """Keep a secret and return it."""
        self.secrets.append(Secret(name, value, frozenset(given_by)))
        return value

    async def note(self, answer: httpx2.Response) -> None:
        """Keep an answer with its headers."""
        await answer.aread()
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items())
        place = f"{answer.request.method} {answer.request.url.path}"
        self.outputs.append(Output(place, head.encode() + b"\n\n" + answer.content))

    def leaks(self) -> list[str]:
        """Return where secrets came out that should have stayed inside."""
        return [
            f"{secret.name} in {output.place}"
            for secret in self.secrets
            for output in self.outputs
            if output.place not in secret.given_by and any(form in output.content for form in secret.forms())
        ]

    def add_files(self, files: Iterable[Path]) -> None:
        """Keep the content of files."""
        self.outputs += [Output(path.name, path.read_bytes()) for path in files]


@asynccontextmanager
async def watched(program: ProgramProcess, kept: Kept) -> AsyncIterator[Client]:
    """Open a browser whose every answer is kept."""
    async with Client(program.address, after_call=kept.note, timeout=30.0) as client:
        yield client


def new_secret() -> str:
    """Return a random text that a reader of a leak would recognise, and that every rule for passwords takes."""
    return f"Mark1-{crypto.new_token()}"


async def become_owner(client: Client, program: ProgramProcess, kept: Kept) -> str:
    """Set up the first owner; return the password."""
    password = kept.mark("the owner's password", new_secret())
    # The operator is told this one, on standard error, and nobody else.
    link = kept.mark("the first link", program.owner_token(), "stderr")
    body = {"token": link, "name": "Olga", "email": "owner@shop.example", "password": password}
    session(client, await client.post(f"{IDENTITY}/invitations/accept", json=body), kept)
    return password


def session(client: Client, answer: httpx2.Response, kept: Kept) -> None:
    """Keep the secrets of a session that has begun."""
    client.adopt(answer)
    place = f"{answer.request.method} {answer.request.url.path}"
    kept.mark("a session's cookie", next(iter(client.cookies.jar)).value or "", place)
    kept.mark("a session's CSRF token", client.csrf_token or "", place, f"GET {IDENTITY}/session")


async def invite(owner: Client, kept: Kept) -> str:
    """Invite a cashier; return the token of the invitation."""
    body = {"id": str(ids.new_id()), "name": "Cem", "email": "cem@shop.example", "role": "cashier"}
    answer = await owner.post(f"{IDENTITY}/invitations", json=body)
    assert answer.status_code == 201, answer.text
    token = str(answer.json()["link_path"]).partition("#")[2]
    return kept.mark("an invitation", token, f"POST {IDENTITY}/invitations")


async def ask_for_mails(client: Client, program: ProgramProcess, kept: Kept) -> str:
    """Sign up, forget a password, and use what the mails say, which are for their readers alone.

    Return the cashier's new password.
    """
    password = kept.mark("the password of somebody who signs up", new_secret())
    ivy = {"name": "Ivy", "email": "ivy@shop.example", "password": password}
    assert (await client.post(f"{IDENTITY}/sign-ups", json=ivy)).status_code == 202
    assert (await client.post(f"{IDENTITY}/resets", json={"email": "cem@shop.example"})).status_code == 202
    confirming = {"token": kept.mark("a link to confirm", await _mailed(program, "/confirm#")), "password": password}
    resetting = {"token": kept.mark("a link to reset", await _mailed(program, "/reset#")), "password": new_secret()}
    kept.mark("a new password", resetting["password"])
    assert (await client.post(f"{IDENTITY}/sign-ups/check", json={"token": confirming["token"]})).status_code == 200
    assert (await client.post(f"{IDENTITY}/sign-ups/confirm", json=confirming)).status_code == 204
    assert (await client.post(f"{IDENTITY}/session", json={**ivy, "name": "no such field"})).status_code == 422
    waiting = {"email": ivy["email"], "password": password}
    assert (await client.post(f"{IDENTITY}/session", json=waiting)).status_code == 403
    assert (await client.post(f"{IDENTITY}/resets/use", json=resetting)).status_code == 204
    return resetting["password"]


async def sign_in(client: Client, password: str, kept: Kept) -> None:
    """Sign the cashier in with the right password."""
    answer = await client.post(f"{IDENTITY}/session", json={"email": "cem@shop.example", "password": password})
    assert answer.status_code == 201, answer.text
    session(client, answer, kept)


async def _mailed(program: ProgramProcess, page: str) -> str:
    """Wait for a mail with a link to `page` in the mailbox of development, and return its token."""
    deadline = clock.monotonic() + PATIENCE
    while True:
        for path in (program.data_dir / "mailbox").glob("*.eml"):
            mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
            body = mail.get_body(("plain",))
            found = None if body is None else re.search(rf"{page}([\w-]+)", str(body.get_content()))
            if found is not None:
                return found[1]
        assert clock.monotonic() < deadline, f"no mail leads to {page}"
        await asyncio.sleep(0.1)


async def mistype(client: Client, password: str, kept: Kept) -> list[int]:
    """Send passwords and tokens where they do not belong, and in every wrong way; return how that was answered."""
    mistyped = kept.mark("a mistyped password", new_secret())
    wrong: list[object] = [
        {"email": "owner@shop.example", "password": mistyped},
        {"email": mistyped, "password": password},
        {"email": "owner@shop.example", "password": {"value": mistyped}},
        {"email": "owner@shop.example", "password": [mistyped] * 3},
        {"email": "owner@shop.example", "password": mistyped * 10},
        {"email": "owner@shop.example", "passwort": mistyped, "password": 5},
        mistyped,
    ]
    answers = [await client.post(f"{IDENTITY}/session", json=body) for body in wrong]
    broken = f'{{"email": "owner@shop.example", "password": "{mistyped}"'.encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {mistyped}", "X-Api-Key": mistyped}
    answers.append(await client.post(f"{IDENTITY}/session", content=broken, headers=headers))
    answers.append(await client.get(f"{IDENTITY}/people", params={"password": mistyped, "token": password}))
    return [answer.status_code for answer in answers]


async def walk(client: Client, kept: Kept) -> None:
    """Ask for everything that anybody may read, each file of the web app too."""
    for path in ("/", "/setup", "/api/openapi.json", "/api/docs", "/api/problems", "/metrics", "/health/ready"):
        await client.get(path)
    for path in (f"{IDENTITY}/session", f"{IDENTITY}/people", "/api/v1/shop", "/api/v1/crm/card-engines"):
        await client.get(path)


def rows(program: ProgramProcess) -> bytes:
    """Return everything that the program has stored, as text."""
    named = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    found = []
    for (table,) in program.ask(named):
        found += [str(row) for (row,) in program.ask(f"SELECT stored::text FROM {table} AS stored")]
    return "\n".join(found).encode()


def command_lines(program: ProgramProcess) -> bytes:
    """Return how the program's processes were called: everybody on the machine can read that."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = int((folder / "stat").read_text().rpartition(")")[2].split()[2]) == program.pid
            if is_ours or int(folder.name) == program.pid or _parent(folder) == program.pid:
                found.append((folder / "cmdline").read_bytes())
        except OSError:
            continue  # it has ended meanwhile
    return b"\n".join(found)


def _parent(folder: Path) -> int:
    return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
