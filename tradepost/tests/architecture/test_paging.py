"""Every list that is given in pages does so in the one way, and no read leaves out what it does not know."""

import re

from interface import operations

from mainstay import ids
from mainstay.clock import now
from mainstay.db.query import encode_moment_cursor
from mainstay.testing.client import Client
from mainstay.web.operation import Operation
from mainstay.web.paging import CURSOR

LISTS = [each for each in operations() if each.is_list]
READS = [each for each in operations() if each.is_partial]


def declared(operation: Operation) -> bool:
    """Whether a list takes its cursor as all do, and gives the next one."""
    (taken,) = [field for field in operation.dependant.query_params if field.alias == "cursor"]
    given: set[str] = set(operation.response_model.model_fields)
    description: str | None = taken.field_info.description
    return description == CURSOR.description and {"items", "next_cursor"} <= given


def test_every_list_takes_and_gives_cursors_in_one_way() -> None:
    assert len(LISTS) > 20
    assert [each.title for each in LISTS if not declared(each)] == []


def test_every_answer_with_a_next_cursor_is_such_a_list() -> None:
    """One without the parameter would hand out cursors that nobody signed and nobody takes."""
    giving = {each.title for each in operations() if "next_cursor" in getattr(each.response_model, "model_fields", ())}

    # The cards of one contact are few, and come in the shape of the list of all, without a next page.
    assert giving - {each.title for each in LISTS} == {"GET /api/v1/crm/contacts/{contact_id}/cards"}


async def test_no_list_takes_a_cursor_that_it_did_not_give_out(owner: Client) -> None:
    """It is looked at before anything else of the request, so ids of nothing and no filters do."""
    made_up = encode_moment_cursor(now(), ids.new_id())
    answers = {
        each.title: await owner.get(
            re.sub(r"\{[^}]*\}", str(ids.new_id()), each.path_format), params={"cursor": made_up}
        )
        for each in LISTS
    }

    refused = {title: (answer.status_code, answer.json()["code"]) for title, answer in answers.items()}
    assert {title: told for title, told in refused.items() if told != (422, "invalid_cursor")} == {}


async def test_no_read_takes_a_parameter_that_it_does_not_know(owner: Client) -> None:
    """Who asks for a part by a misspelt name would be given everything: `name` in place of `names` of the feed."""
    answers = {
        each.title: await owner.get(re.sub(r"\{[^}]*\}", str(ids.new_id()), each.path_format), params={"no_such": "x"})
        for each in READS
    }

    told = {title: (answer.status_code, answer.json().get("code")) for title, answer in answers.items()}
    assert len(told) > len(LISTS) + 40
    assert {title: one for title, one in told.items() if one != (422, "unknown_filter")} == {}
