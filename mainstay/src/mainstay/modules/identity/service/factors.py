"""Second factors as one: which a person has, proving one, taking one away, and which roles must have one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from mainstay.errors import FieldProblem, InvalidInput
from mainstay.keyring import Keyring
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import FactorRequired, FactorUnknown, WrongFactor
from mainstay.modules.identity.events import FactorPolicyChanged, FactorRemoved
from mainstay.modules.identity.repository import factors as repository
from mainstay.modules.identity.repository import passkeys as passkey_rows
from mainstay.modules.identity.repository import people
from mainstay.modules.identity.repository import recovery as recovery_rows
from mainstay.modules.identity.repository import roles as role_rows
from mainstay.modules.identity.repository import totp as totp_rows
from mainstay.modules.identity.service import endings, passkeys, recovery, totp
from mainstay.modules.identity.service.passkeys import REFUSED, Assertion, Party, Purpose, Window
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork

FactorKind = Literal["totp", "passkey", "recovery_code"]


@dataclass(frozen=True, slots=True)
class Code:
    """A code that somebody gives for a second factor."""

    kind: Literal["totp", "recovery_code"]
    text: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where a factor is given: the keys under which secrets are sealed, the browser, and what for."""

    keyring: Keyring
    window: Window
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Overview:
    """The second factors of a person."""

    totp: Row | None
    passkeys: list[Row]
    codes_left: int
    is_required: bool


async def kinds(uow: UnitOfWork, person_id: UUID, party: Party | None) -> list[FactorKind] | None:
    """Return the kinds of factor that a person can give on a site; None when they have no factor at all.

    A passkey of another site of ours cannot be given here, and is a factor all the same.
    """
    have = await repository.overview(uow, person_id, "" if party is None else party.site)
    if not (have["has_totp"] or have["has_any_passkey"]):
        return None
    given: tuple[tuple[FactorKind, bool], ...] = (
        ("passkey", have["has_passkey"]),
        ("totp", have["has_totp"]),
        ("recovery_code", have["codes_left"] > 0),
    )
    return [kind for kind, is_there in given if is_there]


async def overview(uow: UnitOfWork, person_id: UUID, role: str) -> Overview:
    """Return what a person sees of their own factors."""
    have = await repository.overview(uow, person_id)
    return Overview(
        await totp_rows.counting(uow, person_id),
        await passkey_rows.of_person(uow, person_id),
        have["codes_left"],
        await repository.is_required(uow, role),
    )


async def prove(uow: UnitOfWork, person_id: UUID, given: Code | Assertion, given_in: Circumstances) -> None:
    """Check a second factor of a person and use it up. Raises WrongFactor and TooManyFactorTries.

    It must come before the transaction begins: a wrong try stays counted, and in the audit trail.
    """
    try:
        await _prove(uow, person_id, given, given_in)
    except WrongFactor:
        # What had begun is undone by the refusal in any case.
        await uow.close()
        kind = "passkey" if isinstance(given, Assertion) else given.kind
        await uow.record_apart(Entry("identity.factor_refused", "identity.person", person_id, new={"kind": kind}))
        raise


async def _prove(uow: UnitOfWork, person_id: UUID, given: Code | Assertion, given_in: Circumstances) -> None:
    if isinstance(given, Assertion):
        person = await passkeys.use(uow, given_in.window, given_in.purpose, given)
        if person.id != person_id:
            raise WrongFactor(REFUSED)
    elif given.kind == "totp":
        await totp.use(uow, person_id, given.text, given_in.keyring)
    else:
        await recovery.use(uow, person_id, given.text)


def record_use(uow: UnitOfWork, person_id: UUID, given: Code | Assertion) -> None:
    """Have the audit trail tell that a recovery code was used; to be called when the actor is known."""
    if isinstance(given, Code) and given.kind == "recovery_code":
        uow.record(Entry("identity.recovery_code_used", "identity.person", person_id))


async def remove_totp(uow: UnitOfWork, person_id: UUID, role: str) -> None:
    """Take a person's authenticator app away. Raises FactorUnknown and FactorRequired."""
    await people.hold_person(uow, person_id)
    if not await totp_rows.remove(uow, person_id):
        raise FactorUnknown("No authenticator app is set up.")
    await _settle(uow, person_id, role, "totp")


async def remove_passkey(uow: UnitOfWork, person_id: UUID, role: str, passkey_id: UUID) -> None:
    """Take one of a person's passkeys away. Raises FactorUnknown and FactorRequired."""
    await people.hold_person(uow, person_id)
    if not await passkey_rows.remove(uow, person_id, passkey_id):
        raise FactorUnknown("There is no such passkey.")
    await _settle(uow, person_id, role, "passkey")


async def remove_all(uow: UnitOfWork, person_id: UUID) -> None:
    """Take every second factor of a person away, with the recovery codes: they are gone, or lost all of them."""
    await repository.remove_all(uow, person_id)


async def _settle(uow: UnitOfWork, person_id: UUID, role: str, kind: Literal["totp", "passkey"]) -> None:
    """After the last factor the recovery codes go too, unless the role must have a factor."""
    if not await repository.has_any(uow, person_id):
        if await repository.is_required(uow, role):
            raise FactorRequired("Your role needs a second factor: set another one up before you remove this one.")
        await recovery_rows.remove(uow, person_id)
    await endings.end_all(uow, person_id, uow.actor.session_id)
    uow.publish(FactorRemoved(person_id=person_id, kind=kind))
    uow.record(Entry("identity.factor_removed", "identity.person", person_id, old={"kind": kind}))


async def policy(uow: UnitOfWork) -> Row:
    """Return the `roles` whose people must have a second factor, and the `version` of that statement."""
    return await repository.policy(uow)


async def set_roles_in_need(uow: UnitOfWork, version: int, roles: Sequence[str]) -> Row:
    """Have exactly these roles need a second factor; who lacks one is led to set it up at the next call.

    Raises InvalidInput for a role that there is not, and VersionConflict when what was read is not what holds.
    """
    after = sorted(set(roles))
    if not set(after) <= {row["key"] for row in await role_rows.roles(uow)}:
        raise InvalidInput("There is no such role.", errors=[FieldProblem("roles", "unknown", "Choose of the roles.")])
    if await repository.state_policy(uow, version) is None:
        late = Attempt(repository.POLICY_KEY, version, {"roles": [*after]})
        raise await conflict(uow, repository.POLICY, late)
    before = (await repository.policy(uow))["roles"]
    await repository.set_roles_in_need(uow, after)
    uow.publish(FactorPolicyChanged(roles=after))
    subject = ("identity.factor_policy_changed", "identity.factor_policy")
    uow.record(Entry(*subject, old={"roles": before}, new={"roles": after}))
    return await repository.policy(uow)
