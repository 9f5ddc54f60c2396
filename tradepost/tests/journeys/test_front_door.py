"""The door to the whole program: who is let in, how everybody is told no, and that its description is true."""

import asyncio
import copy
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import jsonschema_rs
import pytest
import schemathesis
from cards_read import picture
from interface import description
from shopfloor import Till, add_till, business_in, created, product_in, store_in
from shopfloor.busy import BusyShop

from mainstay import crypto, ids
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.client import Client
from mainstay.testing.clusters import lay
from mainstay.testing.process import ProgramProcess, make_folder

Json = dict[str, Any]
StartProgram = Callable[..., ProgramProcess]

DESCRIPTION = description()
OPERATIONS: dict[str, tuple[str, str, Json]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in DESCRIPTION["paths"].items()
    for method, operation in item.items()
}
STREAM = "insight_stream_today"
# What readiness asks of one machine without Redis.
CHECKS = {"pool", "database", "migrations", "disk", "queue", "mail", "files"}
# These need a program of several connections, and are sent to one in the last test.
ELSEWHERE = {STREAM, "health_ready", "health_startup"}
# Everybody may call these. Written by hand: what is to be public must be put here by somebody.
PUBLIC = {
    "health_live",
    "health_ready",
    "health_startup",
    "identity_read_setup",
    "identity_check_invitation",
    "identity_accept_invitation",
    "identity_sign_in",
    "identity_give_second_step",
    "identity_ask_second_step_passkey",
    "identity_ask_passkey",
    "identity_sign_in_by_passkey",
    "identity_sign_in_client",
    "identity_refresh_tokens",
    "identity_list_public_keys",
    "identity_check_password",
    "identity_check_reset",
    "identity_use_reset",
    "identity_read_station",
    "identity_sign_in_by_pin",
    "identity_request_reset",
    "identity_sign_up",
    "identity_check_sign_up",
    "identity_confirm_sign_up",
    "webhooks_receive_message",
    "browser_report_error",
    "mail_report_bounce",
    "notifications_open_unsubscribe",
    "notifications_unsubscribe",
    "notifications_check_unsubscribe",
    "files_get_linked_file",
}
# Somebody who shows nothing that the program gave out is told so, as everybody is who shows something wrong.
SHOWS_NOTHING = {
    "webhooks.signature_refused",
    "identity.wrong_credentials",
    "identity.wrong_factor",
    "identity.step_lost",
    "identity.refresh_refused",
    "identity.passkeys_not_here",
    "identity.no_station",
}
# Whoever sends an example of these lacks what the program made up a moment ago, what only a person knows, or what is
# known by an id of another module: where a device can stand is for the modules of each program to say.
MADE_BY_CHANCE = {
    "identity.passkey_refused",
    "identity.code_wrong",
    "identity.wrong_password",
    "identity.no_station",
    "identity.place_unknown",
}
# What a new shop does, in this order; each example works when those before it have been sent.
STORY = (
    "shop_set_up_shop",
    "identity_invite_person",
    "catalog_create_product",
    "pos_add_register",
    "pos_open_shift",
    "pos_check_out",
    "pos_get_sale",
    "pos_get_receipt_text",
    "pos_list_sales",
    "pos_close_shift",
    "pos_get_shift",
    "pos_check_journal",
    "catalog_get_product",
    "catalog_get_variant_by_code",
    "catalog_change_variant",
    "pos_find_products",
    "pos_scan_code",
    "stock_list_levels",
    "stock_list_movements",
    "insight_get_today",
    "tagging_create_tag",
    "tagging_change_tag",
    "crm_create_contact",
    "crm_change_contact",
    "crm_change_contacts",
    "crm_archive_contact",
    "crm_unarchive_contact",
    "crm_get_contact",
    "crm_list_contacts",
    "crm_list_timeline",
)
# Files have no example of their own: a picture where one is asked for, else a sheet.
SHEET = b"Name,Price\nTonic water,2.49\n"
PICTURE = picture((1, 100, 200))


def request_of(name: str) -> tuple[str, str, Json]:
    """Return method, address and further arguments of the request that the examples of an operation make."""
    method, path, operation = OPERATIONS[name]
    query: Json = {}
    for parameter in (each for each in operation.get("parameters", ()) if "example" in each):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
        else:
            query[parameter["name"]] = parameter["example"]
    body = operation.get("requestBody", {}).get("content", {})
    if "application/json" in body:
        return method, path, {"params": query, "json": body["application/json"]["example"]}
    if body:
        kind = next(iter(body))
        content = PICTURE if kind.startswith("image/") else SHEET
        return method, path, {"params": query, "content": content, "headers": {"Content-Type": kind}}
    return method, path, {"params": query}


def assert_described(name: str, answer: httpx2.Response) -> None:
    """Fail when the status, the type or the shape of an answer is not what the description says."""
    replies = OPERATIONS[name][2]["responses"]
    assert str(answer.status_code) in replies, f"{name} answered {answer.status_code}: {answer.text}"
    reply = replies[str(answer.status_code)]
    if "$ref" in reply:
        reply = DESCRIPTION["components"]["responses"][reply["$ref"].rpartition("/")[2]]
    if not reply.get("content"):
        return
    media = answer.headers["Content-Type"].partition(";")[0]
    assert media in reply["content"], f"{name} answered with {media}"
    if media.endswith("json"):
        jsonschema_rs.validate({**reply["content"][media]["schema"], **SCHEMAS}, answer.json())


SCHEMAS = {"components": DESCRIPTION["components"]}
PROBLEM = {"$ref": "#/components/schemas/Problem", **SCHEMAS}


# -- who is let in -----------------------------------------------------------------------------------------------------


@pytest.mark.journey
@pytest.mark.practice(32)
@pytest.mark.parametrize("name", OPERATIONS)
async def test_only_what_is_on_the_list_answers_somebody_who_is_not_signed_in(
    program_process: ProgramProcess, name: str
) -> None:
    method, path, arguments = request_of(name)
    assert (name in PUBLIC) == ("security" not in OPERATIONS[name][2])

    async with program_process.client() as nobody:
        answer = await nobody.request(method, path, **arguments)

    if name in PUBLIC:
        assert answer.status_code in {200, 201, 202, 204, 404} or answer.json()["code"] in SHOWS_NOTHING
    else:
        assert answer.status_code in {401, 403}
        assert answer.json()["code"] in {"identity.not_signed_in", "csrf_failed"}


# -- how everybody is told no ------------------------------------------------------------------------------------------


class Trouble:
    """A shop with an open till on a database that can be stopped, and everything that can go wrong there."""

    def __init__(self, owner: Client, nobody: Client, till: Till, program: ProgramProcess) -> None:
        self.owner = owner
        self.nobody = nobody
        self._till = till
        self._program = program

    async def malformed(self) -> httpx2.Response:
        """Send half a document."""
        headers = {"Content-Type": "application/json"}
        return await self.owner.post("/api/v1/catalog/products", content=b'{"id":', headers=headers)

    async def not_signed_in(self) -> httpx2.Response:
        """Ask for a list as nobody."""
        return await self.nobody.get("/api/v1/pos/sales")

    async def forged(self) -> httpx2.Response:
        """Write from another site."""
        return await self.owner.post("/api/v1/shop/tax-rates", json={}, headers={"Origin": "https://evil.example"})

    async def unknown(self) -> httpx2.Response:
        """Ask for a sale that never was."""
        return await self.owner.get(f"/api/v1/pos/sales/{ids.new_id()}")

    async def wrong_method(self) -> httpx2.Response:
        """Try to change a sale."""
        return await self.owner.patch(f"/api/v1/pos/sales/{ids.new_id()}", json={})

    async def conflict(self) -> httpx2.Response:
        """Open a till that is open."""
        shift = {"id": str(ids.new_id()), "register_id": str(self._till.register_id), "float_minor": 0}
        return await self.owner.post("/api/v1/pos/shifts", json=shift)

    async def too_large(self) -> httpx2.Response:
        """Send more than any product needs."""
        return await self.owner.post("/api/v1/catalog/products", json={"name": "x" * 3_000_000})

    async def invalid(self) -> httpx2.Response:
        """Make a product with a price that is no number."""
        return await self.owner.post("/api/v1/catalog/products", json=product_in(price="cheap"))

    async def too_often(self) -> httpx2.Response:
        """Guess a password until nobody listens any more."""
        guess = {"email": "guessed@shop.example", "password": "not the password"}
        answer = await self.nobody.post("/api/v1/identity/session", json=guess)
        while answer.status_code == 401:
            answer = await self.nobody.post("/api/v1/identity/session", json=guess)
        return answer

    async def broken(self) -> httpx2.Response:
        """Ask for the shop, which is kept, while the table that tells whether it has changed has another name."""
        self._program.ask("ALTER TABLE mainstay_topic RENAME TO mainstay_elsewhere")
        answer = await self.owner.get("/api/v1/shop")
        self._program.ask("ALTER TABLE mainstay_elsewhere RENAME TO mainstay_topic")
        return answer


PROVOKED: dict[int, Callable[[Trouble], Awaitable[httpx2.Response]]] = {
    400: Trouble.malformed,
    401: Trouble.not_signed_in,
    403: Trouble.forged,
    404: Trouble.unknown,
    405: Trouble.wrong_method,
    409: Trouble.conflict,
    413: Trouble.too_large,
    422: Trouble.invalid,
    429: Trouble.too_often,
    500: Trouble.broken,
}


def assert_is_a_problem(answer: httpx2.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    jsonschema_rs.validate(PROBLEM, problem)
    assert (problem["status"], problem["request_id"]) == (status, answer.headers["X-Request-ID"])
    assert problem["detail"].endswith(".")


@pytest.mark.journey
@pytest.mark.practice(52)
async def test_every_refusal_and_every_outage_has_the_same_shape(start_program: StartProgram) -> None:
    folder = make_folder() / "data"
    lay("tradepost", folder)
    server = EmbeddedPostgres(folder, database="tradepost")
    await asyncio.to_thread(server.start)
    try:
        program = await asyncio.to_thread(
            start_program, TRADEPOST_DATABASE_URL=server.dsn, TRADEPOST_SECRET_KEY=crypto.new_token()
        )
        async with program.owner() as owner, program.client() as nobody:
            store = store_in()
            await created(owner, "/api/v1/shop", business_in(store))
            trouble = Trouble(owner, nobody, await add_till(owner, store["id"], "HS1"), program)
            for status, provoke in PROVOKED.items():
                assert_is_a_problem(await provoke(trouble), status)
            await asyncio.to_thread(server.stop)
            assert_is_a_problem(await owner.get("/api/v1/shop"), 503)
    finally:
        await asyncio.to_thread(server.stop)


# -- that the description is true --------------------------------------------------------------------------------------


@pytest.mark.practice(69)
def test_the_description_is_valid_by_the_letter_of_openapi() -> None:
    schemathesis.openapi.from_dict(DESCRIPTION).validate()

    broken = copy.deepcopy(DESCRIPTION)
    del broken["paths"]["/api/v1/pos/sales"]["post"]["responses"]["201"]["description"]
    with pytest.raises(jsonschema_rs.ValidationError, match="description"):
        schemathesis.openapi.from_dict(broken).validate()


@pytest.mark.practice(69)
async def test_every_example_is_understood_and_answered_as_described(owner: Client) -> None:
    """Those of the story work, one after the other; the others are at least no mistake of whoever copies them."""
    others = sorted(OPERATIONS.keys() - {*STORY, *ELSEWHERE}, key=lambda name: name == "identity_sign_out")
    for name in (*STORY, *others):
        method, path, arguments = request_of(name)
        answer = await owner.request(method, path, **arguments)
        assert_described(name, answer)
        if name in STORY:
            assert answer.is_success, f"{name} answered {answer.status_code}: {answer.text}"
        is_no_mistake = answer.status_code in {200, 201, 202, 204, 401, 404, 409, 412}
        assert is_no_mistake or answer.json()["code"] in MADE_BY_CHANCE, f"{name}: {answer.text}"


@pytest.mark.journey
@pytest.mark.practice(69)
async def test_the_stream_and_the_check_of_readiness_are_answered_as_described(busy_shop: BusyShop) -> None:
    _, path, _ = request_of(STREAM)

    async with busy_shop.owner.stream("GET", path) as answer:
        assert answer.status_code == 200
        assert_described(STREAM, answer)
    ready = await busy_shop.owner.get("/health/ready")
    assert_described("health_ready", ready)
    assert_described("health_startup", await busy_shop.owner.get("/health/startup"))
    assert {each["name"] for each in ready.json()["checks"]} == CHECKS


@pytest.mark.practice(69)
@pytest.mark.parametrize(
    "name",
    [
        "catalog_export_variants",
        "catalog_get_rejected_rows",
        "crm_export_cards",
        "crm_export_sheet",
        "crm_get_rejected_entries",
        "pos_export_sales",
        "pos_export_shifts",
    ],
)
def test_what_kind_of_file_comes_is_described(name: str) -> None:
    """The fuzzer found that these were described as answers without content."""
    kind = "text/vcard" if name == "crm_export_cards" else "text/csv"
    assert list(OPERATIONS[name][2]["responses"]["200"]["content"]) == [kind]
