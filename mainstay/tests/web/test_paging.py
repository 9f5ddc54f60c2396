"""Cursors through the front door: each goes on in the list that gave it out, for whoever asked, and nowhere else."""

import base64
from collections.abc import Awaitable, Callable
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends

from mainstay.bootstrap.program import Program
from mainstay.messages.audit import Entry
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.identity.module import IDENTITY
from mainstay.testing.client import Client
from mainstay.web.operation import operations
from mainstay.web.paging import Cursor
from mainstay.work import SYSTEM, WorkOpener

SignIn = Callable[[str], Awaitable[Client]]

ENTRIES = "/api/v1/audit/entries"
PEOPLE = "/api/v1/identity/people"
PAGE = {"limit": "1"}


async def following(client: Client, path: str, **query: str) -> str:
    """Return the cursor of the second page of a list."""
    answer = await client.get(path, params=PAGE | query)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["next_cursor"])


async def refusal(client: Client, path: str, cursor: str, **query: str) -> tuple[int, str]:
    """Return with which status and code a list answers a cursor."""
    answer = await client.get(path, params={"cursor": cursor} | query)
    return answer.status_code, str(answer.json().get("code"))


REFUSED = (422, "invalid_cursor")


@pytest.fixture(scope="session")
def program() -> Program:
    """A program with three lists: people, those who ask to join them, and what was done."""
    return Program(
        name="pager",
        title="Pager",
        description="Turns pages.",
        version="1.0.0",
        modules=(IDENTITY, AUDIT),
        migrations=("mainstay.migrations",),
    )


@pytest.fixture
async def owner(sign_in_as: SignIn) -> Client:
    """An owner of this program, not of the probe."""
    return await sign_in_as("owner")


@pytest.fixture
async def cashier(sign_in_as: SignIn) -> Client:
    """A second person, so that lists of people and of what they did have two pages."""
    return await sign_in_as("cashier")


@pytest.mark.usefixtures("cashier")
async def test_a_cursor_goes_on_where_its_page_ended_whatever_the_size_of_the_next(owner: Client) -> None:
    whole = [each["id"] for each in (await owner.get(PEOPLE)).json()["items"]]

    page = await owner.get(PEOPLE, params={"limit": "100", "cursor": await following(owner, PEOPLE)})

    assert [each["id"] for each in page.json()["items"]] == whole[1:]
    assert len(whole) > 1


@pytest.mark.usefixtures("cashier")
async def test_no_character_of_a_cursor_can_be_changed(owner: Client) -> None:
    genuine = await following(owner, PEOPLE)
    assert (await owner.get(PEOPLE, params={"cursor": genuine})).status_code == 200

    for place in range(0, len(genuine), 7):
        other = "B" if genuine[place] != "B" else "C"
        assert await refusal(owner, PEOPLE, genuine[:place] + other + genuine[place + 1 :]) == REFUSED


@pytest.mark.usefixtures("cashier")
async def test_a_place_that_somebody_made_up_is_no_cursor(owner: Client) -> None:
    genuine = await following(owner, PEOPLE)
    place, _, mark = genuine.partition(".")
    moved = base64.urlsafe_b64encode(b'["1970-01-01T00:00:00+00:00","00000000-0000-0000-0000-000000000000"]').decode()

    for forged in (place, f"{place}.", f".{mark}", f"{moved.rstrip('=')}.{mark}", f"{genuine}.{mark}", "", "é"):
        assert await refusal(owner, PEOPLE, forged) == REFUSED, forged


@pytest.mark.usefixtures("cashier")
async def test_another_list_of_the_same_order_does_not_take_it(owner: Client) -> None:
    genuine = await following(owner, PEOPLE)

    assert await refusal(owner, "/api/v1/identity/sign-ups", genuine) == REFUSED


async def test_other_filters_do_not_take_it_and_the_same_in_another_order_do(
    owner: Client, open_work: WorkOpener
) -> None:
    for number in range(2):
        async with open_work(SYSTEM) as uow:
            uow.record(Entry("identity.person_changed", "identity.person", str(number)))
    filters = {"object_type": "identity.person", "since": "2020-01-01T00:00:00Z"}
    genuine = await following(owner, ENTRIES, **filters)
    turned = dict(reversed(filters.items()))

    assert (await owner.get(ENTRIES, params=turned | {"cursor": genuine})).status_code == 200
    assert await refusal(owner, ENTRIES, genuine) == REFUSED
    assert await refusal(owner, ENTRIES, genuine, object_type="identity.person") == REFUSED
    assert await refusal(owner, ENTRIES, genuine, **filters | {"since": "2020-01-02T00:00:00Z"}) == REFUSED


async def test_nobody_goes_on_with_the_cursor_of_somebody_else(
    owner: Client, cashier: Client, sign_in_as: SignIn
) -> None:
    genuine = await following(owner, PEOPLE)

    assert await refusal(await sign_in_as("owner"), PEOPLE, genuine) == REFUSED
    assert (await cashier.get(PEOPLE, params={"cursor": genuine})).status_code == 403


def test_a_cursor_that_a_part_of_the_route_takes_makes_it_a_list() -> None:
    router = APIRouter()

    def chosen(cursor: Cursor = None) -> str | None:
        return cursor

    @router.get("/deep")
    async def deep(cursor: Annotated[str | None, Depends(chosen)]) -> str | None:
        return cursor

    @router.get("/flat")
    async def flat() -> None:
        return None

    assert [each.is_list for each in operations([router], "/api/v1", "test")] == [True, False]
