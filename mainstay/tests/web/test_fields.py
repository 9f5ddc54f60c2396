"""Choosing fields: what is chosen is given and nothing else, and what the answer's schema does not have is refused."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from mainstay.bootstrap.program import Program
from mainstay.module import Module
from mainstay.modules.identity.module import IDENTITY
from mainstay.permission import SignedIn
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.web.fields import choice_of, chosen
from mainstay.web.json_text import JsonText
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

SignIn = Callable[[str], Awaitable[Client]]
Work = Annotated[UnitOfWork, work(SignedIn())]

router = APIRouter(prefix="/boxes", tags=["Boxes"])


class ThingOut(BaseModel):
    """What is in a box; things may be in things."""

    id: int
    price: float
    within: list["ThingOut"] = []
    named: str = Field(default="thing", serialization_alias="label")


class BoxOut(BaseModel):
    """A box, with whatever stands on it."""

    id: int
    size: tuple[int, int]
    lid: ThingOut | None
    notes: dict[str, Any]
    items: list[ThingOut]


BOX = BoxOut(
    id=7,
    size=(3, 4),
    lid=None,
    notes={"by": {"hand": "left", "when": None}, "x": 1},
    items=[ThingOut(id=1, price=0.1), ThingOut(id=2, price=1e21, within=[ThingOut(id=3, price=2.50)])],
)


@router.get("/box")
async def read_box(uow: Work) -> BoxOut:
    """One box."""
    assert uow.actor.id
    return BOX


@router.get("/text", response_model=BoxOut)
async def read_text(uow: Work) -> Response:
    """The same, put together elsewhere."""
    assert uow.actor.id
    return JsonText(BOX.model_dump_json(by_alias=True))


@router.get("/all")
async def list_boxes(uow: Work) -> list[BoxOut]:
    """All boxes."""
    assert uow.actor.id
    return [BOX, BOX]


@router.post("/box")
async def change_box(uow: Work, fields: str = "") -> BoxOut:
    """Change nothing."""
    assert uow.actor.id, fields
    return BOX


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    return Program(
        name="storeroom",
        title="Storeroom",
        description="Has boxes.",
        version="1.0.0",
        modules=(IDENTITY, Module(name="boxes", routers=(router,))),
        migrations=("mainstay.migrations",),
    )


@pytest.fixture
async def owner(sign_in_as: SignIn) -> Client:
    """An owner of this program, not of the probe."""
    return await sign_in_as("owner")


BOXES = "/api/v1/boxes"


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ("id", {"id": 7}),
        ("size,id", {"id": 7, "size": [3, 4]}),
        ("items.id", {"items": [{"id": 1}, {"id": 2}]}),
        (
            "items.price, items.within.id",
            {"items": [{"price": 0.1, "within": []}, {"price": 1e21, "within": [{"id": 3}]}]},
        ),
        ("items.label,lid.id", {"lid": None, "items": [{"label": "thing"}, {"label": "thing"}]}),
        ("notes.by.hand", {"notes": {"by": {"hand": "left"}}}),
        ("items.id,items", {"items": BOX.model_dump(by_alias=True)["items"]}),
    ],
)
@pytest.mark.parametrize("route", ["box", "text"])
async def test_what_is_chosen_is_given_and_nothing_else(
    owner: Client, route: str, fields: str, answer: dict[str, Any]
) -> None:
    reply = await owner.get(f"{BOXES}/{route}", params={"fields": fields})

    assert (reply.status_code, reply.json()) == (200, answer)
    assert reply.headers["content-type"] == "application/json"


async def test_of_a_list_each_item_has_the_chosen_fields(owner: Client) -> None:
    assert (await owner.get(f"{BOXES}/all", params={"fields": "id"})).json() == [{"id": 7}, {"id": 7}]


@pytest.mark.parametrize(
    ("fields", "unknown"),
    [
        ("colour", ["colour"]),
        ("id,colour,items.colour", ["colour", "items.colour"]),
        ("id.more", ["id.more"]),
        ("items.named", ["items.named"]),
        ("", [""]),
        ("id,,size", [""]),
        ("items.", ["items."]),
        ("Id", ["Id"]),
        ("items." + "within." * 900 + "id", None),
    ],
)
async def test_what_the_answer_does_not_have_is_refused(owner: Client, fields: str, unknown: list[str] | None) -> None:
    reply = await owner.get(f"{BOXES}/box", params={"fields": fields})

    assert (reply.status_code, reply.json()["code"]) == (422, "unknown_field")
    assert reply.json()["known"] == ["id", "items", "lid", "notes", "size"]
    told = [each["message"] for each in reply.json()["errors"]]
    assert unknown is None or told == [f"There is no field {name}." for name in unknown]


async def test_whoever_is_not_let_in_is_told_that_first(make_client: ClientFactory) -> None:
    assert (await make_client().get(f"{BOXES}/box", params={"fields": "colour"})).status_code == 401


async def test_each_choice_has_a_tag_of_its_own(owner: Client) -> None:
    whole = await owner.get(f"{BOXES}/box")
    part = await owner.get(f"{BOXES}/box", params={"fields": "id"})
    known = {"If-None-Match": part.headers["etag"]}

    assert part.headers["etag"] != whole.headers["etag"]
    assert (await owner.get(f"{BOXES}/box", params={"fields": "id"}, headers=known)).status_code == 304
    assert (await owner.get(f"{BOXES}/box", headers=known)).status_code == 200


async def test_a_change_answers_with_the_whole(owner: Client) -> None:
    assert (await owner.post(f"{BOXES}/box", params={"fields": "id"})).json()["size"] == [3, 4]


def test_the_description_tells_of_it_at_reads(api_document: dict[str, Any]) -> None:
    operations = api_document["paths"][f"{BOXES}/all"]

    assert "fields" in [each["name"] for each in operations["get"]["parameters"]]
    assert "422" in operations["get"]["responses"]


@pytest.mark.parametrize("value", [1, "text", None, [], {}, {"other": 1}])
def test_what_has_no_such_part_stays_as_it_is_without_it(value: object) -> None:
    expected = {} if isinstance(value, dict) else value

    assert chosen(value, choice_of("id")) == expected
