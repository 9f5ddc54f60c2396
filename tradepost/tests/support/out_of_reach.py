"""A shop of two stores with marks planted in what somebody is not to see, and a walk that calls every route."""

import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from cards_read import ENGINES, picture, reading
from shopfloor import (
    Product,
    Till,
    add_till,
    back_in,
    business_in,
    created,
    give_back,
    line_in,
    product_factory,
    refund_in,
    sale_in,
    sell,
    store_in,
    tender_in,
)

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener
from tradepost.crm.repository import duplicates, uploads
from tradepost.crm.repository.photos import Sender
from tradepost.crm.repository.readings import Done
from tradepost.crm.repository.uploads import NewUpload
from tradepost.crm.service import card_reading
from tradepost.crm.service.card_reading import Read

STORE = ("Quokkamarkt", "Zebrafinkenweg", "QZX7", "Wombatkasse", "Numbatkunde", "Echidnanotiz", "Dingoimport")
STORE_NUMBERS = ("91827364", "7654321", "771.133")
COSTS = ("48.317",)
PERSONAL = ("901820377", "lyrebird@platypus.example", "Cassowarygasse", "Bandicootbemerkung", "kookaburra.example")
# The stock ledger tells of goods, also those that colleagues sold: their names are no secret.
SALE = ("7654321", "Kowarireferenz")
# A colleague's contact, what it was merged from, their card with its picture, and a contact of the house.
CONTACT = ("Potoroomann", "901820388", "potoroo@numbat.example", "Potoroozwilling", "Bilbykarte", "bilbyfoto")
HOUSE = ("Dugongbetrieb",)

# Things of which nothing here is limited but by the right to see what is personal, or that are one's own.
UNLIMITED = (
    *("tag_id", "mail_id", "file_id", "ticket", "notification_id", "subscription_id", "delivery_id", "source_id"),
    "source",
    "error_id",
    *("key_id", "session_id", "passkey_id", "device_id", "station_id", "sign_up_id"),
)
SIGN_OUT = ("delete", "/api/v1/identity/session")
ADD_IMPORT = """
INSERT INTO catalog_import (id, store_id, filename, size_bytes, sha256, columns) VALUES ($1, $2, $3, 1, sha256($4), $5)
"""
ADD_ROW = """
INSERT INTO catalog_import_row (import_id, row_number, outcome, reason_code, reason, raw)
VALUES ($1, 2, 'rejected', 'price', 'No price', $2)
"""
SignIn = Callable[[str], Awaitable[Client]]


@dataclass(slots=True)
class World:
    """What was planted: ids of the things that hold the marks, by the name of the parameter that takes them."""

    here: Till
    there: Till
    ids: dict[str, list[str]] = field(default_factory=dict)

    def of(self, name: str) -> list[str]:
        """Return the ids that a parameter may be given. Raises KeyError for one that the walk has no example for."""
        return self.ids[name]


async def plant(owner: Client, seller: Client, open_work: WorkOpener) -> World:
    """Make the shop; `seller` is the other cashier, who sells in both stores."""
    shop = business_in(store_in())
    await created(owner, "/api/v1/shop", shop)
    here = await add_till(owner, UUID(shop["store"]["id"]), "HS1")
    there = await _plant_store(owner)
    product = await _plant_product(owner, here, there)
    documents = await _plant_sales(owner, seller, {till: _ticket(till, product) for till in (there, here)})
    contact = await created(owner, "/api/v1/crm/contacts", _contact())
    phone = {"version": contact["version"], "notes": f"{PERSONAL[3]} again"}
    assert (await owner.patch(f"/api/v1/crm/contacts/{contact['id']}", json=phone)).status_code == 200
    # Told apart from the first, so that the two are a pair of duplicates.
    await created(owner, "/api/v1/crm/contacts", _contact())
    planted = await _plant_contacts(owner, seller, open_work)
    world = World(here, there)
    world.ids = {
        "store_id": [str(there.store_id), str(here.store_id)],
        "register_id": [str(there.register_id), str(here.register_id)],
        "shift_id": [str(there.shift_id), str(here.shift_id)],
        "variant_id": [str(product.variant_id)],
        "product_id": [str(product.id)],
        "contact_id": [contact["id"], *planted.pop("contact_id")],
        "import_id": [
            await _plant_import(open_work, there, STORE[6]),
            await _plant_import(open_work, here, "Nearimport"),
        ],
        "code": ["4009309132524"],
        "person_id": [str(seller.person_id)],
        "object_type": ["pos.register"],
        "object_id": [str(there.register_id)],
        "entry_id": [(await owner.get("/api/v1/audit/entries")).json()["items"][0]["id"]],
        "key": ["cashier"],
        "job_id": [str(job["id"]) for job in (await owner.get("/api/v1/jobs", params={"limit": 200})).json()["items"]],
        "name": ["audit.seal"],
        "logger": ["access"],
    }
    world.ids |= documents | planted | {"owner": [str(seller.person_id), "house"]}
    world.ids |= {name: [str(ids.new_id())] for name in UNLIMITED}
    return world


async def _plant_store(owner: Client) -> Till:
    """Open the other store, with a register and a shift."""
    far = store_in(code=STORE[2], name=STORE[0], receipt_header=[STORE[1]])
    await created(owner, "/api/v1/shop/stores", far)
    there = Till(UUID(far["id"]), ids.new_id(), ids.new_id())
    register = {"id": str(there.register_id), "store_id": far["id"], "code": STORE[2], "name": STORE[3]}
    await created(owner, "/api/v1/pos/registers", register)
    shift = {"id": str(there.shift_id), "register_id": str(there.register_id), "float_minor": int(STORE_NUMBERS[0])}
    await created(owner, "/api/v1/pos/shifts", shift)
    return there


async def _plant_product(owner: Client, here: Till, there: Till) -> Product:
    """Make a product that has a cost, and stock in the other store."""
    product = await product_factory(owner, here)(price="76543.21", stock="50", barcode="4009309132524")
    found = (await owner.get(f"/api/v1/catalog/products/{product.id}")).json()["variants"][0]
    costly = {"version": found["version"], "cost": COSTS[0]}
    assert (await owner.patch(f"/api/v1/catalog/variants/{product.variant_id}", json=costly)).status_code == 200
    body = {"id": str(ids.new_id()), "store_id": str(there.store_id), "variant_id": str(product.variant_id)}
    await created(owner, "/api/v1/stock/adjustments", body | {"quantity": "772.133", "note": STORE[5]})
    return product


def _ticket(till: Till, product: Product) -> dict[str, Any]:
    tender = tender_in(7654321, "card", reference=SALE[1])
    return sale_in(till, [line_in(product)], 7654321, tenders=[tender])


async def _plant_sales(owner: Client, seller: Client, tickets: Mapping[Till, dict[str, Any]]) -> dict[str, list[str]]:
    """Sell a ticket at each till, and give the money of all of it back."""
    sold = {till: await sell(seller, ticket) for till, ticket in tickets.items()}
    back = [await give_back(owner, _refund(till, sale)) for till, sale in sold.items()]
    return {"sale_id": [sale["id"] for sale in sold.values()], "refund_id": [refund["id"] for refund in back]}


def _refund(till: Till, sale: dict[str, Any]) -> dict[str, Any]:
    tender = tender_in(7654321, "card", reference=SALE[1])
    return refund_in(till, sale, [back_in(sale)], 7654321, tenders=[tender])


def _contact() -> dict[str, Any]:
    return {
        "id": str(ids.new_id()),
        "kind": "person",
        "name": "Zoë Visible",
        "notes": PERSONAL[3],
        "phones": [{"written": f"+49 {PERSONAL[0]}", "kind": "mobile"}],
        "emails": [{"address": PERSONAL[1], "kind": "work"}],
        "websites": [{"url": f"https://{PERSONAL[4]}"}],
        "addresses": [{"text": f"{PERSONAL[2]} 7", "kind": "work"}],
    }


async def _plant_contacts(owner: Client, seller: Client, open_work: WorkOpener) -> dict[str, list[str]]:
    """Make contacts of the seller, one of them merged into another, two of them a pair, and one of the house."""
    own, merged, twin = [await created(seller, "/api/v1/crm/contacts", _contact_of(CONTACT[0])) for _ in range(3)]
    result = {"name": CONTACT[0], "phones": [{"written": f"+49 {CONTACT[1]}"}], "emails": [{"address": CONTACT[2]}]}
    versions = {own["id"]: 1, merged["id"]: 1}
    merge = {"id": str(ids.new_id()), "survivor_id": own["id"], "versions": versions, "result": result}
    await created(seller, "/api/v1/crm/contacts/merge", merge)
    renamed = {"version": 1, "name": CONTACT[3]}
    assert (await seller.patch(f"/api/v1/crm/contacts/{twin['id']}", json=renamed)).status_code == 200
    house = await created(owner, "/api/v1/crm/contacts", _contact_of(HOUSE[0]))
    low, high = sorted([UUID(own["id"]), UUID(twin["id"])])
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE crm_contact SET owner_id = NULL WHERE id = $1", UUID(house["id"]))
        await duplicates.replace_pairs(uow, [low], [duplicates.Pair(low, high, 0.9, [])])
    contact_ids = [own["id"], merged["id"], house["id"]]
    return {"contact_id": contact_ids, "other_id": [twin["id"]], "merge_id": [merge["id"]]} | await _plant_card(
        seller, open_work
    )


def _contact_of(name: str) -> dict[str, Any]:
    phones, emails = [{"written": f"+49 {CONTACT[1]}"}], [{"address": CONTACT[2]}]
    return {"id": str(ids.new_id()), "name": name, "phones": phones, "emails": emails}


async def _plant_card(seller: Client, open_work: WorkOpener) -> dict[str, list[str]]:
    """Send a picture as the seller, and keep a card that was read from it."""
    photo_id, batch_id = ids.new_id(), str(ids.new_id())
    params = {"id": str(photo_id), "batch_id": batch_id, "filename": f"{CONTACT[5]}.png"}
    answer = await seller.post("/api/v1/crm/card-photos", params=params, content=picture())
    assert answer.status_code == 201, answer.text
    done = Done(ENGINES, b"\xff\xd8 shown", 300, 200, clock.now())
    card = reading((CONTACT[4], "Buyer", "Bilby Ltd", "+44 20 7946 0958", "b@example.com"))
    async with open_work(SYSTEM) as uow:
        await card_reading.keep(uow, photo_id, Read([card], None, done))
        waits = NewUpload(ids.new_id(), UUID(batch_id), f"{CONTACT[5]}.zip", b"1" * 32, 1)
        await uploads.add(uow, waits, Sender(seller.person_id, None))
    (found,) = (await seller.get("/api/v1/crm/cards")).json()["items"]
    planted = {"photo_id": photo_id, "batch_id": batch_id, "card_id": found["id"], "held_id": waits.id}
    return {name: [str(each)] for name, each in planted.items()}


async def _plant_import(open_work: WorkOpener, till: Till, name: str) -> str:
    key = ids.new_id()
    async with open_work(SYSTEM) as uow:
        file = (f"{name}.csv", key.bytes, ["name", "cost"])
        await uow.write(ADD_IMPORT, key, till.store_id, *file)
        await uow.write(ADD_ROW, key, json.dumps([name, COSTS[0]]))
    return str(key)


@dataclass(frozen=True, slots=True)
class Leak:
    """A mark that an answer held."""

    route: str
    mark: str


@dataclass(frozen=True, slots=True)
class Walk:
    """Calls every operation of the API description with every example that fits, as one client."""

    document: Mapping[str, Any]
    world: World

    async def leaks(self, client: Client, marks: Iterable[str], *, methods: Iterable[str] = ("get",)) -> set[Leak]:
        """Return which of `marks` stand in an answer, apart from those that were sent."""
        return {leak async for leak in self._each(client, list(marks), methods)}

    async def is_leaky(self, client: Client, marks: Iterable[str]) -> bool:
        """Return whether a read gives one of `marks` away; what comes after it is not asked any more."""
        async with aclosing(self._each(client, list(marks), ("get",))) as each:
            return await anext(each, None) is not None

    async def _each(self, client: Client, marks: Sequence[str], methods: Iterable[str]) -> AsyncGenerator[Leak, None]:
        for method in methods:
            for path, operations in self.document["paths"].items():
                # A public route does not know who asks; signing out would end the walk.
                if "security" not in operations.get(method, {}) or (method, path) == SIGN_OUT:
                    continue
                for address, body in self.examples(path, operations[method]):
                    answer = await self._send(client, method, address, body)
                    told, sent = answer.lower(), f"{address} {body}".lower()
                    for mark in marks:
                        if mark.lower() in told and mark.lower() not in sent:
                            yield Leak(f"{method.upper()} {path}", mark)

    def examples(self, path: str, operation: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Return addresses and bodies: one for each id that the first of the parameters that name things may have.

        Raises KeyError for a path's parameter without an example: whoever adds a route says what it could give away.
        """
        names = re.findall(r"\{(\w+)\}", path)
        given = [parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"]
        named = [name for name in given if name in self.world.ids]
        required = {p["name"]: p["example"] for p in operation.get("parameters", ()) if p.get("required")}
        rounds = max([len(self.world.of(name)) for name in (*names, *named)], default=1)
        wanted = []
        for turn in range(rounds):
            places = {name: self._pick(name, turn) for name in names}
            query = {name: required[name] for name in given if name in required}
            full = query | {name: self._pick(name, turn) for name in named if name in required}
            body = self._body(operation, turn)
            wanted.append((path.format(**places) + _asked(full), body))
            optional = [name for name in named if name not in required]
            wanted += [
                (path.format(**places) + _asked(full | {name: self._pick(name, turn)}), body) for name in optional
            ]
        return wanted

    def _pick(self, name: str, turn: int) -> str:
        known = self.world.of(name)
        return known[turn % len(known)]

    def _body(self, operation: Mapping[str, Any], turn: int) -> object:
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return None
        body = content["application/json"].get("example")
        return json.loads(json.dumps(body), object_hook=lambda each: self._placed(each, turn))

    def _placed(self, record: dict[str, Any], turn: int) -> dict[str, Any]:
        known = {name: self._pick(name, turn) for name in record if name in self.world.ids and name.endswith("_id")}
        return record | known | ({"id": str(ids.new_id())} if "id" in record else {})

    async def _send(self, client: Client, method: str, address: str, body: object) -> str:
        answer = await client.request(method.upper(), address, json=body)
        lost = answer.status_code == 401 and answer.json()["code"] == "identity.not_signed_in"
        assert not lost, f"{method} {address}: not signed in any more, so nothing was asked"
        assert answer.status_code < 500, f"{method} {address}: {answer.text}"
        heads = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
        return f"{heads} {answer.content.decode('utf-8', 'replace')}"


def _asked(query: Mapping[str, Any]) -> str:
    return f"?{urlencode(query, doseq=True)}" if query else ""


async def limit(open_work: WorkOpener, person_id: UUID | None, places: list[UUID] | None) -> None:
    """Limit a person to places, before they have called anything."""
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE identity_person SET place_ids = $2 WHERE id = $1", person_id, places)


async def make_role(open_work: WorkOpener, rights: Iterable[str], extents: Mapping[str, str]) -> str:
    """Make a role with these rights and extents, and return its key."""
    key = f"role_{ids.new_id().hex}"
    async with open_work(SYSTEM) as uow:
        await uow.write(
            "INSERT INTO identity_role (key, title, permissions, extents) VALUES ($1, 'Made', $2, $3::jsonb)",
            *(key, sorted(rights), json.dumps(dict(extents))),
        )
    return key
