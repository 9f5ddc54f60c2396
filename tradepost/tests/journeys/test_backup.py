"""Backups of the running shop: made when due, let go by rule, missed aloud, and restored as the runbook says."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from textwrap import dedent
from typing import Any

import psycopg
import pytest
from belongings import a_picture_and_a_contact, assert_is_shown
from bucket_server import KEY, KEY_ID, bucket_in
from factor_calls import enrol_app
from file_calls import FILES_URL, picture, send
from shopfloor import line_in, sale_in, sell
from shopfloor.busy import LEVELS_DIFFERING, BusyShop, open_busy_shop

from mainstay import clock, crypto
from mainstay.bootstrap.program import Program
from mainstay.db.backup.archive import read_header
from mainstay.db.backup.folder import archive_at
from mainstay.db.backup.manifest import Table
from mainstay.db.backup.measuring import measure
from mainstay.db.embedded.store import Store, name_of
from mainstay.keyring import Keyring, accepted_keys, read_secret
from mainstay.modules.identity.service import totp
from mainstay.testing.database import plain
from mainstay.testing.mail import MailServer, Received
from mainstay.testing.process import OWNER_EMAIL, ProgramProcess, make_folder

RUNBOOK = Path(__file__).parents[3] / "docs/runbooks/backup-and-restore.md"
PATIENCE = 90.0
TOKEN = "a token for the scraper"  # pragma: allowlist secret
# What nobody but people changes: the rest (jobs, mails, sessions) goes on while the program runs.
BUSINESS = ("public.pos_", "public.stock_", "public.catalog_", "public.shop_", "public.tagging_", "public.crm_")
# What nobody changes while a till sells.
AT_REST = ("public.shop_", "public.tagging_", "public.crm_", "public.files_")
LATEST = "SELECT state, path, reason FROM backup_archive ORDER BY started_at DESC, id DESC LIMIT 1"
# Where the audit trail's moments and the sales' sums must agree in any copy.
SALES_DIFFERING = """
SELECT count(*) FROM pos_sale AS sale WHERE total_minor <> (
    SELECT coalesce(sum(amount_minor), 0) FROM pos_payment WHERE sale_id = sale.id
)
"""


def commands(heading: str) -> list[str]:
    """Return the blocks of commands under a heading of the runbook."""
    (part,) = (part for part in RUNBOOK.read_text().split("\n## ") if part.startswith(heading))
    return [dedent(block) for block in re.findall(r"^ *```sh\n(.*?)^ *```$", part, re.MULTILINE | re.DOTALL)]


async def attempt(program: ProgramProcess, script: str, **environment: str) -> tuple[int, str]:
    """Run a block as an operator does, with the settings of the program; return the exit code and what it printed."""
    # A command that is aborted, as one was once by code that is not Python's, tells where it was.
    variables = {**program._variables(), **environment, "PYTHONFAULTHANDLER": "1"}
    variables["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), variables["PATH"]))
    result = await asyncio.to_thread(
        subprocess.run, ["sh", "-ec", script], env=variables, capture_output=True, text=True, check=False
    )
    return result.returncode, result.stdout + result.stderr


async def run(program: ProgramProcess, script: str, **environment: str) -> str:
    """Run a block that must succeed; return what it printed."""
    code, said = await attempt(program, script, **environment)
    assert code == 0, said
    return said


def business_of(url: str, beginnings: tuple[str, ...] = BUSINESS) -> dict[str, Table]:
    """Measure what the business has in the database at `url`: rows, and hashes over all of them."""
    with psycopg.connect(url) as connection:
        return {table.name: table for table in measure(connection) if table.name.startswith(beginnings)}


def free_port() -> int:
    """Return a port that is free now: the public address is set before the program has one."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture(scope="module")
async def shop(program: Program, post_office_url: str) -> AsyncIterator[ProgramProcess]:
    """A shop with sample data, encrypted backups, of which it keeps one day's, and a mail server."""
    port = free_port()
    settings = {
        "TRADEPOST_BACKUP_KEY": crypto.new_token(48),
        "TRADEPOST_BACKUP_DAILY": "1",
        "TRADEPOST_BACKUP_WEEKLY": "0",
        "TRADEPOST_BACKUP_MONTHLY": "0",
        "TRADEPOST_MAIL_URL": post_office_url,
        "TRADEPOST_MAIL_SENDER": "desk@shop.example",
        "TRADEPOST_PUBLIC_URL": f"http://shop.localhost:{port}",
        "TRADEPOST_WORKER_POLL": "0.2",
        "TRADEPOST_METRICS_TOKEN": TOKEN,
    }
    folder = make_folder()
    (folder / "second").mkdir()
    settings["TRADEPOST_RECOVERY_FOLDER"] = str(folder / "second")
    process = ProgramProcess(program.name, folder, "--sample", "--port", str(port), **settings)
    try:
        await asyncio.to_thread(process.start)
        async with process.owner():
            pass
        yield process
    finally:
        await asyncio.to_thread(process.stop)
        shutil.rmtree(folder, ignore_errors=True)


def tick(shop: ProgramProcess, times: int = 1) -> None:
    """Have the worker look at the clock, as it does every hour, and when it starts soon after the hour."""
    for number in range(times):
        shop.ask(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'backup.tick', "
            "jsonb_build_object('timestamp', %s::bigint))",
            # Another moment each time, or the worker knows it has done it.
            int(clock.monotonic() * 1000) + number,
        )


async def until(found: Callable[[], Any], told: str) -> Any:  # noqa: ANN401  whatever is waited for
    """Wait until something is found, and return it."""
    deadline = clock.monotonic() + PATIENCE
    while not (value := found()):
        assert clock.monotonic() < deadline, told
        await asyncio.sleep(0.1)
    return value


async def ended(shop: ProgramProcess, count: int) -> tuple[str, str | None, str | None]:
    """Wait until so many backups have ended; return state, path and reason of the newest."""
    ends = "SELECT count(*) FROM backup_archive WHERE state <> 'making'"
    await until(lambda: shop.ask(ends)[0][0] >= count, "no backup was made")
    state, path, reason = shop.ask(LATEST)[0]
    return state, path, reason


def archives(shop: ProgramProcess) -> list[Path]:
    return sorted((shop.data_dir / "backups").glob("*.backup"))


def is_in(path: str, text: bytes) -> bool:
    return text in Path(path).read_bytes()


def assert_is_private(folder: Path) -> None:
    """Fail unless the one archive there is encrypted and for its owner alone."""
    (archive,) = folder.glob("*.backup")
    assert read_header(archive_at(archive)).key is not None
    assert archive.stat().st_mode & 0o777 == 0o600


async def letter(server: MailServer, subject: str) -> Received:
    """Wait for a mail with a subject."""

    def find() -> Received | None:
        return next((one for one in server.received if subject in str(one.message["Subject"])), None)

    found = await until(find, f"no mail “{subject}” came")
    assert isinstance(found, Received)
    return found


async def numbers(shop: ProgramProcess) -> str:
    """Return what Prometheus reads."""
    async with shop.client() as scraper:
        answer = await scraper.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return answer.text


@pytest.mark.journey
@pytest.mark.practice(48)
async def test_backups_come_when_due_go_when_old_and_are_missed_aloud(
    shop: ProgramProcess, mail_server: MailServer
) -> None:
    """Files appear, old ones go, a failure is told by mail and by numbers, and so is that it is well again."""
    tick(shop)
    await until(lambda: shop.ask("SELECT 1 FROM backup_database"), "nobody looked at the clock")
    assert archives(shop) == []
    shop.ask("UPDATE backup_database SET known_since = known_since - interval '3 days'")
    tick(shop, 2)
    state, path, reason = await ended(shop, 1)
    assert (state, reason, [str(each) for each in archives(shop)]) == ("verified", None, [path])
    assert path is not None
    assert not is_in(path, b"Harbour")
    assert shop.ask("SELECT FROM pg_database WHERE starts_with(datname, 'mainstay_rehearsal')") == []

    pass_two_days(shop)
    tick(shop, 2)
    assert (await ended(shop, 2))[0] == "verified"
    (left,) = await until(lambda: found if len(found := archives(shop)) == 1 else None, "the old one stays")
    assert left != Path(path)
    assert shop.ask("SELECT count(*) FROM backup_archive WHERE removed_at IS NOT NULL") == [(1,)]

    pass_two_days(shop)
    await fail_while_the_disk_is_away(shop, mail_server)
    tick(shop)
    assert (await ended(shop, 4))[0] == "verified"
    await letter(mail_server, "well again")
    assert shop.ask("SELECT alarm_since, told_at FROM backup_database") == [(None, None)]
    told = await numbers(shop)
    assert 'mainstay_backup_last_outcome{outcome="verified"} 1' in told
    assert float(told.partition("\nmainstay_backup_age_seconds ")[2].split()[0]) < 3600


def pass_two_days(shop: ProgramProcess) -> None:
    """Let all that was made be older."""
    shop.ask("UPDATE backup_archive SET started_at = started_at - interval '2 days'")


async def fail_while_the_disk_is_away(shop: ProgramProcess, mail_server: MailServer) -> None:
    """The folder is no folder when the next one is due: the owner is told, with the reason."""
    folder, away = shop.data_dir / "backups", shop.data_dir / "away"
    folder.rename(away)
    folder.write_text("no folder")
    tick(shop)
    state, _, reason = await ended(shop, 3)
    assert (state, "cannot be written" in str(reason)) == ("failed", True)
    missed = await letter(mail_server, "no recent backup")
    assert missed.recipients == (OWNER_EMAIL,)
    assert "cannot be written" in missed.part("plain")
    assert 'mainstay_backup_last_outcome{outcome="failed"} 1' in await numbers(shop)
    assert any(line.get("outcome") == "missed" and line["level"] == "error" for line in shop.log())
    folder.unlink()
    away.rename(folder)


async def sale_and_app(shop: ProgramProcess, busy: BusyShop) -> tuple[str, Any]:
    """Sell something, and set an authenticator app up, whose key is sealed; return the receipt and its document."""
    till = await busy.till()
    product = await busy.product(till, stock="9")
    sale = await sell(busy.owner, sale_in(till, [line_in(product)], 249))
    await enrol_app(busy.owner)
    return sale["id"], sale


async def keep_selling(busy: BusyShop, stop: asyncio.Event) -> int:
    """Sell and sell until told to stop; return how often."""
    till = await busy.till()
    product = await busy.product(till, stock="9999")
    count = 0
    while not stop.is_set():
        await sell(busy.owner, sale_in(till, [line_in(product)], 249))
        count += 1
    return count


@pytest.mark.long
@pytest.mark.journey
@pytest.mark.practice(49, 109)
async def test_the_runbook_brings_the_shop_back(shop: ProgramProcess, empty_database_url: str, tmp_path: Path) -> None:
    """Its commands as they stand: keep, lose, restore beside, compare, sign in, see the sale; and on another server."""
    (keep,), (look,) = commands("What you must keep elsewhere"), commands("Look whether an archive is sound")
    bring_back, check_trail = commands("Restore one machine")
    (into_server,) = commands("Restore into a database server")
    kept = {"KEPT": str(tmp_path)}
    async with open_busy_shop(shop) as busy:
        key, sale = await sale_and_app(shop, busy)
        address, content = await a_picture_and_a_contact(shop, busy)
        at_rest = business_of(shop.database_url, AT_REST)
        stop = asyncio.Event()
        selling = asyncio.create_task(keep_selling(busy, stop))
        await run(shop, keep, **kept)
        stop.set()
        assert await selling > 0
        assert (await run(shop, look, **kept)).count("All is well") == 1
        sold_after = shop.ask("SELECT count(*) FROM pos_sale")[0][0]
    assert_is_private(tmp_path)
    await asyncio.to_thread(shop.stop)

    await refused_with_another_key_and_over_what_is_there(shop, bring_back, kept)
    shutil.rmtree(shop.data_dir)
    said = await run(shop, bring_back, **kept, NEW=str(shop.data_dir))
    assert "each table is as it was" in said
    await asyncio.to_thread(shop.start)
    restored = business_of(shop.database_url)
    assert business_of(shop.database_url, AT_REST) == at_rest
    assert shop.ask(LEVELS_DIFFERING) == [(0,)]
    assert shop.ask(SALES_DIFFERING) == [(0,)]
    assert 0 < shop.ask("SELECT count(*) FROM pos_sale")[0][0] <= sold_after
    await signed_in_and_sees(shop, key, sale)
    await assert_is_shown(shop, address, content)
    assert "All is well" in await run(shop, check_trail, **kept)

    server = plain(empty_database_url)
    said = await run(shop, into_server, **kept, NEW_DATABASE_URL=server)
    assert "each table is as it was" in said
    assert business_of(server) == restored
    code, said = await attempt(shop, into_server, **kept, NEW_DATABASE_URL=server)
    assert (code, "The database is not empty" in said) == (2, True), said


@pytest.mark.long
@pytest.mark.journey
async def test_the_runbook_brings_the_shop_back_from_a_bucket(shop: ProgramProcess, tmp_path: Path) -> None:
    """A machine that has nothing but the settings of the bucket gets the shop as it was."""
    (bring_back,) = commands("Keep them in a bucket")
    kept, other = tmp_path / "kept", make_folder()
    kept.mkdir()
    for name in ("secret.key", "secret.accepted"):
        (kept / name).write_text("kept")
    with bucket_in(tmp_path / "buckets") as server:
        bucket = {
            "TRADEPOST_BACKUP_URL": server.url("tradepost"),
            "TRADEPOST_BACKUP_BUCKET_KEY_ID": KEY_ID,
            "TRADEPOST_BACKUP_BUCKET_KEY": KEY,
        }
        address = (await run(shop, "tradepost backup 2>/dev/null", **bucket)).strip()
        assert re.fullmatch(r"s3://shop-0/tradepost/archives/tradepost-\S+\.backup", address)
        made = shop.ask("SELECT state, path FROM backup_archive ORDER BY started_at DESC LIMIT 1")
        assert made == [("verified", address)]
        elsewhere = {**bucket, "TRADEPOST_DATA_DIR": str(other / "empty"), "KEPT": str(kept), "NEW": str(other / "new")}
        said = await run(shop, bring_back, **elsewhere)
        assert "All is well" in said
        assert "each table is as it was" in said
        assert (other / "new" / "postgres").is_dir()
    shutil.rmtree(other, ignore_errors=True)


@pytest.mark.journey
async def test_the_runbook_brings_a_moment_back(shop: ProgramProcess, tmp_path: Path) -> None:
    """The moment before a mistake, from the second place, after the first one is gone; the till sold on until then."""
    (bring_back,) = commands("Restore a moment")
    for name in ("secret.key", "secret.accepted"):
        if (shop.data_dir / name).exists():
            shutil.copy(shop.data_dir / name, tmp_path)
    place = Store(shop.folder / "second" / name_of(shop.data_dir / "postgres"))
    await until(place.bases, "no base copy is made")
    async with open_busy_shop(shop) as busy:
        till = await busy.till()
        product = await busy.product(till, stock="9")
        before = await sell(busy.owner, sale_in(till, [line_in(product)], 249))
        photo = await send(busy.owner, picture(), owner_kind="catalog.product", owner_id=str(product.id))
        address = f"{FILES_URL}/{photo['id']}"
        content = (await busy.owner.get(f"{address}/content")).content
        moment = clock.now()
        assert (await busy.owner.delete(address)).status_code == 204
        assert (await busy.owner.get(f"{address}/content")).status_code == 404
        after = await sell(busy.owner, sale_in(till, [line_in(product)], 249))
    now = clock.now()
    await until(lambda: (place.covered() or moment) > now, "the log is not received")
    assert float((await numbers(shop)).partition("\nmainstay_recovery_behind_seconds ")[2].split()[0]) < 60
    await asyncio.to_thread(shop.stop)
    shop.data_dir.rename(shop.folder / "former")
    (tmp_path / "secret.accepted").touch()

    said = await run(
        shop, bring_back, KEPT=str(tmp_path), SECOND=str(place.path), MOMENT=moment.isoformat(), NEW=str(shop.data_dir)
    )
    await asyncio.to_thread(shop.start)

    assert "what must hold holds" in said
    sold = {str(row[0]) for row in shop.ask("SELECT id FROM pos_sale")}
    assert before["id"] in sold
    assert after["id"] not in sold
    assert shop.ask(LEVELS_DIFFERING) == shop.ask(SALES_DIFFERING) == [(0,)]
    async with shop.owner() as owner:
        assert (await owner.get(f"{address}/content")).content == content


async def refused_with_another_key_and_over_what_is_there(
    shop: ProgramProcess, bring_back: str, kept: dict[str, str]
) -> None:
    """Try the restore wrongly, in two ways that must leave everything as it is."""
    other = {"TRADEPOST_BACKUP_KEY": crypto.new_token(48)}
    code, said = await attempt(shop, bring_back, **kept, **other, NEW=str(shop.folder / "other"))
    assert (code, "encrypted with another key" in said, "Traceback" in said) == (2, True, False), said
    code, said = await attempt(shop, bring_back, **kept, NEW=str(shop.data_dir))
    assert (code, "There is something at" in said) == (2, True), said


async def signed_in_and_sees(shop: ProgramProcess, key: str, sale: Any) -> None:  # noqa: ANN401  a sale's JSON
    """The owner signs in with the app of before, whose key opens under the secret, and sees the sale of before."""
    keyring = Keyring(
        read_secret(shop.data_dir / "secret.key").get_secret_value().encode(),
        accepted_keys(read_secret(shop.data_dir / "secret.accepted")),
    )
    ((owner, sealed),) = shop.ask("SELECT person_id::text, secret_sealed FROM identity_totp")
    assert keyring.unseal(totp.PURPOSE, bytes(sealed), owner)
    shop.ask("DELETE FROM identity_totp")
    async with shop.owner() as client:
        answer = await client.get(f"/api/v1/pos/sales/{key}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["total_minor"] == sale["total_minor"]
