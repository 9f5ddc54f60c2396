"""One program that is seen: what a request caused is found by its id, in every process, and errors are gathered."""

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.metadata import version
from typing import Any

import orjson
import pytest
from browsing import open_window
from mistakes import (
    BROKEN_SCRIPT,
    PRIVATE,
    all_that_is_kept,
    fail_in_a_browser,
    fail_resolve_and_fail_again,
    failing,
    is_refused,
    kept,
    kill_the_worker,
    resolve_on_screen,
)
from playwright.async_api import Browser
from shopfloor import Product, created, line_in, product_factory, product_in, sale_in, store_in
from shopfloor.busy import BusyShop, open_busy_shop, some_code
from typer.testing import CliRunner

from mainstay import crypto, ids
from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program
from mainstay.observe.traces import Parent
from mainstay.testing.collector import Collector, Told, listening_aside, until
from mainstay.testing.process import OWNER_EMAIL, ProgramProcess, make_folder
from mainstay.testing.receiver import Receiver

JOB = "catalog.learn_words"
LOG_FILE = "shop.log"
KEY = "the-key-of-the-project"
# As if all tries but the last one were used up, and it were due.
LAST_TRY = "UPDATE procrastinate_jobs SET attempts = 5, scheduled_at = NULL WHERE task_name = %s AND status = 'todo'"
BROKEN = "function pay() { throw new TypeError('no till for ada@shop.example') } setTimeout(pay); setTimeout(pay)"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """Takes the program's traces."""
    with Collector().aside() as collector:
        yield collector


@pytest.fixture(scope="module")
def hooked() -> Iterator[Receiver]:
    """Takes the program's webhooks."""
    receiver = Receiver()
    with listening_aside(receiver):
        yield receiver


@pytest.fixture(scope="module")
def tracker() -> Iterator[Receiver]:
    """Takes the program's errors."""
    receiver = Receiver()
    with listening_aside(receiver):
        yield receiver


@pytest.fixture(scope="module")
def traced(program: Program, collector: Collector, tracker: Receiver) -> Iterator[ProgramProcess]:
    """The program, which sends its traces to the collector and its errors to the tracker."""
    with ExitStack() as stack:
        folder = make_folder()
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        process = ProgramProcess(
            program.name,
            folder,
            TRADEPOST_TRACES_URL=collector.url,
            TRADEPOST_TRACES_SECONDS="0.2",
            TRADEPOST_NET_ALLOWED='["127.0.0.1"]',
            TRADEPOST_WEBHOOKS_POLL="0.1",
            TRADEPOST_LOG_FILE=str(folder / LOG_FILE),
            TRADEPOST_ERRORS_DSN=f"http://{KEY}@127.0.0.1:{tracker.port}/7",
        )
        stack.callback(process.stop)
        process.start()
        yield process


def request_of(collector: Collector, name: str) -> Told | None:
    """Return the span of the request with an id, as soon as it has come in."""
    found = [each for each in collector.spans if each.attributes.get("mainstay.request_id") == name]
    return next((each for each in found if each.kind == "server"), None)


async def trace_of(collector: Collector, name: str, *steps: str) -> list[Told]:
    """Return the trace of the request with an id, when it has all of `steps`."""

    def whole() -> list[Told]:
        first = request_of(collector, name)
        found = collector.of(first.trace_id) if first is not None else []
        return found if set(steps) <= {each.name for each in found} else []

    await until(lambda: bool(whole()))
    return whole()


def below(trace: list[Told], above: Told) -> list[Told]:
    return [each for each in trace if each.parent_id == above.span_id]


def the(trace: list[Told], name: str) -> Told:
    (found,) = [each for each in trace if each.name == name]
    return found


async def make_products(shop: BusyShop, count: int) -> dict[str, Product]:
    """Make products, each in a request with an id of its own."""
    make, made = product_factory(shop.owner, await shop.till()), {}
    for _ in range(count):
        name = f"make-{ids.new_id().hex}"
        shop.owner.headers["X-Request-ID"] = name
        made[name] = await make(name=f"Kettle {name[-8:]}")
    del shop.owner.headers["X-Request-ID"]
    return made


async def subscribe(shop: BusyShop, receiver: Receiver, event: str) -> None:
    wanted = {"url": receiver.url, "description": "Traced", "events": [event]}
    answer = await shop.owner.post("/api/v1/webhooks/subscriptions", json={"id": str(ids.new_id()), **wanted})
    assert answer.status_code == 201, answer.text


@pytest.mark.journey
@pytest.mark.practice(97)
async def test_a_random_request_is_found_with_its_statements_its_job_and_its_webhook(
    traced: ProgramProcess, collector: Collector, hooked: Receiver
) -> None:
    async with open_busy_shop(traced) as shop:
        await subscribe(shop, hooked, "catalog.product_created")
        made = await make_products(shop, 5)
        name = list(made)[crypto.new_bytes(1)[0] % 5]

        trace = await trace_of(collector, name, JOB, "webhook", "POST")
        await assert_the_cache_is_seen(shop, collector)

    first = request_of(collector, name)
    assert first is not None
    assert (first.name, first.parent_id) == ("POST /api/v1/catalog/products", "")
    assert first.attributes["http.response.status_code"] == 201
    assert {each.parent_id for each in trace if each is not first} <= {each.span_id for each in trace}, "all linked"
    assert {each.attributes.get("db.system.name") for each in below(trace, first)} - {None} == {"postgresql"}
    job, webhook, sent = the(trace, JOB), the(trace, "webhook"), the(trace, "POST")
    assert job.parent_id == webhook.parent_id == first.span_id
    assert any("catalog_word" in each.attributes.get("db.query.text", "") for each in below(trace, job))
    assert sent.parent_id == webhook.span_id
    assert {each.whose["mainstay.role"] for each in trace} == {"api", "worker"}
    assert all(each.moments[0] <= each.moments[1] for each in trace)
    assert first.moments[0] < job.moments[0]
    (got,) = [each for each in hooked.got if each.headers["x-request-id"] == name]
    assert Parent.of(got.headers["traceparent"]) == Parent(first.trace_id, sent.span_id, is_sampled=True)
    lines = logged(traced)[first.trace_id]
    assert lines == {("request", name), ("job", name), ("call", name), ("webhook", name)}
    assert str(made[name].variant_id) not in str([each.attributes for each in trace]), "values are nobody's business"


async def assert_the_cache_is_seen(shop: BusyShop, collector: Collector) -> None:
    """Read what is kept, first worked out anew, and find the step of the cache with its statement, then without one."""
    await created(shop.owner, "/api/v1/shop/stores", store_in(code=some_code(6)))
    for outcome in ("miss", "hit"):
        name = f"read-{ids.new_id().hex}"
        answer = await shop.owner.get("/api/v1/shop", headers={"X-Request-ID": name})
        assert answer.status_code == 200
        trace = await trace_of(collector, name, "cache shop.facts")
        step, first = the(trace, "cache shop.facts"), request_of(collector, name)
        assert first is not None
        assert (step.parent_id, step.kind, step.failure) == (first.span_id, "internal", None)
        assert step.attributes == {"mainstay.cache.outcome": outcome}
        assert first.moments[0] <= step.moments[0] <= step.moments[1] <= first.moments[1]
        assert bool([each for each in below(trace, step) if "shop_store" in str(each.attributes)]) == (
            outcome == "miss"
        )


def logged(program: ProgramProcess) -> dict[str, set[tuple[str, str]]]:
    """Return which lines of the log are of which trace, and under which request ids."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for line in map(orjson.loads, (program.folder / LOG_FILE).read_bytes().splitlines()):
        if "trace_id" in line:
            found[line["trace_id"]].add((line["event"], line["request_id"]))
    return found


def logs(process: ProgramProcess, program: Program, *arguments: str) -> list[dict[str, Any]]:
    """Run the command `logs` on what the running program has written, and return the lines that it shows."""
    log = {"TRADEPOST_LOG_FILE": str(process.folder / LOG_FILE)}
    done = CliRunner().invoke(create_cli(program), ["logs", "--json", *arguments], env=log, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return [orjson.loads(line) for line in done.stdout_bytes.splitlines()]


@pytest.mark.journey
@pytest.mark.practice(56)
async def test_200_parallel_requests_keep_their_ids_in_header_log_trace_and_job(
    traced: ProgramProcess, collector: Collector
) -> None:
    names = [f"call-{number}-{ids.new_id().hex}" for number in range(200)]
    async with open_busy_shop(traced) as shop:

        async def make(name: str) -> Parent:
            body = product_in(price="2.49", tax_rate="20", unit="piece", barcodes=[])
            headers = {"X-Request-ID": name}
            reply = await shop.owner.post("/api/v1/catalog/products", json=body, headers=headers, timeout=60)
            assert (reply.headers["X-Request-ID"], reply.status_code) == (name, 201)
            told = Parent.of(reply.headers["traceresponse"])
            assert told is not None
            return told

        traces = dict(zip(names, await asyncio.gather(*map(make, names)), strict=True))
        wanted = {told.trace_id for told in traces.values()}
        await until(lambda: wanted <= {each.trace_id for each in collector.spans if each.name == JOB}, 60)

    lines = logged(traced)
    assert len(wanted) == 200
    for name, told in traces.items():
        first, own = request_of(collector, name), collector.of(told.trace_id)
        assert first is not None
        assert (first.trace_id, first.span_id) == (told.trace_id, told.span_id)
        assert {("request", name), ("job", name)} <= lines[told.trace_id]
        assert {each for _, each in lines[told.trace_id]} == {name}
        assert {each.attributes.get("mainstay.request_id", name) for each in own} == {name}


@pytest.mark.journey
async def test_a_letter_is_part_of_the_trace_that_caused_it(traced: ProgramProcess, collector: Collector) -> None:
    name = f"invite-{ids.new_id().hex}"
    async with open_busy_shop(traced) as shop:
        person = {"id": str(ids.new_id()), "name": "Ida", "email": f"{name}@shop.example", "role": "cashier"}
        answer = await shop.owner.post("/api/v1/identity/invitations", json=person, headers={"X-Request-ID": name})
        assert answer.status_code == 201, answer.text
        trace = await trace_of(collector, name, "mail.deliver", "mail")

    assert the(trace, "mail").parent_id == the(trace, "mail.deliver").span_id
    assert f"{name}@shop.example" not in str(trace), "nobody's address is told"


@pytest.mark.journey
@pytest.mark.practice(60, 61)
async def test_the_log_of_all_processes_tells_the_story_of_a_request_a_person_and_an_order(
    program: Program, traced: ProgramProcess, collector: Collector, hooked: Receiver
) -> None:
    """Somebody else's request, at the same time, is in none of them."""
    name, other = f"sell-{ids.new_id().hex}", f"look-{ids.new_id().hex}"
    async with open_busy_shop(traced) as shop:
        await subscribe(shop, hooked, "pos.sale_completed")
        till = await shop.till()
        product = await shop.product(till, stock="5")
        body = sale_in(till, [line_in(product, "1")], 249)
        sold = await shop.owner.post("/api/v1/pos/sales", json=body, headers={"X-Request-ID": name})
        assert sold.status_code == 201, sold.text
        sale, cashier = (
            sold.json()["id"],
            str(shop.value("SELECT id FROM identity_person WHERE email = %s", OWNER_EMAIL)),
        )
        seen = await shop.owner.get(f"/api/v1/pos/sales/{sale}", headers={"X-Request-ID": other})
        assert seen.status_code == 200
        async with traced.client() as stranger:
            await stranger.get("/api/v1/shop", headers={"X-Request-ID": f"stranger-{other}"})
        await trace_of(collector, name, "webhook")

    of_request, of_order = logs(traced, program, "--request", name), logs(traced, program, "--record", sale)
    assert {each["request_id"] for each in of_request} == {name}
    assert [each["event"] for each in of_request] == ["request", "call", "webhook"]
    assert of_request[0]["route"] == "/api/v1/pos/sales"
    assert {each["request_id"] for each in of_order} == {name, other}
    assert {each["actor"] for each in of_order} == {cashier}
    assert all(sale in each["about"] for each in of_request)
    of_person = logs(traced, program, "--actor", cashier)
    assert {name, other} < {each["request_id"] for each in of_person}
    assert f"stranger-{other}" not in {each["request_id"] for each in of_person}
    assert of_order == [each for each in of_person if each["request_id"] in {name, other}]


def gathered(tracker: Receiver, role: str) -> list[dict[str, Any]]:
    """Return the errors of a part of the program that have come in."""
    events = [orjson.loads(got.body.split(b"\n")[2]) for got in list(tracker.got)]
    return [event for event in events if event["tags"]["role"] == role]


async def fail_in_the_api(shop: BusyShop, names: list[str]) -> None:
    shop.program.ask("ALTER TABLE mail_message RENAME TO mail_message_elsewhere")
    try:
        for name in names:
            answer = await shop.owner.get("/api/v1/mail/status", headers={"X-Request-ID": name})
            assert answer.status_code == 500
    finally:
        shop.program.ask("ALTER TABLE mail_message_elsewhere RENAME TO mail_message")


async def fail_in_the_worker(shop: BusyShop, tracker: Receiver) -> str:
    """Return the request whose job failed for good."""
    shop.program.ask("ALTER TABLE catalog_word RENAME TO catalog_word_elsewhere")
    try:
        (name,) = await make_products(shop, 1)

        def is_told() -> bool:
            shop.program.ask(LAST_TRY, JOB)
            return bool(gathered(tracker, "worker"))

        await until(is_told)
    finally:
        shop.program.ask("ALTER TABLE catalog_word_elsewhere RENAME TO catalog_word")
    return name


@pytest.mark.journey
@pytest.mark.practice(62)
async def test_errors_of_api_worker_and_browser_are_gathered_in_groups_and_without_data(
    traced: ProgramProcess, tracker: Receiver, browser: Browser
) -> None:
    names = [f"fail-{ids.new_id().hex}" for _ in range(2)]
    async with open_busy_shop(traced) as shop:
        await fail_in_the_api(shop, names)
        cause = await fail_in_the_worker(shop, tracker)
        await fail_in_a_browser(traced, browser, BROKEN, "broken-1.js")
        await until(lambda: len(gathered(tracker, "api")) == 2 and len(gathered(tracker, "browser")) == 1)
        owner = str(shop.value("SELECT id FROM identity_person WHERE email = %s", OWNER_EMAIL))

    (first, second), (job,), (page,) = (gathered(tracker, role) for role in ("api", "worker", "browser"))
    release = f"tradepost@{version('tradepost')}"
    assert {(each["release"], each["environment"]) for each in (first, second, job, page)} == {(release, "development")}
    assert first["fingerprint"] == second["fingerprint"]
    assert len({tuple(each["fingerprint"]) for each in (first, job, page)}) == 3
    assert first["fingerprint"][0] == "asyncpg.exceptions.UndefinedTableError"
    assert (first["transaction"], first["user"]["id"]) == ("/api/v1/mail/status", owner)
    assert [each["tags"]["request_id"] for each in (first, second, job)] == [*names, cause]
    assert (job["transaction"], job["tags"]["attempt"]) == (JOB, "6")
    assert page["fingerprint"] == ["TypeError", "/assets/broken-1.js:pay"]
    assert page["exception"]["values"][0]["value"] == "no till for …"
    assert {got.headers["x-sentry-auth"].rpartition("=")[2] for got in tracker.got} == {KEY}
    sent = b"".join(got.body for got in tracker.got)
    assert not [
        each for each in (b"ada@", OWNER_EMAIL.encode(), b"Kettle", b"Olga", b"mail_message_else") if each in sent
    ]


@pytest.mark.journey
@pytest.mark.practice(62)
async def test_errors_of_all_parts_are_kept_by_the_program_itself_grouped_and_open_again_when_they_return(
    traced: ProgramProcess, browser: Browser
) -> None:

    def hurry() -> None:
        traced.ask(LAST_TRY, JOB)

    release = version("tradepost")
    names = [f"tag-{ids.new_id().hex[-12:]}" for _ in range(3)]
    async with open_busy_shop(traced) as shop:
        back = await fail_resolve_and_fail_again(shop, names, release)
        with failing(traced, "catalog_word"):
            (cause,) = await make_products(shop, 1)
            job = await kept(shop.owner, lambda one: one["role"] == "worker" and is_refused(one), hurry)
        await fail_in_a_browser(traced, browser, BROKEN_SCRIPT, "torn-1.js")
        page = await kept(shop.owner, lambda one: one["place"] == "/assets/torn-1.js:tear")
        kill_the_worker(traced)
        parent = await kept(shop.owner, lambda one: one["role"] == "supervisor")
        answers = str([back, job, page, parent])
        async with open_window(browser, traced.address) as window:
            await window.adopt(shop.owner)
            screen = await resolve_on_screen(window, back["id"])

    assert [each["request_id"] for each in back["occurrences"]] == names[::-1]
    assert back["occurrences"][0]["facts"] == {"method": "POST", "route": "/api/v1/tagging/tags"}
    assert (back["state"], back["returns"], back["returned_release"]) == ("open", 1, release)
    assert (job["role"], job["occurrences"][0]["facts"]["job"]) == ("worker", JOB)
    assert job["occurrences"][0]["request_id"] == cause
    assert (page["role"], page["kind"]) == ("browser", "TypeError")
    assert page["occurrences"][0]["sentence"] == "no receipt for … … …"
    assert parent["occurrences"][0]["facts"] == {"child": "worker", "code": "-9"}
    assert {one["last_release"] for one in (back, job, page, parent)} == {release}
    assert names[2] in screen
    assert (job["place"].split(":")[0], back["place"].split(":")[0]) == (
        "tradepost/catalog/repository/words.py",
        "tradepost/tagging/repository.py",
    )
    for text in (all_that_is_kept(traced), answers, screen):
        assert not [each for each in (*PRIVATE, "Kettle", OWNER_EMAIL) if each in text]
