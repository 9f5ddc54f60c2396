"""The program with mistakes, and a fuzzer on it."""

from typing import Any

import pytest
from fastapi import FastAPI
from planted.main import make_program
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay.bootstrap.program import Program
from mainstay.testing.clients import ADDRESS
from mainstay.testing.fuzz.cases import Headers
from mainstay.testing.fuzz.fixtures import undone_in
from mainstay.testing.fuzz.run import Fuzzer
from mainstay.web.csrf import csrf_token


@pytest.fixture(scope="session")
def program() -> Program:
    """The program with mistakes."""
    return make_program()


@pytest.fixture
def callers(app: FastAPI) -> dict[str, Headers]:
    """The owner, the cashier and nobody, by their headers."""
    found: dict[str, Headers] = {}
    for name in ("owner", "cashier"):
        token = f"token-of-the-{name}"
        headers = {
            "cookie": f"__Host-planted={token}",
            "x-csrf-token": csrf_token(app.state.edge.keyring, token),
            "origin": ADDRESS,
        }
        found[name] = tuple((key.encode(), value.encode()) for key, value in headers.items())
    return {**found, "nobody": ()}


@pytest.fixture
def fuzzer(app: FastAPI, api_document: dict[str, Any], callers: dict[str, Headers], engine: AsyncEngine) -> Fuzzer:
    """Attacks the program with mistakes."""
    return Fuzzer(app, api_document, callers, undone_in(engine))
