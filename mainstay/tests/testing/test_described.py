"""An answer that the API description does not have fails the test in which it is given."""

from dataclasses import replace
from typing import Annotated

import pytest
from fastapi import APIRouter, HTTPException
from sample.main import make_program

from mainstay.bootstrap.program import Program
from mainstay.module import Module
from mainstay.permission import Public
from mainstay.testing.client import Client
from mainstay.testing.described import UndescribedStatus
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/stall")


@router.get("/prices")
async def list_prices(_uow: Annotated[UnitOfWork, work(Public("prices are for all"))], status: int = 200) -> str:
    """Return the prices, or answer with a status."""
    if status != 200:
        raise HTTPException(status)
    return "cheap"


@pytest.fixture(scope="session")
def program() -> Program:
    """The sample program with a market stall that answers with any status."""
    sample = make_program()
    return replace(sample, modules=(*sample.modules, Module(name="stall", routers=(router,))))


async def test_an_answer_that_is_described_is_let_pass(api: Client) -> None:
    assert (await api.get("/api/v1/stall/prices")).json() == "cheap"
    assert (await api.get("/api/v1/stall/prices?status=503")).status_code == 503


async def test_an_answer_that_is_not_described_fails_where_it_is_given(api: Client) -> None:
    with pytest.raises(
        UndescribedStatus,
        match=r"^GET /api/v1/stall/prices answered 409; it describes 200, 304, 400, 414, 422, 429, 431, 500, 503",
    ):
        await api.get("/api/v1/stall/prices?status=409")

    assert (await api.get("/api/v1/stall/prices")).status_code == 200, "the next answer is another one"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/api/v1/nothing", 404), ("PUT", "/health/live", 405)])
async def test_what_belongs_to_no_operation_is_let_pass(api: Client, method: str, path: str, status: int) -> None:
    assert (await api.request(method, path)).status_code == status
