"""Where the setting is off, which it is from the start, there are no sign-ups for anybody."""

import pytest
from factor_calls import problem

from mainstay.modules.identity.settings import IdentitySettings
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

SIGN_UPS = "/api/v1/identity/sign-ups"
IVY = {"name": "Ivy", "email": "ivy@shop.example", "password": "three quiet green trains"}
SOMEBODY = "01926e6a-0000-7000-8000-00000000000d"
TOKEN = {"token": "x" * 43}


def test_it_is_off_from_the_start() -> None:
    assert not IdentitySettings().sign_up


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", IVY),
        ("POST", "/check", TOKEN),
        ("POST", "/confirm", {**TOKEN, "password": IVY["password"]}),
        ("GET", "", None),
        ("POST", f"/{SOMEBODY}/approve", {"role": "cashier"}),
        ("POST", f"/{SOMEBODY}/refuse", None),
    ],
)
async def test_every_route_is_not_found(
    owner: Client, uow: UnitOfWork, method: str, path: str, body: dict[str, str] | None
) -> None:
    answer = await owner.request(method, f"{SIGN_UPS}{path}", json=body)

    assert problem(answer) == (404, "identity.sign_up_closed")
    assert await uow.read_value("SELECT count(*) FROM identity_sign_up") == 0


async def test_the_first_page_does_not_offer_it(api: Client) -> None:
    assert (await api.get("/api/v1/identity/setup")).json()["takes_sign_ups"] is False
