"""Flags and experiments through the front door of a running program with two API processes."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any
from uuid import UUID, uuid5

import pytest
from lab.main import COLOUR

from mainstay import clock, crypto
from mainstay.bootstrap.checks import check_program
from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.testing.clients import ADD_PERSON
from mainstay.testing.process import ProgramProcess

FLAGS, EXPERIMENTS, OFFERS = "/api/v1/flags", "/api/v1/experiments", "/api/v1/lab/offers"
SHOPPERS = UUID("01926e6a-0000-7000-8000-00000000f1a9")
ADD_SESSION = """
INSERT INTO identity_session (id, token_digest, person_id, expires_at) VALUES (%s, %s, %s, now() + interval '1 day')
"""
AN_HOUR_LATER = (
    "UPDATE flags_exposure SET exposed_at = exposed_at - interval '1 hour'",
    "UPDATE flags_outcome SET happened_at = happened_at - interval '1 hour'",
)
WITHIN = 1.0
# Fresh connections that ask at once: with so many, both processes answer.
MANY = 12

Calls = list[dict[str, object]]


@pytest.fixture
def lab(start_program: Callable[..., ProgramProcess]) -> ProgramProcess:
    """The lab with two API processes."""
    return start_program("--workers", "2")


def join(lab: ProgramProcess, number: int, role: str) -> str:
    """Put somebody into the database and return the token of their session."""
    person, token = uuid5(SHOPPERS, str(number)), crypto.new_token()
    sql = ADD_PERSON
    for place in ("$1", "$2", "$3", "$4"):
        sql = sql.replace(place, "%s")
    email = f"shopper-{number}@lab.example"
    lab.ask(sql, person, email, email, f"Shopper {number}", role)
    lab.ask(ADD_SESSION, uuid5(person, "session"), crypto.digest(token), person)
    return token


async def enter(stack: AsyncExitStack, lab: ProgramProcess, token: str) -> Client:
    """Open a browser, with a connection of its own, of whoever has this session."""
    client = await stack.enter_async_context(lab.client())
    client.cookies.set("__Host-lab", token, domain="localhost.local")
    client.csrf_token = (await client.get("/api/v1/identity/session")).json()["csrf_token"]
    return client


async def offers(clients: list[Client]) -> Calls:
    """Return what all are shown at the same time."""
    answers = await asyncio.gather(*(client.post(OFFERS) for client in clients))
    assert {answer.status_code for answer in answers} == {200}
    return [answer.json() for answer in answers]


async def enter_everywhere(stack: AsyncExitStack, lab: ProgramProcess, token: str) -> list[Client]:
    """Open browsers until there are as many as wanted and both processes have some: the system shares them out."""
    opened: list[Client] = []
    processes: set[str] = set()
    while len(opened) < MANY or len(processes) < 2:
        assert len(opened) < 20 * MANY, "one process answers all"
        opened.append(await enter(stack, lab, token))
        processes |= {str(each["process"]) for each in await offers(opened[-1:])}
    return opened


async def steer(owner: Client, key: str, **how: object) -> None:
    """Change a flag as it is now."""
    items = (await owner.get(FLAGS)).json()["items"]
    version = next(each["version"] for each in items if each["key"] == key)
    answer = await owner.put(f"{FLAGS}/{key}", json={"version": version, **how})
    assert answer.status_code == 200, answer.text


def all_hear(value: bool, shown: Calls) -> bool:
    """Whether the bell rings, or does not, for all."""
    return {each["bell"] for each in shown} == {value}


async def seconds_until(clients: list[Client], is_so: Callable[[Calls], bool]) -> float:
    """Return after how many seconds all are shown what is wanted, and keep asking until then."""
    began = clock.monotonic()
    while not is_so(await offers(clients)):
        assert clock.monotonic() - began < 10, "it never came"
        await asyncio.sleep(0.01)
    return clock.monotonic() - began


@pytest.mark.journey
@pytest.mark.practice(100)
async def test_a_flag_is_flipped_for_one_role_in_every_process_within_a_second_and_assignment_is_stable_and_measured(
    lab: ProgramProcess,
) -> None:
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(lab.owner())
        tokens = [join(lab, number, "cashier") for number in range(40)]
        manager_token = join(lab, 1000, "manager")
        cashiers = await enter_everywhere(stack, lab, tokens[0])
        managers = await enter_everywhere(stack, lab, manager_token)
        before = await offers([*cashiers, *managers])
        assert {each["bell"] for each in before} == {False}

        # Several times: who only looks now and then would be lucky once.
        for value in (True, False, True):
            await steer(owner, "lab.bell", rules=[{"value": value, "roles": ["cashier"]}])
            took = await seconds_until(cashiers, partial(all_hear, value))
            assert took < WITHIN, f"it took {took:.2f} s"
        assert {each["bell"] for each in await offers(managers)} == {False}
        assert len({each["process"] for each in await offers(cashiers)}) == 2

        # Nobody is assigned before the experiment begins; then everybody for good, whichever process answers.
        assert {each["colour"] for each in await offers(cashiers)} == {"white"}
        assert (await owner.post(f"{EXPERIMENTS}/{COLOUR.key}/start")).status_code == 204
        red = await enter(stack, lab, next(t for n, t in enumerate(tokens) if colour_of(n) == "red"))
        assert await seconds_until([red], lambda shown: shown[0]["colour"] == "red") < WITHIN

        shoppers = [await enter(stack, lab, token) for token in tokens]
        assert await seconds_until(shoppers[:1], lambda shown: shown[0]["colour"] == colour_of(0)) < WITHIN
        for _ in range(3):
            shown = [each["colour"] for each in await offers(shoppers[:6])]
            assert shown == [colour_of(number) for number in range(6)]
        await measure(lab, owner, shoppers)


async def measure(lab: ProgramProcess, owner: Client, shoppers: list[Client]) -> None:
    """See that nothing is told early, and the winner once all have met their variant."""
    early = await experiment(owner)
    assert (early["state"], early["winner"], early["differences"]) == ("not_yet", None, [])
    assert early["seen"] < early["size"] == COLOUR.size

    await buy(shoppers)
    assert (await experiment(owner))["state"] == "not_yet", "outcomes may still come"
    for sql in AN_HOUR_LATER:
        lab.ask(sql)
    late = await experiment(owner)

    assert (late["state"], late["winner"]) == ("winner", "red")
    assert late["differences"][0]["low"] > 0
    counts = {each["variant"]: each["exposed"] for each in late["samples"]}
    assert counts == {name: sum(colour_of(n) == name for n in range(40)) for name in COLOUR.variants}


def colour_of(number: int) -> str | None:
    """The variant that a shopper is to meet."""
    return COLOUR.variant_of(uuid5(SHOPPERS, str(number)))


async def experiment(owner: Client) -> dict[str, Any]:
    """Return how the experiment stands."""
    (only,) = (await owner.get(EXPERIMENTS)).json()["items"]
    return dict(only)


async def buy(shoppers: list[Client]) -> None:
    """Show all the offer; whoever sees red buys, of the others one in ten."""
    for number, (shopper, shown) in enumerate(zip(shoppers, await offers(shoppers), strict=True)):
        value = 1 if shown["colour"] == "red" or number % 10 == 0 else 0
        assert (await shopper.post("/api/v1/lab/bought", json={"value": value})).status_code == 204


def test_the_program_passes_its_boot_checks(program: Program) -> None:
    check_program(program)

    assert {flag.key for flag in program.flags} == {"flags.read_only", "lab.bell", "lab.sign"}
    assert [each.key for each in program.experiments] == ["lab.colour"]
