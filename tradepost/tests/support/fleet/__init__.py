"""A shop on two servers behind the shipped proxy, with the shipped services and the commands of the runbooks."""

import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shlex import quote

import httpx2
import psycopg
from ports import free_ports, is_listened_at

from fleet.units import Service, install
from mainstay import clock, crypto, ids
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import Names
from mainstay.db.embedded import postgres_bin
from mainstay.keyring import Keyring
from mainstay.testing.client import Client
from mainstay.testing.database import plain
from mainstay.testing.limits import allowances
from mainstay.web.csrf import csrf_token

CONFIGURATION = Path(__file__).parents[4] / "deploy" / "haproxy" / "haproxy.cfg"
# What is changed in the shipped file: the log has a line for each request, and for each look that changes something.
TALKATIVE = {
    "local0 notice\n": "local0 info\n",
    "    option httpchk\n": "    option httpchk\n    option log-health-checks\n",
}
# A request in HAProxy's log: the server that answered, the status, and how often it was tried again.
ANSWERED = re.compile(r" program/(\S+) \S+ (-1|\d+) .*? \d+/\d+/\d+/\d+/(\+?\d+) ")
ADD_OWNER = """
WITH person AS (
    INSERT INTO identity_person (id, email, email_key, name, role, password_hash)
    VALUES (%(id)s, %(email)s, %(email)s, 'Olga', 'owner', 'none')
)
INSERT INTO identity_session (id, token_digest, person_id, expires_at)
VALUES (%(id)s, %(digest)s, %(id)s, now() + %(lasts)s)
"""


@dataclass(frozen=True, slots=True)
class Passed:
    """A request as the proxy saw it: its server, its status, and how often it was sent again."""

    server: str
    status: int
    retries: int


@dataclass(frozen=True)
class Fleet:
    """One machine for all servers, with a database of its own elsewhere."""

    machine: Path
    url: str
    ports: tuple[int, int]
    secure: int
    secret: str
    context: ssl.SSLContext

    @property
    def address(self) -> str:
        """Where people reach the shop."""
        return f"https://localhost:{self.secure}"

    @property
    def operator(self) -> dict[str, str]:
        """The environment of whoever follows a runbook there: where the shop is, and where its settings are."""
        own = (self.machine / "bin", Path(self.place, "current/bin"), postgres_bin("psql").parent)
        path = os.pathsep.join((*map(str, own), os.environ["PATH"]))
        certificate = str(self.machine / "lan" / "authority.crt")
        places = {"PLACE": self.place, "SHOP": self.address, "CURL_CA_BUNDLE": certificate}
        return {"PATH": path, "SETTINGS": f"{self.machine}/etc/tradepost/tradepost.env", **places}

    @property
    def database(self) -> str:
        """The address of the database as PostgreSQL's own programs take it."""
        return plain(self.url)

    @property
    def place(self) -> str:
        """Where the program is installed."""
        return f"{self.machine}/opt/tradepost"

    @property
    def version(self) -> str:
        """Which release is current there."""
        return Path(self.place, "current").readlink().name

    def service(self, name: str) -> Service:
        """Return a service of the machine."""
        return Service(self.machine, name)

    def browser(self, *, keeps_connections: bool = True) -> Client:
        """Return a browser of somebody."""
        limits = httpx2.Limits(max_keepalive_connections=None if keeps_connections else 0)
        return Client(self.address, transport=httpx2.AsyncHTTPTransport(verify=self.context, limits=limits), timeout=30)

    def owner(self, *, keeps_connections: bool = True) -> Client:
        """Return a browser in which an owner of its own is signed in."""
        person, token = ids.new_id(), crypto.new_token()
        email = f"{person.hex}@shop.example"
        values = {"id": person, "email": email, "digest": crypto.digest(token), "lasts": timedelta(days=1)}
        self.ask(ADD_OWNER, values)
        client = self.browser(keeps_connections=keeps_connections)
        client.cookies.set("__Host-tradepost", token, domain="localhost.local")
        client.csrf_token = csrf_token(Keyring(self.secret.encode()), token)
        return client

    def ask(self, sql: str, values: Mapping[str, object] | Sequence[object] | None = None) -> list[tuple[object, ...]]:
        """Return the rows of one statement, run beside the servers and committed."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(sql.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def proxy_log(self) -> str:
        """Return what the proxy said."""
        return (self.machine / "haproxy.log").read_text()

    def passed(self) -> list[Passed]:
        """Return the requests that went through the proxy."""
        found = ANSWERED.finditer(self.proxy_log())
        return [Passed(each[1], int(each[2]), int(each[3].lstrip("+"))) for each in found]


@contextmanager
def open_fleet(machine: Path, url: str, tradepost: Path, settings: Mapping[str, str]) -> Iterator[Fleet]:
    """Make a machine with the proxy, on which nothing else runs yet, for the database at `url`; end all in the end.

    `tradepost` is the program, which is installed there as releases `one` and `two`, of which `one` is current.
    """
    install(machine)
    releases = machine / "opt/tradepost/releases"
    for name in ("one", "two"):
        (releases / name / "bin").mkdir(parents=True)
        (releases / name / "bin" / "tradepost").symlink_to(tradepost)
    (machine / "opt/tradepost/current").symlink_to("releases/one")
    plain_port, secure, one, two = free_ports(4)
    secret = crypto.new_token(48)
    stated = {
        **allowances("tradepost"),
        "TRADEPOST_ENVIRONMENT": "production",
        "TRADEPOST_SECRET_KEY": secret,
        "TRADEPOST_DATABASE_URL": url,
        "TRADEPOST_PUBLIC_URL": f"https://localhost:{secure}",
        "TRADEPOST_WEB_TRUSTED_PROXIES": '["127.0.0.1"]',
        **settings,
    }
    (machine / "etc/tradepost/tradepost.env").write_text(
        "".join(f"{key}={quote(value)}\n" for key, value in stated.items())
    )
    keeper = Keeper(machine, "Fleet", Names)
    keeper.keep()
    context = ssl.create_default_context(cafile=keeper.folder / "authority.crt")
    fleet = Fleet(machine, url, (one, two), secure, secret, context)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, machine, ignore_errors=True)
        stack.callback(_end, machine)
        stack.enter_context(_proxy(fleet, keeper.server_file, plain_port))
        yield fleet


def _end(machine: Path) -> None:
    for file in machine.glob("*.pid"):
        Service(machine, file.stem).kill()


@contextmanager
def _proxy(fleet: Fleet, certificate: Path, plain_port: int) -> Iterator[None]:
    """Run HAProxy as it is shipped, but for what its log has."""
    text = CONFIGURATION.read_text()
    for quiet, talkative in TALKATIVE.items():
        assert text.count(quiet) == 1
        text = text.replace(quiet, talkative)
    file = fleet.machine / "haproxy.cfg"
    file.write_text(text)
    program = shutil.which("haproxy")
    assert program is not None
    environment = {
        "SHOP_CERTIFICATE": str(certificate),
        "SHOP_HTTP": f"127.0.0.1:{plain_port}",
        "SHOP_HTTPS": f"127.0.0.1:{fleet.secure}",
        "SHOP_PROGRAM": f"127.0.0.1:{fleet.ports[0]}",
        "SHOP_SECOND": f"127.0.0.1:{fleet.ports[1]}",
    }
    with (fleet.machine / "haproxy.log").open("wb") as log:
        process = subprocess.Popen([program, "-f", str(file)], env=environment, stdout=log, stderr=log)
    try:
        deadline = clock.monotonic() + 30
        while not is_listened_at(fleet.secure):
            assert process.poll() is None, fleet.proxy_log()
            assert clock.monotonic() < deadline, "HAProxy does not listen."
        yield
    finally:
        process.kill()
        process.wait()


async def until_served(fleet: Fleet) -> None:
    """Wait until the proxy has found a server that is ready; raises AssertionError."""
    deadline = clock.monotonic() + 120
    async with fleet.browser() as browser:
        while (answer := await browser.get("/health/ready")).status_code != 200:
            assert clock.monotonic() < deadline, answer.text
