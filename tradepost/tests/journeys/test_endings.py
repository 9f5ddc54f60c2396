"""Whoever loses their access loses it in every process of the program within a second."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]
IDENTITY = "/api/v1/identity"
EMAIL, PASSWORD = "zoe@shop.example", "four slow yellow boats"
# What a process remembers for a second, and time for the calls themselves on a busy machine.
WITHIN = 4.0
CONNECTIONS = 8


async def sessions_of(program: ProgramProcess, stack: AsyncExitStack) -> list[Client]:
    """Sign the cashier in, in one browser that has a connection to every process; return its connections."""
    first = await stack.enter_async_context(program.client())
    first.adopt(await first.post(f"{IDENTITY}/session", json={"email": EMAIL, "password": PASSWORD}))
    others = [await stack.enter_async_context(program.client()) for _ in range(CONNECTIONS - 1)]
    for other in others:
        for cookie in first.cookies.jar:
            other.cookies.jar.set_cookie(cookie)
    return [first, *others]


async def statuses(clients: list[Client]) -> set[int]:
    """Return what all connections are answered at the same time."""
    answers = await asyncio.gather(*(each.get(f"{IDENTITY}/session") for each in clients))
    return {answer.status_code for answer in answers}


async def is_over_everywhere(clients: list[Client]) -> bool:
    """Whether every connection is refused within the time, and none is let in again afterwards."""
    deadline = clock.monotonic() + WITHIN
    while await statuses(clients) != {401}:
        if clock.monotonic() > deadline:
            return False
        await asyncio.sleep(0.1)
    return await statuses(clients) == {401}


@pytest.mark.journey
@pytest.mark.practice(28)
async def test_every_way_to_end_somebodys_access_ends_it_in_every_process(start_program: StartProgram) -> None:
    program = start_program("--workers", "2")
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(program.owner())
        person_id = await join(owner, program)

        async def change(**what: object) -> None:
            version = (await owner.get(f"{IDENTITY}/people/{person_id}")).json()["version"]
            answer = await owner.patch(f"{IDENTITY}/people/{person_id}", json={"version": version, **what})
            assert answer.status_code == 200, answer.text

        async def leave_everywhere() -> None:
            elsewhere = await stack.enter_async_context(program.client())
            elsewhere.adopt(await elsewhere.post(f"{IDENTITY}/session", json={"email": EMAIL, "password": PASSWORD}))
            assert (await elsewhere.delete(f"{IDENTITY}/account/devices")).status_code == 204

        ways: dict[str, Callable[[], Awaitable[None]]] = {
            "another role": lambda: change(role="employee"),
            "signed out everywhere": leave_everywhere,
            "deactivated": lambda: change(is_active=False),
        }
        for name, way in ways.items():
            clients = await sessions_of(program, stack)
            assert await statuses(clients) == {200}, name
            await way()
            assert await is_over_everywhere(clients), name


async def join(owner: Client, program: ProgramProcess) -> str:
    """Invite the cashier, who joins; return who they are."""
    invitation = {"id": str(ids.new_id()), "role": "cashier", "name": "Zoë", "email": EMAIL}
    link = (await owner.post(f"{IDENTITY}/invitations", json=invitation)).json()["link_path"]
    async with program.client() as browser:
        body = {"token": link.partition("#")[2], "password": PASSWORD}
        browser.adopt(await browser.post(f"{IDENTITY}/invitations/accept", json=body))
        return str(browser.person_id)
