"""The place of a request is kept in its scope."""

from probe import notes

from mainstay.web.operation import operations
from mainstay.web.place import NOWHERE, Place, place_of, put_place

OPERATION = next(operations((notes.router,), "/api/v1", "probe"))


def test_a_request_that_nobody_has_located_is_nowhere() -> None:
    assert place_of({}) is NOWHERE
    assert NOWHERE.route is None


def test_a_place_is_found_again_in_the_scope() -> None:
    scope: dict[str, object] = {}
    place = Place(OPERATION, {"id": 1})

    put_place(scope, place)

    assert place_of(scope) is place
    assert place.route == "/api/v1/probe/me"
