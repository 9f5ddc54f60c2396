"""Asking for a part of a list through the front door: allowed keys are typed and described, all others refused."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mainstay.bootstrap.program import Program
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.identity.module import IDENTITY
from mainstay.testing.client import Client
from mainstay.web.asking import Words

SignIn = Callable[[str], Awaitable[Client]]

ENTRIES = "/api/v1/audit/entries"
PEOPLE = "/api/v1/identity/people"
SIGN_UPS = "/api/v1/identity/sign-ups"
ROLES, ACTS = "/api/v1/identity/roles", "/api/v1/audit/acts"


@pytest.fixture(scope="session")
def program() -> Program:
    """A program with lists that have a grammar, and one that has none."""
    return Program(
        name="asker",
        title="Asker",
        description="Answers in part.",
        version="1.0.0",
        modules=(IDENTITY, AUDIT),
        migrations=("mainstay.migrations",),
    )


@pytest.fixture
async def owner(sign_in_as: SignIn) -> Client:
    """An owner of this program, not of the probe."""
    return await sign_in_as("owner")


async def refusal(client: Client, address: str) -> dict[str, Any]:
    """Return how an address is refused."""
    answer = await client.get(address)
    assert answer.status_code == 422, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_key_that_the_list_does_not_know_is_refused_with_those_that_it_does(owner: Client) -> None:
    told = await refusal(owner, f"{PEOPLE}?surname=x")

    assert (told["code"], told["errors"][0]["field"]) == ("unknown_filter", "surname")
    assert told["known"] == ["cursor", "fields", "is_active", "limit", "role", "sort"]


async def test_another_operator_is_refused_with_those_of_the_key(owner: Client) -> None:
    told = await refusal(owner, f"{PEOPLE}?role[gt]=a")

    assert (told["code"], told["known"]) == ("unknown_operator", ["role"])


async def test_an_order_that_the_list_does_not_have_is_refused_with_those_that_it_has(owner: Client) -> None:
    for sort in ("password_hash", "-password_hash", "--name", "name,email", "name;--", ""):
        told = await refusal(owner, f"{PEOPLE}?sort={sort}")
        assert told["code"] == "unknown_sort", sort
        assert told["known"] == ["-created_at", "-email", "-name", "created_at", "email", "name"]


@pytest.mark.parametrize("query", ["is_active=perhaps", "role=", "limit=no", "&".join(["role=a"] * 51)])
async def test_a_value_of_the_wrong_type_is_refused_and_named(owner: Client, query: str) -> None:
    told = await refusal(owner, f"{PEOPLE}?{query}")

    assert told["code"] == "invalid_input"
    assert told["errors"][0]["field"].startswith(query.partition("=")[0])


async def test_lists_without_a_grammar_refuse_what_they_do_not_know_too(owner: Client) -> None:
    told = await refusal(owner, f"{SIGN_UPS}?sort=name")

    assert (told["code"], told["known"]) == ("unknown_filter", ["cursor", "fields", "limit"])


async def test_what_is_given_whole_refuses_what_it_does_not_know_too(owner: Client) -> None:
    for address, known in ((ROLES, ["fields"]), ("/api/v1/identity/account", ["fields"]), (ACTS, ["fields"])):
        told = await refusal(owner, f"{address}?permission=audit.read")
        assert (told["code"], told["errors"][0]["field"], told["known"]) == ("unknown_filter", "permission", known)
        assert (await owner.get(address)).status_code == 200


async def test_who_may_not_read_the_list_is_not_told_what_it_knows(sign_in_as: SignIn) -> None:
    assert (await (await sign_in_as("cashier")).get(f"{PEOPLE}?surname=x")).status_code == 403


async def test_one_value_or_several_of_a_key_fit_and_each_order_goes_both_ways(
    owner: Client, sign_in_as: SignIn
) -> None:
    for role in ("cashier", "manager"):
        await sign_in_as(role)

    async def roles(query: str) -> list[str]:
        answer = await owner.get(f"{PEOPLE}?{query}")
        assert answer.json()["total"] == len(answer.json()["items"])
        return [each["role"] for each in answer.json()["items"]]

    assert await roles("") == ["owner", "cashier", "manager"]
    assert await roles("sort=-created_at") == ["manager", "cashier", "owner"]
    assert await roles("role=cashier") == ["cashier"]
    assert await roles("role=cashier&role=owner") == ["owner", "cashier"]
    assert await roles("is_active=false") == []
    emails = [each["email"] for each in (await owner.get(f"{PEOPLE}?sort=-email")).json()["items"]]
    assert emails == sorted(emails, reverse=True)
    assert len(set(emails)) == 3


async def test_text_of_a_caller_is_a_value_and_never_sql(owner: Client) -> None:
    answer = await owner.get(PEOPLE, params={"role": "x' OR true --"})

    assert answer.json()["items"] == []


async def test_the_description_has_each_key_with_its_type(owner: Client) -> None:
    described = (await owner.get("/api/openapi.json")).json()["paths"][ENTRIES]["get"]["parameters"]
    by_name = {each["name"]: each for each in described}

    assert by_name["sort"]["schema"]["anyOf"][0]["enum"] == ["happened_at", "-happened_at"]
    assert by_name["since"]["schema"]["anyOf"][0] == {"type": "string", "format": "date-time"}
    assert by_name["since"]["description"] == "The moment or more"
    assert by_name["until"]["description"] == "The moment, only what is less"


async def test_without_the_check_an_unknown_key_would_be_left_out_in_silence(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: a list of everybody is what somebody gets who asked for a few."""
    monkeypatch.setattr(Words, "check", lambda *_: None)

    assert (await owner.get(f"{PEOPLE}?surname=x&mutant=1")).status_code == 200
