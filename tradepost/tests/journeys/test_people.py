"""People in a fresh program, by the documented path only: the printed link, invitations, sign-in and sign-out."""

import re
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]
PASSWORD = "three quiet green trains"
CASHIERS = "four slow yellow boats"
# For this site, over a safe connection, out of reach of pages and of other sites' requests.
COOKIE = r"__Host-tradepost=[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=strict; Secure"


def path(rest: str) -> str:
    return f"/api/v1/identity{rest}"


async def accept(client: Client, token: str, password: str, **details: str) -> httpx2.Response:
    return await client.post(path("/invitations/accept"), json={"token": token, "password": password, **details})


def code(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.journey
@pytest.mark.practice(22, 27)
async def test_a_fresh_install_gets_its_owner_by_the_printed_link_and_its_cashier_by_invitation(
    start_program: StartProgram,
) -> None:
    program = start_program()
    first_link = program.owner_token()
    program.kill()
    program.start()
    link = program.owner_token()
    assert link != first_link

    async with program.client() as owner, program.client() as cashier, program.client() as stranger:
        # Nobody is here yet, no link but the newest works, and no password is known beforehand.
        assert (await owner.get(path("/setup"))).json()["is_set_up"] is False
        ada = {"name": "Ada", "email": "ada@shop.example"}
        assert code(await accept(owner, first_link, PASSWORD, **ada)) == (404, "identity.invitation_unknown")
        assert code(await accept(owner, link, "passwordpassword", **ada)) == (422, "identity.password_refused")
        became = await accept(owner, link, PASSWORD, **ada)
        session = owner.adopt(became)
        assert re.fullmatch(COOKIE, became.headers.get_list("set-cookie")[0])
        assert session["person"]["role"] == "owner"
        assert code(await accept(stranger, link, PASSWORD, name="Eve", email="eve@shop.example")) == (
            404,
            "identity.invitation_unknown",
        )

        # The owner invites a cashier, who may do less.
        grace = {"id": str(ids.new_id()), "name": "Grace", "email": "grace@shop.example", "role": "cashier"}
        invited = await owner.post(path("/invitations"), json=grace)
        token = invited.json()["link_path"].removeprefix("/join#")
        joined = cashier.adopt(await accept(cashier, token, CASHIERS))
        assert set(joined["permissions"]) < set(session["permissions"])
        assert (await cashier.get(path("/people"))).status_code == 403
        assert [each["name"] for each in (await owner.get(path("/people"))).json()["items"]] == ["Ada", "Grace"]

        await live_through_a_restart(program, cashier)

    # There is an owner: a start prints no link any more.
    assert program.notes().count("/setup#") == 2
    no_secret_is_in(program, PASSWORD, CASHIERS, link, token)


async def live_through_a_restart(program: ProgramProcess, cashier: Client) -> None:
    """Sessions outlive a restart, and end by signing out; signing in again begins a new one."""
    program.restart()
    assert (await cashier.get(path("/session"))).json()["person"]["name"] == "Grace"
    assert (await cashier.delete(path("/session"))).status_code == 204
    assert code(await cashier.get(path("/session"))) == (401, "identity.not_signed_in")
    await cashier.sign_in("Grace@Shop.example", CASHIERS)
    assert (await cashier.get(path("/session"))).status_code == 200


def no_secret_is_in(program: ProgramProcess, *secrets: str) -> None:
    """Search what the program logged and stored for secrets; the link was shown to the operator, once."""
    logged = program.log_path.read_text()
    stored: list[Any] = []
    for table in ("identity_person", "identity_session", "identity_invitation", "mainstay_event", "procrastinate_jobs"):
        stored += program.ask(f"SELECT rows::text FROM {table} AS rows")
    for secret in secrets:
        assert secret not in logged
        assert secret not in str(stored)
