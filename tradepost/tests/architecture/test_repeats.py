"""Every POST of every module can be sent again after a lost answer without doing it twice, or it is said why not."""

from typing import Any

from interface import operations
from shopfloor import Till

from mainstay.permission import Public
from mainstay.testing.client import Client
from mainstay.web.operation import Operation

POSTS = [each for each in operations() if "POST" in each.verbs]

IDENTITY = "POST /api/v1/identity"
# Why a call needs no key, and takes none.
REASONS = {
    "it answers a secret, which is not kept": {
        f"{IDENTITY}/session/factor",
        f"{IDENTITY}/session/factor/passkey",
        f"{IDENTITY}/account/totp",
        f"{IDENTITY}/account/totp/confirm",
        f"{IDENTITY}/account/passkeys/challenge",
        f"{IDENTITY}/account/passkeys",
        f"{IDENTITY}/account/recovery-codes",
        f"{IDENTITY}/account/password",
        f"{IDENTITY}/people/{{person_id}}/reset-link",
        "POST /api/v1/files/{file_id}/link",
        "POST /api/v1/pos/sales/approvals",
        "POST /api/v1/pos/refunds/approvals",
    },
    "it changes nothing": {
        "POST /api/v1/crm/duplicates/check",
        "POST /api/v1/crm/imports/preview",
        "POST /api/v1/operations/profiles",
    },
    "done again it changes nothing more, and answers the same": {
        "POST /api/v1/notifications/read",
        "POST /api/v1/notifications/{notification_id}/read",
        "POST /api/v1/notifications/address/confirm",
        "POST /api/v1/files/{file_id}/finish",
        "POST /api/v1/pos/shifts/{shift_id}/close",
    },
}


def brings(operation: Operation) -> set[str]:
    """Return the names of what a call brings besides its path."""
    body: Any = operation.body_field.field_info.annotation if operation.body_field is not None else None
    query = {field.alias for field in operation.dependant.query_params}
    return query | set(getattr(body, "model_fields", ()))


def is_safe(operation: Operation) -> bool:
    """Whether a call sent again is known by its id, refused by its version, or nobody's."""
    return isinstance(operation.right, Public) or bool(brings(operation) & {"id", "import_id", "photo_id", "version"})


def test_every_post_is_safe_to_send_again_or_takes_a_key_or_says_why_not() -> None:
    excused = {name for names in REASONS.values() for name in names}
    open_ones = {each.title for each in POSTS if not each.is_repeatable and not is_safe(each)}

    assert open_ones == excused - {each.title for each in POSTS if is_safe(each)}
    assert {each.title for each in POSTS if each.is_repeatable} & excused == set()


def test_no_post_takes_a_key_that_needs_none() -> None:
    assert [each.title for each in POSTS if each.is_repeatable and is_safe(each)] == []


async def test_a_tax_rate_is_added_once_however_often_its_call_is_sent(owner: Client, till: Till) -> None:
    rate = {"name": "Books", "rate": "3.25"}
    key = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}

    first = await owner.post("/api/v1/shop/tax-rates", json=rate, headers=key)
    again = await owner.post("/api/v1/shop/tax-rates", json=rate, headers=key)

    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    rates = (await owner.get("/api/v1/shop")).json()["tax_rates"]
    assert [each["name"] for each in rates].count("Books") == 1, till
