"""One act that somebody else agrees to on the spot: once, this act alone, this person alone, and never one's own."""

import pytest
from factor_calls import problem
from station_calls import (
    BACK_DOOR,
    HERE,
    OTHER_PIN,
    PIN,
    approved,
    ask_approval,
    enrol,
    set_pin,
    sign_in_by_pin,
    take_in,
    take_out,
)

from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import UnitOfWork

APPROVAL_REFUSED = (403, "identity.approval_refused")


@pytest.mark.practice(33)
async def test_an_approved_act_names_both_people(
    till: Client, cashier: Client, manager: Client, uow: UnitOfWork
) -> None:
    take = take_in()
    assert problem(await take_out(till, take)) == (403, "identity.approval_needed")

    token = await approved(till, take, manager.person_id, OTHER_PIN)
    done = await take_out(till, take, token)

    assert done.status_code == 200
    assert done.json().startswith("Manager")
    acts = await uow.read("SELECT act, actor_id, approver_id FROM audit_entry ORDER BY position DESC LIMIT 2")
    assert [(row["act"], row["actor_id"], row["approver_id"]) for row in acts] == [
        ("safe.taken", cashier.person_id, manager.person_id),
        ("identity.act_approved", cashier.person_id, manager.person_id),
    ]


async def test_who_may_do_it_alone_needs_nobody(owner: Client) -> None:
    assert (await take_out(owner, take_in())).json() == "nobody"


async def test_an_approval_is_used_once(till: Client, manager: Client) -> None:
    take = take_in()
    token = await approved(till, take, manager.person_id, OTHER_PIN)

    assert (await take_out(till, take, token)).status_code == 200
    assert problem(await take_out(till, take, token)) == APPROVAL_REFUSED


async def test_an_act_that_fails_leaves_its_approval(till: Client, manager: Client) -> None:
    take = take_in(-1)
    token = await approved(till, take, manager.person_id, OTHER_PIN)

    assert problem(await take_out(till, take, token)) == (409, "conflict")
    assert problem(await take_out(till, take, token)) == (409, "conflict")


async def test_an_approval_is_for_this_thing_with_this_content(till: Client, manager: Client) -> None:
    take = take_in(5)
    token = await approved(till, take, manager.person_id, OTHER_PIN)

    assert problem(await take_out(till, take | {"amount": 500}, token)) == APPROVAL_REFUSED
    assert problem(await take_out(till, take | {"id": take_in()["id"]}, token)) == APPROVAL_REFUSED
    assert problem(await take_out(till, take, "x" * 43)) == APPROVAL_REFUSED
    assert (await take_out(till, take, token)).status_code == 200


async def test_an_approval_is_for_who_asked_at_the_device_where_they_asked(
    till: Client, owner: Client, cashier: Client, manager: Client, make_client: ClientFactory, uow: UnitOfWork
) -> None:
    take = take_in()
    token = await approved(till, take, manager.person_id, OTHER_PIN)
    elsewhere = make_client()
    await enrol(owner, elsewhere, BACK_DOOR)

    await sign_in_by_pin(elsewhere, cashier)
    assert problem(await take_out(elsewhere, take, token)) == APPROVAL_REFUSED
    await uow.write("UPDATE identity_approval SET requester_id = $1", owner.person_id)
    await uow.commit()
    assert problem(await take_out(till, take, token)) == APPROVAL_REFUSED


async def test_an_approval_runs_out(till: Client, manager: Client, uow: UnitOfWork) -> None:
    take = take_in()
    token = await approved(till, take, manager.person_id, OTHER_PIN)
    lasts = await uow.read_value(
        "SELECT extract(epoch FROM expires_at - clock_timestamp())::float FROM identity_approval"
    )
    assert 60 < lasts <= 120
    await uow.write("UPDATE identity_approval SET expires_at = clock_timestamp()")
    await uow.commit()

    assert problem(await take_out(till, take, token)) == APPROVAL_REFUSED


async def test_nobody_approves_their_own_act(till: Client, owner: Client) -> None:
    """Not even who has the right: an approval says that two people agreed."""
    await set_pin(owner)
    await sign_in_by_pin(till, owner)

    assert problem(await ask_approval(till, take_in(), owner.person_id, PIN)) == (403, "identity.approver_refused")


async def test_who_lacks_the_right_approves_nothing(till: Client, employee: Client) -> None:
    await set_pin(employee)

    assert problem(await ask_approval(till, take_in(), employee.person_id)) == (403, "identity.approver_refused")


async def test_a_wrong_pin_approves_nothing_and_is_on_record(
    till: Client, manager: Client, cashier: Client, uow: UnitOfWork
) -> None:
    assert problem(await ask_approval(till, take_in(), manager.person_id, PIN)) == (401, "identity.wrong_pin")

    row = await uow.read_row("SELECT act, actor_id FROM audit_entry ORDER BY position DESC LIMIT 1")
    assert row is not None
    assert (row["act"], row["actor_id"]) == ("identity.approval_failed", cashier.person_id)


async def test_approvals_are_given_at_shared_devices_alone(cashier: Client, manager: Client) -> None:
    """Somebody with a password session asks a person who has the right to do it, as before."""
    await set_pin(manager, OTHER_PIN)
    take = take_in()

    assert problem(await ask_approval(cashier, take, manager.person_id, OTHER_PIN)) == (403, "identity.no_station")
    assert problem(await take_out(cashier, take, "x" * 43)) == (403, "not_allowed")


async def test_who_left_meanwhile_has_approved_nothing(till: Client, owner: Client, manager: Client) -> None:
    take = take_in()
    token = await approved(till, take, manager.person_id, OTHER_PIN)
    await owner.patch(f"/api/v1/identity/people/{manager.person_id}", json={"version": 1, "is_active": False})

    assert problem(await take_out(till, take, token)) == APPROVAL_REFUSED


async def test_the_device_says_who_else_can_approve(till: Client, owner: Client, manager: Client) -> None:
    await set_pin(owner, "73915")
    ask = {"right": "safe.open"}

    found = (await till.get(f"{HERE}/approvers", params=ask)).json()["items"]

    assert {each["id"] for each in found} == {str(owner.person_id), str(manager.person_id)}
    assert (await owner.get(f"{HERE}/approvers", params=ask)).json() == {"items": []}
    assert (await till.get(f"{HERE}/approvers", params={"right": "identity.manage"})).json() == {"items": []}
