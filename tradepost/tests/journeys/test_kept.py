"""Kept answers of the whole program: two processes' APIs on one database and one Valkey, asked through their doors."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from shopfloor import business_in, created, store_in
from valkey_server import Valkey, valkey_in

from mainstay import clock, crypto, ids
from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.keyring import Keyring
from mainstay.testing.client import Client
from mainstay.testing.clients import ADD_PERSON, ADD_SESSION, ADDRESS
from mainstay.testing.limits import allowances
from mainstay.web.csrf import csrf_token
from mainstay.work import SYSTEM, WorkOpener

SHOP, STORES, TAGS = "/api/v1/shop", "/api/v1/shop/stores", "/api/v1/tagging/tags"
TOKEN = "the token of the scraper"  # pragma: allowlist secret
KEYRING = Keyring(b"a key that only these tests use, 32 bytes")
CATALOGUE = re.compile(r"\b(shop|tagging|catalog)_\w+")


@dataclass(frozen=True)
class House:
    """A program on a database of its own; each `api` is one process of it."""

    program: Program
    url: str
    stack: AsyncExitStack
    open_work: WorkOpener

    async def start(self) -> FastAPI:
        """Start one more process's API."""
        app = create_api(self.program, self.program.configuration(), self.url, KEYRING)
        await self.stack.enter_async_context(app.router.lifespan_context(app))
        return app

    async def person(self, role: str, places: list[UUID] | None = None) -> str:
        """Make somebody who is signed in, limited to places perhaps, and return their token."""
        key, token = ids.new_id(), crypto.new_token()
        async with self.open_work(SYSTEM) as uow:
            await uow.write(ADD_PERSON, key, f"{key.hex}@shop.example", role.title(), role)
            await uow.write(ADD_SESSION, ids.new_id(), crypto.digest(token), key, timedelta(days=1))
            if places is not None:
                await uow.write("UPDATE identity_person SET place_ids = $2 WHERE id = $1", key, places)
        return token

    def browser(self, app: FastAPI, token: str) -> Client:
        """Return the browser of a token at one of the APIs."""
        client = Client(ADDRESS, transport=httpx2.ASGITransport(app))
        self.stack.push_async_callback(client.aclose)
        client.cookies.set(app.state.edge.session_cookie, token, domain="localhost.local")
        client.csrf_token = csrf_token(KEYRING, token)
        return client


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with valkey_in(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
async def house(
    program: Program, committed: WorkOpener, fresh_database_url: str, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """A house with a business, in which nobody has asked for anything yet."""
    for name, value in allowances("tradepost").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TRADEPOST_REDIS_URL", valkey.url)
    monkeypatch.setenv("TRADEPOST_REDIS_PATIENCE_MS", "1000")
    monkeypatch.setenv("TRADEPOST_METRICS_TOKEN", TOKEN)
    async with AsyncExitStack() as stack:
        yield House(program, fresh_database_url, stack, committed)


async def outcomes(browser: Client) -> dict[str, float]:
    """Return how often kept answers were found or not, as the metrics of a process tell."""
    text = (await browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text
    counts: dict[str, float] = {}
    for outcome, value in re.findall(r'^mainstay_cache_total\{.*outcome="(\w+)"\} (\S+)$', text, re.MULTILINE):
        counts[outcome] = counts.get(outcome, 0) + float(value)
    return counts


async def until_warm(browser: Client) -> None:
    """Wait until a process has read what it keeps from its start."""
    deadline = clock.monotonic() + 15
    while True:
        text = (await browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text
        warmed = set(re.findall(r'^mainstay_cache_warmed_total\{module="(\w+)"\} 1', text, re.MULTILINE))
        if {"shop", "tagging"} <= warmed:
            return
        assert clock.monotonic() < deadline, text
        await asyncio.sleep(0.01)


async def set_up(owner: Client) -> list[UUID]:
    """Make a business with two stores."""
    first, second = store_in(code="A", name="Alpha"), store_in(code="B", name="Beta")
    await created(owner, SHOP, business_in(first))
    await created(owner, STORES, second)
    return [UUID(first["id"]), UUID(second["id"])]


def tag_in(name: str, kind: str = "tag") -> dict[str, str]:
    return {"id": str(ids.new_id()), "kind": kind, "name": name}


async def names(browser: Client, path: str = TAGS) -> list[str]:
    return [tag["name"] for tag in (await browser.get(path)).json()["items"]]


@pytest.mark.practice(76)
async def test_what_one_process_writes_is_shown_by_the_other_at_once(house: House) -> None:
    token = await house.person("owner")
    here, there = [house.browser(await house.start(), token) for _ in range(2)]
    await set_up(here)
    tag = tag_in("Tea", "group")
    await created(here, TAGS, tag)
    for number in range(10):
        writer, reader = (here, there) if number % 2 else (there, here)
        assert (await names(reader), await names(writer)) == (await names(here), await names(there))

        renamed = await writer.patch(f"{TAGS}/{tag['id']}", json={"version": number + 1, "name": f"Tea {number}"})
        await created(writer, f"{SHOP}/tax-rates", {"rate": f"{number}.1", "name": f"Rate {number}"})

        assert renamed.status_code == 200
        assert await names(reader) == await names(writer) == [f"Tea {number}"]
        for each in (reader, writer):
            assert (await each.get(SHOP)).json()["tax_rates"][-1]["name"] == f"Rate {number}"


@pytest.mark.practice(76)
async def test_people_of_different_stores_see_their_own_alone_from_what_is_kept_for_all(house: House) -> None:
    owner_token = await house.person("owner")
    app = await house.start()
    owner = house.browser(app, owner_token)
    alpha, beta = await set_up(owner)
    people = {
        "Alpha": house.browser(app, await house.person("cashier", [alpha])),
        "Beta": house.browser(app, await house.person("cashier", [beta])),
        "Alpha Beta": owner,
    }
    for _ in range(2):
        for stores, browser in people.items():
            shown = (await browser.get(SHOP)).json()["stores"]
            assert " ".join(store["name"] for store in shown) == stores
            tagged = await browser.get(SHOP, headers={"If-None-Match": "*"})
            assert tagged.status_code == 304

    assert (await outcomes(owner)).get("hit", 0) >= 5


@pytest.mark.practice(78)
async def test_after_a_restart_it_is_warm_and_most_reads_find_what_is_kept(house: House) -> None:
    token = await house.person("owner")
    await set_up(house.browser(await house.start(), token))
    browser = house.browser(await house.start(), token)
    await until_warm(browser)
    before = await outcomes(browser)
    first = [(await browser.get(path)).status_code for path in (SHOP, TAGS)]
    warmed = await outcomes(browser)

    # A morning: each screen asks for the shop and the tags; of a hundred requests two change a tag.
    for number in range(100):
        if number % 50 == 25:
            await created(browser, TAGS, tag_in(f"Tag {number}"))
        else:
            assert (await browser.get((SHOP, TAGS, f"{TAGS}?kind=group")[number % 3])).status_code == 200
    after = await outcomes(browser)

    assert first == [200, 200]
    assert warmed["hit"] == before.get("hit", 0) + 2
    assert warmed.get("miss", 0) == before.get("miss", 0)
    found = after["hit"] - before.get("hit", 0)
    missed = after.get("miss", 0) - before.get("miss", 0)
    assert found / (found + missed) > 0.7, after
    assert missed >= 1


@pytest.mark.practice(74)
async def test_a_second_read_of_the_groups_touches_no_file_and_no_table_of_the_catalogue(
    owner: Client,
    statements: Callable[[], AbstractAsyncContextManager[list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await created(owner, SHOP, business_in(store_in()))
    await created(owner, TAGS, tag_in("Drinks", "group"))
    path = f"{TAGS}?kind=group"
    first = (await owner.get(path)).json()
    opened: list[object] = []
    monkeypatch.setattr("builtins.open", lambda *arguments, **_: opened.append(arguments))
    monkeypatch.setattr(Path, "open", lambda *arguments, **_: opened.append(arguments))

    async with statements() as seen:
        again = (await owner.get(path)).json()
    async with statements() as other:
        await owner.get(SHOP)
        await owner.get(SHOP)
    monkeypatch.undo()
    await created(owner, TAGS, tag_in("Food", "group"))

    assert again == first
    assert [statement for statement in seen if CATALOGUE.search(statement)] == []
    assert sum("mainstay_topic" in statement for statement in seen) == 1
    assert len([statement for statement in other if CATALOGUE.search(statement)]) == 3
    assert opened == []
    assert await names(owner, path) == ["Drinks", "Food"]
