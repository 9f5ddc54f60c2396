"""Each operation that can answer 412 tells all three sides, and for each somebody comes too late in fact."""

import importlib
import pkgutil
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from cards_read import MakeCards

import mainstay
import tradepost
from mainstay import ids
from mainstay.bootstrap.operations import program_operations
from mainstay.modules.operations.service import errors
from mainstay.observe.counters import Counters
from mainstay.observe.gathering import Gatherer, Origin
from mainstay.observe.troubles import Trouble
from mainstay.testing.client import Client
from mainstay.web.operation import Operation
from mainstay.work import UnitOfWork
from tradepost.main import make_program

Body = dict[str, Any]
API = "/api/v1"
MEMBERS = {"base", "base_gone", "mine", "theirs", "conflicts"}
COUNTS_UP = re.compile(r"version = (?:\w+\.)?version \+")
URL = "https://hooks.example.com/in"


@dataclass(frozen=True)
class Late:
    """A change by somebody who read version 1 of a record that somebody else has changed since.

    `path` is that of the operation with the record's own, `body` what is sent too late. The fields of `told` are what
    the three sides must say: (base, mine, theirs), None where the change does not give the field.
    """

    path: str
    body: Body | None
    told: dict[str, tuple[Any, Any, Any]]
    params: Body = field(default_factory=dict)


Stage = Callable[[Client, Client, MakeCards], Awaitable[Late]]


async def done(client: Client, verb: str, path: str, body: Body) -> Body:
    """Return what a call was answered that must succeed."""
    answer = await client.request(verb, f"{API}{path}", json=body)
    assert answer.is_success, answer.text
    found: Body = answer.json()
    return found


async def a_tag(owner: Client, other: Client, _: MakeCards) -> Late:
    tag = await done(owner, "POST", "/tagging/tags", {"id": str(ids.new_id()), "kind": "tag", "name": "Vendor"})
    path = f"/tagging/tags/{tag['id']}"
    await done(other, "PATCH", path, {"version": 1, "name": "Supplier", "colour": "red"})
    told = {"name": ("Vendor", "Seller", "Supplier"), "colour": ("grey", None, "red")}
    return Late(path, {"version": 1, "name": "Seller"}, told)


async def a_contact(owner: Client, other: Client, _: MakeCards) -> Late:
    emails = [{"address": "a@example.com"}]
    made = await done(owner, "POST", "/crm/contacts", {"id": str(ids.new_id()), "name": "Zoë", "emails": emails})
    path = f"/crm/contacts/{made['id']}"
    work = {"kind": "work"}
    theirs = [{"address": "b@example.com", **work}]
    await done(other, "PATCH", path, {"version": 1, "emails": theirs, "title": "Buyer"})
    body = {"version": 1, "emails": [{"address": "c@example.com"}]}
    told = {
        "emails": ([emails[0] | work], [{"address": "c@example.com", **work}], theirs),
        "title": (None, None, "Buyer"),
    }
    return Late(path, body, told)


async def a_merge(owner: Client, other: Client, _: MakeCards) -> Late:
    one, two = [
        await done(owner, "POST", "/crm/contacts", {"id": str(ids.new_id()), "name": name}) for name in ("One", "Two")
    ]
    await done(other, "PATCH", f"/crm/contacts/{one['id']}", {"version": 1, "name": "First"})
    body = {
        "id": str(ids.new_id()),
        "survivor_id": one["id"],
        "versions": {one["id"]: 1, two["id"]: 1},
        "result": {"name": "Both"},
    }
    return Late("/crm/contacts/merge", body, {"name": ("One", "Both", "First")})


def a_product(kind: str) -> Stage:
    async def stage(owner: Client, other: Client, _: MakeCards) -> Late:
        variant = {"id": str(ids.new_id()), "price": "20.00", "tax_rate": "20", "barcodes": ["6291041500213"]}
        body = {"id": str(ids.new_id()), "name": "Tee", "variants": [variant]}
        made = await done(owner, "POST", "/catalog/products", body)
        if kind == "products":
            path = f"/catalog/products/{made['id']}"
            await done(other, "PATCH", path, {"version": 1, "name": "Shirt", "tags": ["new"]})
            told = {"name": ("Tee", "Blouse", "Shirt"), "tags": ([], None, ["new"])}
            return Late(path, {"version": 1, "name": "Blouse"}, told)
        path = f"/catalog/variants/{made['variants'][0]['id']}"
        await done(other, "PATCH", path, {"version": 1, "price": "21.50", "barcodes": []})
        told = {"price": ("20", "5", "21.5"), "barcodes": (["6291041500213"], None, [])}
        return Late(path, {"version": 1, "price": "5.00"}, told)

    return stage


def a_card(act: str) -> Stage:
    async def stage(_: Client, other: Client, make_cards: MakeCards) -> Late:
        card, back = (await make_cards())[0], (await make_cards())[0]
        path = f"/crm/cards/{card['id']}"
        contact = card["contact"] | {"name": "Odalys F."}
        now, told = contact["name"], {"state": ("draft", None, "draft")}
        if act == "reopen":
            await done(other, "POST", f"{path}/skip", {"version": 1})
            return Late(f"{path}/reopen", {"version": 1}, {"state": ("draft", "draft", "skipped")})
        if act == "part":
            await done(other, "POST", f"{path}/join", {"version": 1, "other_id": back["id"]})
            return Late(f"{path}/part", {"version": 1}, told)
        await done(other, "PATCH", path, {"version": 1, "contact": contact})
        mine = card["contact"] | {"name": "O. Fennimore"}
        names = {"contact.name": ("Odalys Fennimore", mine["name"], now)}
        bodies: dict[str, Late] = {
            "": Late(path, {"version": 1, "contact": mine}, names),
            "accept": Late(
                f"{path}/accept",
                {"version": 1, "contact": mine | {"id": str(ids.new_id())}, "boxes": [], "fields": []},
                names | {"state": ("draft", "accepted", "draft")},
            ),
            "skip": Late(f"{path}/skip", {"version": 1}, {"state": ("draft", "skipped", "draft")}),
            "join": Late(f"{path}/join", {"version": 1, "other_id": back["id"]}, told),
        }
        return bodies[act]

    return stage


async def an_account(owner: Client, _: Client, __: MakeCards) -> Late:
    first = (await owner.get(f"{API}/identity/account")).json()
    await done(owner, "PATCH", "/identity/account", {"version": first["version"], "name": "Ada"})
    told = {"name": (first["name"], "Eve", "Ada")}
    return Late("/identity/account", {"version": first["version"], "name": "Eve"}, told)


def a_role(act: str) -> Stage:
    async def stage(owner: Client, other: Client, _: MakeCards) -> Late:
        body = {"id": str(ids.new_id()), "title": "Keeper", "permissions": ["crm.read"]}
        made = await done(owner, "POST", "/identity/roles", body)
        path = f"/identity/roles/{made['key']}"
        await done(other, "PATCH", path, {"version": 1, "title": "Door keeper", "permissions": []})
        told: dict[str, tuple[Any, Any, Any]] = {"permissions": (["crm.read"], None, [])}
        if act == "delete":
            return Late(path, None, told, {"version": 1})
        return Late(path, {"version": 1, "title": "Gate"}, told | {"title": ("Keeper", "Gate", "Door keeper")})

    return stage


def a_person(act: str) -> Stage:
    async def stage(owner: Client, other: Client, _: MakeCards) -> Late:
        people = (await owner.get(f"{API}/identity/people")).json()["items"]
        person = next(one for one in people if one["role"] == "cashier")
        path, version = f"/identity/people/{person['id']}", person["version"]
        await done(other, "PATCH", path, {"version": version, "name": "Grace", "role": "read_only"})
        told: dict[str, tuple[Any, Any, Any]] = {"role": ("cashier", None, "read_only")}
        if act == "delete":
            return Late(path, None, told, {"version": version})
        body = {"version": version, "name": "Eve", "place_ids": None}
        return Late(path, body, told | {"name": (person["name"], "Eve", "Grace")})

    return stage


async def a_flag(owner: Client, other: Client, _: MakeCards) -> Late:
    flag = (await owner.get(f"{API}/flags")).json()["items"][0]
    path = f"/flags/{flag['key']}"
    await done(other, "PUT", path, {"version": 0, "otherwise": False})
    return Late(path, {"version": 0, "otherwise": True}, {"otherwise": (None, True, False)})


async def a_factor_policy(_: Client, other: Client, __: MakeCards) -> Late:
    path = "/identity/factor-policy"
    await done(other, "PUT", path, {"version": 0, "roles": ["cashier"]})
    return Late(path, {"version": 0, "roles": []}, {"roles": ([], [], ["cashier"])})


def a_webhook(act: str) -> Stage:
    async def stage(owner: Client, other: Client, _: MakeCards) -> Late:
        body: Body = {"url": URL, "description": "Books", "events": ["catalog.*"]}
        made = await done(owner, "POST", "/webhooks/subscriptions", body | {"id": str(ids.new_id())})
        path = f"/webhooks/subscriptions/{made['id']}"
        await done(other, "PUT", path, body | {"version": 1, "description": "Ledger"})
        told: dict[str, tuple[Any, Any, Any]] = {"description": ("Books", None, "Ledger")}
        if not act:
            sent = body | {"version": 1, "description": "Accounts"}
            return Late(path, sent, {"description": ("Books", "Accounts", "Ledger")})
        states = {"pause": ("active", "paused", "active"), "resume": ("active", "active", "active")}
        told |= {"state": states[act]} if act in states else {}
        return Late(f"{path}/{act}", {"version": 1}, told)

    return stage


async def a_source(owner: Client, other: Client, _: MakeCards) -> Late:
    body = {"id": str(ids.new_id()), "name": "bank", "description": "The bank"}
    made = await done(owner, "POST", "/webhooks/sources", body)
    path = f"/webhooks/sources/{made['id']}/rotate"
    await done(other, "POST", path, {"version": 1})
    return Late(path, {"version": 1, "secret": made["secret"]}, {"name": ("bank", None, "bank")})


def an_error(act: str, state: str) -> Stage:
    async def stage(owner: Client, other: Client, _: MakeCards) -> Late:
        (error,) = (await owner.get(f"{API}/operations/errors")).json()["items"]
        path = f"/operations/errors/{error['id']}"
        theirs = "ignore" if act != "ignore" else "resolve"
        await done(other, "POST", f"{path}/{theirs}", {"version": 1})
        return Late(f"{path}/{act}", {"version": 1}, {"state": ("open", state, f"{theirs}d")})

    return stage


@pytest.fixture
async def error(uow: UnitOfWork) -> None:
    """A mistake that the program has made."""
    gatherer = Gatherer(Origin.of("api", "1.0.0", "till-1"), Counters(), 1)
    gatherer.take(Trouble("error", "shop", "unhandled error", "ValueError", "", (), {}))
    batch = gatherer.batch()
    assert batch is not None
    await errors.keep(uow, batch)


CARD, HOOK = "/crm/cards/{card_id}", "/webhooks/subscriptions/{subscription_id}"
STAGES: dict[str, Stage] = {
    "PATCH /tagging/tags/{tag_id}": a_tag,
    "PATCH /crm/contacts/{contact_id}": a_contact,
    "POST /crm/contacts/merge": a_merge,
    "PATCH /catalog/products/{product_id}": a_product("products"),
    "PATCH /catalog/variants/{variant_id}": a_product("variants"),
    f"PATCH {CARD}": a_card(""),
    **{f"POST {CARD}/{act}": a_card(act) for act in ("accept", "skip", "reopen", "join", "part")},
    "PATCH /identity/account": an_account,
    "PATCH /identity/roles/{key}": a_role("change"),
    "DELETE /identity/roles/{key}": a_role("delete"),
    "PATCH /identity/people/{person_id}": a_person("change"),
    "DELETE /identity/people/{person_id}": a_person("delete"),
    "PUT /flags/{key}": a_flag,
    "PUT /identity/factor-policy": a_factor_policy,
    f"PUT {HOOK}": a_webhook(""),
    **{f"POST {HOOK}/{act}": a_webhook(act) for act in ("pause", "resume", "rotate")},
    "POST /webhooks/sources/{source_id}/rotate": a_source,
    "POST /operations/errors/{error_id}/resolve": an_error("resolve", "resolved"),
    "POST /operations/errors/{error_id}/ignore": an_error("ignore", "ignored"),
    "POST /operations/errors/{error_id}/reopen": an_error("reopen", "open"),
}


async def test_all_that_can_come_too_late_is_here_and_answers_in_the_one_shape(owner: Client) -> None:
    described = (await owner.get("/api/openapi.json")).json()
    late = {
        f"{verb.upper()} {path.removeprefix(API)}": operation["responses"]["412"]
        for path, verbs in described["paths"].items()
        for verb, operation in verbs.items()
        if "412" in operation.get("responses", {})
    }
    schema = described["components"]["schemas"]["VersionProblem"]

    assert late.keys() == STAGES.keys()
    assert {reply["$ref"] for reply in late.values()} == {"#/components/responses/VersionConflict"}
    reply = described["components"]["responses"]["VersionConflict"]["content"]["application/problem+json"]
    assert reply["schema"] == {"$ref": "#/components/schemas/VersionProblem"}
    assert set(schema["required"]) >= MEMBERS


# Why a change of what is there already needs no version.
LAST_HOLDS = {
    "it is one's own, and nobody else changes it": {
        *("PATCH /identity/keys/{key_id}", "PUT /identity/account/pin", "PUT /mail/language"),
        *("PUT /notifications/digest", "PUT /notifications/preferences"),
    },
    "it is a name and nothing else": {"PATCH /identity/keys/service/{key_id}"},
    "it is stated whole, and on record with what was before": {"PUT /operations/log-levels/{logger}"},
    "it is so or not so": {"PUT /crm/contacts/{contact_id}/not-same/{other_id}"},
    "a piece has its place, and no other is taken": {"PUT /files/{file_id}/pieces"},
}


def test_whatever_changes_a_record_brings_its_version_or_it_is_said_why_the_last_one_holds() -> None:
    """Red when somebody adds a change that overwrites unseen what another has just made of the record."""
    changing = {
        each.title.replace(API, ""): brings(each)
        for each in program_operations(make_program())
        if each.verbs & {"PATCH", "PUT"}
    }

    without = {title for title, brought in changing.items() if "version" not in brought}
    assert without == {title for titles in LAST_HOLDS.values() for title in titles}
    assert {title for title in changing if title not in without} <= STAGES.keys()
    assert len(changing) - len(without) >= 10


def brings(operation: Operation) -> set[str]:
    """Return the names of what a call brings besides its path."""
    body: Any = operation.body_field.field_info.annotation if operation.body_field is not None else None
    return {field.alias for field in operation.dependant.query_params} | set(getattr(body, "model_fields", ()))


def statements() -> dict[str, str]:
    """Return the statements of all modules by the names of their constants."""
    found: dict[str, str] = {}
    for package in (mainstay, tradepost):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "repository" in each.name:
                constants = vars(importlib.import_module(each.name)).items()
                found |= {f"{each.name}.{name}": sql for name, sql in constants if isinstance(sql, str)}
    return found


def test_whatever_counts_a_version_up_keeps_what_was_before() -> None:
    counting = {name: sql for name, sql in statements().items() if COUNTS_UP.search(sql)}

    assert len(counting) > 20
    # A person's end: who comes too late finds nobody.
    ending = {"mainstay.modules.identity.repository.staff.DELETE"}
    assert {name for name, sql in counting.items() if "INTO mainstay_former" not in sql} == ending


def of(side: Body, name: str) -> object:
    """Return the value of a field, `outer.inner` of one within it."""
    outer, _, inner = name.partition(".")
    value = side.get(outer)
    return value[inner] if inner and value is not None else value


@pytest.mark.usefixtures("till", "cashier", "error")
@pytest.mark.parametrize("operation", STAGES)
async def test_who_comes_too_late_is_told_all_three_sides(
    owner: Client, sign_in_as: Callable[[str], Awaitable[Client]], make_cards: MakeCards, operation: str
) -> None:
    late = await STAGES[operation](owner, await sign_in_as("owner"), make_cards)
    verb = operation.partition(" ")[0]

    answer = await owner.request(verb, f"{API}{late.path}", json=late.body, params=late.params)

    assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict"), answer.text
    problem = answer.json()
    assert problem["base_gone"] is None
    found = {name: tuple(of(problem[side], name) for side in ("base", "mine", "theirs")) for name in late.told}
    assert found == late.told
    clashing = {name for name, (base, mine, theirs) in late.told.items() if None is not mine != theirs != base != mine}
    assert {name.partition(".")[0] for name in clashing} == set(problem["conflicts"])
    assert problem["base"]["version"] < problem["theirs"]["version"]
    assert "secret" not in problem["mine"]
