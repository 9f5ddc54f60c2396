"""The routes of one's own second factors, and of which roles must have one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from mainstay.errors import NotSignedIn
from mainstay.modules.identity.permissions import MANAGE
from mainstay.modules.identity.routes.browsers import edge_of, person_of, window_in_session
from mainstay.modules.identity.routes.second_step import TOO_OFTEN
from mainstay.modules.identity.routes.session import answer
from mainstay.modules.identity.schemas.factors import (
    FactorPolicyIn,
    FactorPolicyOut,
    FactorsOut,
    OwnPasskeyOut,
    RecoveryCodesOut,
    TotpCodeIn,
    TotpKeyOut,
    TotpOut,
)
from mainstay.modules.identity.schemas.passkeys import PasskeyCreationOut, RegistrationIn
from mainstay.modules.identity.schemas.session import SessionOut
from mainstay.modules.identity.service import factors, passkeys, recovery, sessions, totp
from mainstay.modules.identity.service.passkeys import Registration
from mainstay.permission import SignedIn
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

# Open to those who have yet to set up the factor that their role must have.
OWN = SignedIn(may_lack_factor=True)
NO_SUCH: dict[int | str, dict[str, Any]] = {404: {"$ref": "#/components/responses/NotFound"}}
# EdDSA, ECDSA with SHA-256 and RSA with SHA-256, as the COSE registry numbers them: what the devices in use have.
ALGORITHMS = [-8, -7, -257]


@router.get("/account/factors")
async def read_factors(uow: Annotated[UnitOfWork, work(OWN)]) -> FactorsOut:
    """Your second factors: the authenticator app, passkeys, and how many recovery codes are left."""
    found = await factors.overview(uow, _me(uow), uow.actor.role)
    return FactorsOut(
        totp=None if found.totp is None else TotpOut.model_validate(dict(found.totp)),
        passkeys=[OwnPasskeyOut.model_validate(dict(row)) for row in found.passkeys],
        recovery_codes_left=found.codes_left,
        is_required=found.is_required,
    )


@router.post("/account/totp", status_code=201)
async def begin_totp(request: Request, uow: Annotated[UnitOfWork, work(OWN, fresh=True)]) -> TotpKeyOut:
    """Begin to set up an authenticator app: the key is shown in this answer alone and counts once it is confirmed."""
    person = await person_of(request, uow)
    labels = (request.app.title, person.email)
    key = await totp.begin(uow, person.person_id, edge_of(request).keyring, labels)
    return TotpKeyOut(key=key.text, uri=key.uri, picture=key.picture)


@router.post("/account/totp/confirm", responses=TOO_OFTEN)
async def confirm_totp(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(OWN, fresh=True)], given: TotpCodeIn
) -> SessionOut:
    """Have the authenticator app count, by its first code; the session goes on in a new cookie."""
    person = await person_of(request, uow)
    await totp.confirm(uow, person.person_id, given.code.get_secret_value(), edge_of(request).keyring)
    return answer(request, response, uow, await sessions.renew(uow, person))


@router.delete("/account/totp", status_code=204, responses=NO_SUCH)
async def remove_totp(uow: Annotated[UnitOfWork, work(SignedIn(), fresh=True)]) -> None:
    """Take your authenticator app away; after the last factor the recovery codes go too."""
    await factors.remove_totp(uow, _me(uow), uow.actor.role)


@router.post("/account/passkeys/challenge", status_code=201)
async def begin_passkey(request: Request, uow: Annotated[UnitOfWork, work(OWN, fresh=True)]) -> PasskeyCreationOut:
    """What a new passkey is made for; it tells its person apart by an id that says nothing of them."""
    person = await person_of(request, uow)
    asked = await passkeys.ask(uow, window_in_session(request, uow), "register", person.person_id)
    return PasskeyCreationOut(
        challenge=asked.challenge,
        site=asked.site,
        credentials=list(asked.credentials),
        seconds=asked.seconds,
        title=request.app.title,
        user=person.person_id.bytes,
        user_name=person.email,
        user_title=person.name,
        algorithms=ALGORITHMS,
    )


@router.post("/account/passkeys", status_code=201)
async def add_passkey(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(OWN, fresh=True)], given: RegistrationIn
) -> SessionOut:
    """Keep a new passkey under a name; the session goes on in a new cookie."""
    person = await person_of(request, uow)
    made = Registration(given.name, given.credential, given.client_data, given.attestation)
    await passkeys.register(uow, window_in_session(request, uow), person.person_id, made)
    return answer(request, response, uow, await sessions.renew(uow, person))


@router.delete("/account/passkeys/{passkey_id}", status_code=204)
async def remove_passkey(uow: Annotated[UnitOfWork, work(SignedIn(), fresh=True)], passkey_id: UUID) -> None:
    """Take one of your passkeys away; after the last factor the recovery codes go too."""
    await factors.remove_passkey(uow, _me(uow), uow.actor.role, passkey_id)


@router.post("/account/recovery-codes", status_code=201)
async def make_recovery_codes(uow: Annotated[UnitOfWork, work(SignedIn(), fresh=True)]) -> RecoveryCodesOut:
    """Make ten recovery codes, shown in this answer alone; those from before are worth nothing."""
    return RecoveryCodesOut(codes=await recovery.make(uow, _me(uow)))


@router.get("/factor-policy")
async def read_factor_policy(uow: Annotated[UnitOfWork, work(MANAGE)]) -> FactorPolicyOut:
    """The roles whose people must have a second factor."""
    return FactorPolicyOut.model_validate(dict(await factors.policy(uow)))


@router.put("/factor-policy")
async def set_factor_policy(
    uow: Annotated[UnitOfWork, work(MANAGE, fresh=True)], policy: FactorPolicyIn
) -> FactorPolicyOut:
    """Say which roles must have a second factor; who lacks one can do nothing else before it is set up."""
    return FactorPolicyOut.model_validate(dict(await factors.set_roles_in_need(uow, policy.version, policy.roles)))


def _me(uow: UnitOfWork) -> UUID:
    if uow.actor.id is None:
        raise NotSignedIn("Sign in to do this.")
    return uow.actor.id
