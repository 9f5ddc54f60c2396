"""A route of a module becomes an operation: its path, its name, its right and its limit."""

import pytest
from fastapi import APIRouter, FastAPI, Request
from probe import notes, trouble
from starlette.responses import Response
from starlette.routing import Mount

from mainstay.errors import ConfigurationError
from mainstay.permission import SignedIn
from mainstay.web.operation import Operation, operations, operations_of

NOTES = {each.name: each for each in operations((notes.router,), "/api/v1", "probe")}
TROUBLE = {each.name: each for each in operations((trouble.router,), "/api/v1", "trouble")}


def test_paths_stand_under_the_prefix_and_names_under_the_module() -> None:
    assert NOTES["show_note"].path == "/api/v1/probe/notes/{note_id}"
    assert NOTES["show_note"].operation_id == NOTES["show_note"].unique_id == "probe_show_note"
    assert NOTES["show_note"].module == "probe"
    assert NOTES["write_note"].verbs == {"POST"}


def test_rights_and_limits_are_the_routes_own() -> None:
    assert NOTES["show_note"].right is notes.READ
    assert NOTES["show_me"].right == SignedIn()
    assert TROUBLE["fail"].right is trouble.OPEN
    assert TROUBLE["upload"].max_body_size == trouble.UPLOAD_LIMIT
    assert TROUBLE["echo"].max_body_size is None


def test_what_a_route_says_about_itself_is_kept() -> None:
    assert NOTES["write_note"].status_code == 201
    assert NOTES["write_note"].tags == ["Notes"]
    assert NOTES["write_note"].description == "Write a note."


def test_a_name_that_a_route_chose_itself_is_kept() -> None:
    router = APIRouter()
    router.add_api_route("/chosen", notes.show_me, operation_id="my_own_name")

    assert [each.operation_id for each in operations((router,), "", "probe")] == ["my_own_name"]


def test_routers_inside_routers_become_flat() -> None:
    inner, outer = APIRouter(prefix="/inner", tags=["Inner"]), APIRouter(prefix="/outer")
    inner.add_api_route("/deep", notes.show_me)
    outer.include_router(inner, prefix="/between")

    (found,) = operations((outer,), "/api", "probe")

    assert found.path == "/api/outer/between/inner/deep"
    assert found.tags == ["Inner"]


def test_anything_but_a_route_is_refused() -> None:
    async def page(_request: Request) -> Response:
        return Response()

    mounting, routing = APIRouter(), APIRouter()
    mounting.routes.append(Mount("/files", app=FastAPI()))
    routing.add_route("/page", page)

    for router in (mounting, routing):
        with pytest.raises(ConfigurationError, match="may declare FastAPI routes only"):
            list(operations((router,), "", "probe"))


def test_an_application_knows_its_operations() -> None:
    app = FastAPI(openapi_url=None)
    app.router.routes[:] = [*NOTES.values(), Mount("/files", app=FastAPI())]

    found = operations_of(app)

    assert found == list(NOTES.values())
    assert all(isinstance(each, Operation) for each in found)
