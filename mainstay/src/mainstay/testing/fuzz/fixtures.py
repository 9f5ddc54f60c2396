"""The fixture for fuzzing: the program under test with an owner, a cashier and somebody who is not signed in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asyncpg.connection import LoggedQuery
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay.testing.client import Client
from mainstay.testing.clients import ADDRESS
from mainstay.testing.fuzz.cases import Headers
from mainstay.testing.fuzz.run import Fuzzer, Undone


@pytest.fixture
async def fuzzer(
    app: FastAPI, api_document: dict[str, Any], engine: AsyncEngine, sign_in_as: Callable[[str], Awaitable[Client]]
) -> Fuzzer:
    """Attacks the program in this process; the owner makes most of the calls, and each case is undone."""
    callers = {role: headers_of(await sign_in_as(role)) for role in ("owner", "cashier")}
    return Fuzzer(app, api_document, {**callers, "nobody": ()}, undone_in(engine))


def headers_of(client: Client) -> Headers:
    """Return the headers by which a signed-in browser is known."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)
    found = {"cookie": cookies, "x-csrf-token": client.csrf_token or "", "origin": ADDRESS}
    return tuple((name.encode(), value.encode()) for name, value in found.items())


def undone_in(engine: AsyncEngine) -> Undone:
    """Return what undoes the work inside it on the one connection of `engine`, and notes its statements."""

    @asynccontextmanager
    async def undone() -> AsyncIterator[list[str]]:
        statements: list[str] = []

        def note(record: LoggedQuery) -> None:
            statements.append(record.query)

        async with engine.connect() as pooled:
            raw = (await pooled.get_raw_connection()).driver_connection
            assert raw is not None
            transaction = raw.transaction()
            await transaction.start()
            raw.add_query_logger(note)
            try:
                yield statements
            finally:
                # The driver tells of a statement at the next turn of the loop.
                await asyncio.sleep(0)
                raw.remove_query_logger(note)
                await transaction.rollback()

    return undone
