"""The limits at the front door: who is counted, what they are told, and what cannot be forged."""

import asyncio
import re
from collections.abc import Callable

import httpx2
import pytest
from kiosk import Kiosk, KioskFactory
from starlette.types import Scope

from mainstay.net import network
from mainstay.web.limits import layer

WRONG = {"email": "ada@shop.example"}
RIGHT = {**WRONG, "password": "right"}


async def statuses(client: httpx2.AsyncClient, count: int, path: str = "/things") -> list[int]:
    return [(await client.get(path)).status_code for _ in range(count)]


@pytest.mark.practice(12)
async def test_what_is_more_than_the_allowance_is_429_with_the_time_to_wait(open_kiosk: KioskFactory) -> None:
    ada = open_kiosk(read=3).at("10.0.0.1", "ada")
    assert await statuses(ada, 3) == [200, 200, 200]

    refused = await ada.get("/things")

    problem = refused.json()
    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert (problem["code"], problem["violated-policies"]) == ("too_many_requests", ["read"])
    wait = int(refused.headers["Retry-After"])
    assert 58 <= wait <= 60
    assert problem["detail"] == f"That was too much in a short time; try again in {wait} seconds."


@pytest.mark.practice(12)
async def test_every_answer_of_a_limited_route_counts_down(open_kiosk: KioskFactory) -> None:
    """By draft-ietf-httpapi-ratelimit-headers: also those that refuse, for whichever reason."""
    shop = open_kiosk(read=3, api=3)
    ada, nobody = shop.at("10.0.0.1", "ada"), shop.at("10.0.0.2")

    read = [(await ada.get("/things")).headers for _ in range(4)]
    forbidden = await ada.delete("/things")
    unknown = await nobody.get("/things")

    assert {headers["RateLimit-Policy"] for headers in read} == {'"read";q=3;w=60'}
    assert [re.findall(r'^"read";r=(\d);t=(?:60|59)$', headers["RateLimit"]) for headers in read] == [
        ["2"],
        ["1"],
        ["0"],
        ["0"],
    ]
    assert (forbidden.status_code, forbidden.headers["RateLimit-Policy"]) == (403, '"api";q=3;w=60')
    assert (unknown.status_code, unknown.headers["RateLimit"]) == (401, '"read";r=2;t=60')


async def test_the_wait_is_never_shorter_than_what_the_header_says(open_kiosk: KioskFactory) -> None:
    ada = open_kiosk(read=1).at("10.0.0.1", "ada")
    await ada.get("/things")

    refused = await ada.get("/things")

    assert refused.headers["RateLimit"] == f'"read";r=0;t={refused.headers["Retry-After"]}'


async def test_classes_have_allowances_of_their_own(open_kiosk: KioskFactory) -> None:
    ada = open_kiosk(read=1, api=1, upload=1).at("10.0.0.1", "ada")

    first = [await ada.get("/things"), await ada.post("/things"), await ada.post("/files", content=b"x")]
    second = [await ada.get("/things"), await ada.post("/things"), await ada.post("/files", content=b"x")]

    assert [reply.status_code for reply in (*first, *second)] == [200, 200, 200, 429, 429, 429]


async def test_what_has_no_limit_and_what_is_no_route_are_never_refused(open_kiosk: KioskFactory) -> None:
    nobody = open_kiosk(read=1).at("10.0.0.1")

    always = [await nobody.get("/always") for _ in range(5)]
    pages = [await nobody.get("/nowhere") for _ in range(5)]

    # There is no web app here whose pages could be shown.
    assert [reply.status_code for reply in (*always, *pages)] == [200] * 5 + [503] * 5
    assert not any("RateLimit" in reply.headers for reply in (*always, *pages))


# -- who is counted ----------------------------------------------------------------------------------------------------


async def test_one_person_has_one_allowance_in_all_sessions_and_at_all_addresses(open_kiosk: KioskFactory) -> None:
    shop = open_kiosk(read=4)
    here, there = shop.at("10.0.0.1", "ada"), shop.at("10.0.0.2", "ada-elsewhere")

    assert await statuses(here, 2) == [200, 200]
    assert await statuses(there, 3) == [200, 200, 429]


async def test_others_at_the_same_address_are_unaffected(open_kiosk: KioskFactory) -> None:
    shop = open_kiosk(read=3)
    ada, bob, nobody = shop.at("10.0.0.1", "ada"), shop.at("10.0.0.1", "bob"), shop.at("10.0.0.1")
    await bob.get("/things")

    assert await statuses(ada, 4) == [200, 200, 200, 429]
    assert await statuses(nobody, 2, "/open") == [200, 429]
    assert await statuses(bob, 2) == [200, 200]


async def test_a_new_credential_with_every_request_gives_no_new_allowance(open_kiosk: KioskFactory) -> None:
    shop = open_kiosk(read=3)

    replies = [await shop.at("10.0.0.1", f"forged-{number}").get("/things") for number in range(5)]

    assert [reply.status_code for reply in replies] == [401, 401, 401, 429, 429]


async def test_who_learns_late_whose_a_credential_is_has_counted_all_the_same(open_kiosk: KioskFactory) -> None:
    """The first request with a credential is counted for the address, and then for the person too."""
    shop = open_kiosk(read=2)

    assert await statuses(shop.at("10.0.0.1", "ada"), 1) == [200]
    assert await statuses(shop.at("10.0.0.2", "ada"), 2) == [200, 429]


async def test_an_ended_session_cannot_use_up_what_its_person_has(
    open_kiosk: KioskFactory, end_session: Callable[[str], None]
) -> None:
    shop = open_kiosk(read=4)
    stolen, honest = shop.at("10.0.0.1", "ada-elsewhere"), shop.at("10.0.0.2", "ada")
    await stolen.get("/things")
    await honest.get("/things")
    end_session("ada-elsewhere")

    assert await statuses(stolen, 6) == [401, 401, 401, 401, 429, 429]
    assert await statuses(honest, 1) == [200]


async def test_a_route_that_is_open_to_all_is_counted_by_address(open_kiosk: KioskFactory) -> None:
    """Nothing there checks the credential: with a stolen one, others could use up what its person has."""
    shop = open_kiosk(read=3)
    ada = shop.at("10.0.0.1", "ada")
    await ada.get("/things")

    assert await statuses(shop.at("10.0.0.2", "ada"), 4, "/open") == [200, 200, 200, 429]
    assert await statuses(ada, 2) == [200, 200]


# -- what cannot be forged ---------------------------------------------------------------------------------------------

FORGED = [
    {"X-Forwarded-For": "203.0.113.{number}"},
    {"Forwarded": "for=203.0.113.{number}"},
    {"X-Real-IP": "203.0.113.{number}"},
    {"CF-Connecting-IP": "203.0.113.{number}"},
    {"True-Client-IP": "203.0.113.{number}"},
    {"X-Client-IP": "203.0.113.{number}", "X-Forwarded-For": "203.0.113.{number}, 127.0.0.1"},
]


async def with_forged_address(shop: Kiosk, forged: dict[str, str]) -> list[int]:
    nobody = shop.at("10.0.0.1")
    found = []
    for number in range(5):
        headers = {name: value.format(number=number) for name, value in forged.items()}
        found.append((await nobody.get("/open", headers=headers)).status_code)
    return found


@pytest.mark.practice(12)
@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: next(iter(forged)))
async def test_no_header_gives_a_caller_another_address(open_kiosk: KioskFactory, forged: dict[str, str]) -> None:
    assert await with_forged_address(open_kiosk(read=3), forged) == [200, 200, 200, 429, 429]


async def test_mutant_a_limiter_that_believes_the_header_lets_everything_pass(
    open_kiosk: KioskFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def believing(scope: Scope) -> str:
        stated = dict(scope["headers"]).get(b"x-forwarded-for", b"")
        return f"address:{stated.decode()}"

    monkeypatch.setattr(layer, "address_of", believing)

    assert await with_forged_address(open_kiosk(read=3), FORGED[0]) == [200] * 5


async def test_a_whole_network_of_version_6_is_one_caller(open_kiosk: KioskFactory) -> None:
    shop = open_kiosk(read=3)

    replies = [await shop.at(f"2001:db8:1:2::{number:x}").get("/open") for number in range(1, 5)]
    neighbour = await shop.at("2001:db8:1:3::1").get("/open")

    assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
    assert neighbour.status_code == 200


async def test_mutant_whole_addresses_of_version_6_let_everything_pass(
    open_kiosk: KioskFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_NETWORK_BITS", 128)
    network.network_of.cache_clear()
    shop = open_kiosk(read=3)

    replies = [await shop.at(f"2001:db8:1:2::{number:x}").get("/open") for number in range(1, 5)]
    network.network_of.cache_clear()

    assert [reply.status_code for reply in replies] == [200] * 4


async def test_mutant_credentials_that_are_believed_let_everything_pass(
    open_kiosk: KioskFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_kiosk(read=3)

    async def believed(_limiter: object, credential: str) -> str:
        return credential

    monkeypatch.setattr("mainstay.web.limits.limiter.Limiter.owner_of", believed)
    replies = [await shop.at("10.0.0.1", f"forged-{number}").get("/things") for number in range(5)]

    assert [reply.status_code for reply in replies] == [401] * 5


# -- attempts to sign in -----------------------------------------------------------------------------------------------


async def attempts(client: httpx2.AsyncClient, count: int, body: dict[str, str]) -> list[int]:
    return [(await client.post("/session", json=body)).status_code for _ in range(count)]


@pytest.mark.practice(11)
async def test_the_sixth_wrong_attempt_waits_and_others_at_the_same_address_do_not(open_kiosk: KioskFactory) -> None:
    client = open_kiosk().at("10.0.0.1")

    assert await attempts(client, 6, WRONG) == [401] * 5 + [429]
    assert await attempts(client, 1, RIGHT) == [429]
    assert await attempts(client, 1, {**RIGHT, "email": "bob@shop.example"}) == [201]


async def test_the_same_name_written_otherwise_is_the_same(open_kiosk: KioskFactory) -> None:
    client = open_kiosk(sign_in=2).at("10.0.0.1")

    replies = [
        await client.post("/session", json={"email": name})
        for name in ("Ada@x.example", " ada@X.example", "ADA@x.example")
    ]

    assert [reply.status_code for reply in replies] == [401, 401, 429]


async def test_a_right_attempt_costs_nothing(open_kiosk: KioskFactory) -> None:
    """Ten people begin their day at one till, and one who mistypes has all five tries."""
    client = open_kiosk().at("10.0.0.1")

    assert await attempts(client, 10, RIGHT) == [201] * 10
    assert await attempts(client, 6, WRONG) == [401] * 5 + [429]


async def test_the_answer_to_a_right_attempt_says_that_it_cost_nothing(open_kiosk: KioskFactory) -> None:
    reply = await open_kiosk().at("10.0.0.1").post("/session", json=RIGHT)

    assert reply.headers["RateLimit"].startswith('"sign_in";r=5;')


async def test_many_wrong_attempts_at_once_are_no_more_than_one_after_the_other(open_kiosk: KioskFactory) -> None:
    client = open_kiosk().at("10.0.0.1")

    replies = await asyncio.gather(*(client.post("/session", json=WRONG) for _ in range(20)))

    assert sorted(reply.status_code for reply in replies) == [401] * 5 + [429] * 15


async def test_one_address_cannot_try_one_account_after_the_other(open_kiosk: KioskFactory) -> None:
    shop = open_kiosk(sign_in_address=8)
    client = shop.at("10.0.0.1")

    replies = [await client.post("/session", json={"email": f"person-{number}@x.example"}) for number in range(10)]

    assert [reply.status_code for reply in replies] == [401] * 8 + [429] * 2
    assert replies[-1].json()["violated-policies"] == ["sign_in_address"]
    assert await attempts(shop.at("10.0.0.2"), 1, RIGHT) == [201]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"email": 5}', b'{"email": ' + b"[" * 10_000])
async def test_an_attempt_that_names_nobody_is_counted_for_its_address(open_kiosk: KioskFactory, body: bytes) -> None:
    client = open_kiosk(sign_in=2).at("10.0.0.1")
    headers = {"Content-Type": "application/json"}

    replies = [await client.post("/session", content=body, headers=headers) for _ in range(3)]

    assert {reply.status_code for reply in replies[:2]} <= {400, 422}
    assert replies[2].status_code == 429
