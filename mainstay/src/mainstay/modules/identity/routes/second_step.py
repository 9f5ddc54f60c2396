"""The routes of signing in beyond the password: the second step, a passkey alone, a second factor given anew."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from mainstay import crypto
from mainstay.modules.identity.routes.browsers import (
    address_of,
    arrival_of,
    circumstances,
    find_step_token,
    forget_cookie,
    keep_cookie,
    person_of,
    step_cookie,
    step_token,
    window_in_session,
    window_signing_in,
)
from mainstay.modules.identity.routes.session import NOT_YOU, SIGN_IN, answer
from mainstay.modules.identity.schemas.factors import CodeIn, FactorIn, PasswordProofIn, ProofIn
from mainstay.modules.identity.schemas.passkeys import AssertionIn, PasskeyRequestOut, PasskeySignInIn
from mainstay.modules.identity.schemas.session import SessionOut
from mainstay.modules.identity.service import account, factors, passkeys, second_step, sessions
from mainstay.modules.identity.service.factors import Code
from mainstay.modules.identity.service.passkeys import Asked, Assertion
from mainstay.permission import SignedIn
from mainstay.web.limits.rates import SIGN_IN as SIGN_IN_RATE
from mainstay.web.limits.rates import limited
from mainstay.web.overload.urgency import FIRST, urgent
from mainstay.web.read_only import while_read_only
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

TOO_OFTEN: dict[int | str, dict[str, Any]] = {429: {"$ref": "#/components/responses/TooManyRequests"}}


@router.post("/session/second-step", status_code=201, responses=NOT_YOU)
@limited(SIGN_IN_RATE, free_on=(201,))
@while_read_only
@urgent(FIRST)
async def give_second_step(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(SIGN_IN)], given: FactorIn
) -> SessionOut:
    """Give the second factor after a right password; it starts a session in a new cookie."""
    token = step_token(request)
    given_in = circumstances(request, window_signing_in(request, token), "second_step")
    new = await second_step.complete(uow, token, proof(given), given_in, arrival_of(request))
    forget_cookie(response, step_cookie(request))
    return answer(request, response, uow, new)


@router.post("/session/second-step/passkey", status_code=201, responses=NOT_YOU)
@while_read_only
@urgent(FIRST)
async def ask_second_step_passkey(request: Request, uow: Annotated[UnitOfWork, work(SIGN_IN)]) -> PasskeyRequestOut:
    """What a passkey is to sign after a right password; each call makes the challenge anew."""
    token = step_token(request)
    return shown(await second_step.ask_passkey(uow, token, window_signing_in(request, token)))


@router.post("/session/passkey/challenge", status_code=201)
@while_read_only
@urgent(FIRST)
async def ask_passkey(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(SIGN_IN)]
) -> PasskeyRequestOut:
    """What a passkey is to sign to sign in without a password: any of this site's, which also says whose it is."""
    token = find_step_token(request) or crypto.new_token()
    asked = await passkeys.ask(uow, window_signing_in(request, token), "sign_in", None)
    keep_cookie(response, step_cookie(request), token, asked.seconds)
    return shown(asked)


@router.post("/session/passkey", status_code=201, responses=NOT_YOU)
@limited(SIGN_IN_RATE, free_on=(201,))
@while_read_only
@urgent(FIRST)
async def sign_in_by_passkey(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(SIGN_IN)], given: PasskeySignInIn
) -> SessionOut:
    """Sign in with a passkey alone; it starts a session in a new cookie."""
    window = window_signing_in(request, step_token(request))
    arrival = arrival_of(request, ends_with_browser=given.ends_with_browser)
    new = await second_step.by_passkey(uow, signed(given), window, arrival)
    forget_cookie(response, step_cookie(request))
    return answer(request, response, uow, new)


@router.post("/session/factor", responses=TOO_OFTEN)
@while_read_only
@urgent(FIRST)
async def give_factor(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(SignedIn())], given: ProofIn
) -> SessionOut:
    """Give a second factor once more, as dangerous acts ask for; the session goes on in a new cookie.

    Whoever has none gives the password.
    """
    person = await person_of(request, uow)
    if isinstance(given, PasswordProofIn):
        await account.prove(uow, given.password.get_secret_value(), address_of(request))
        return answer(request, response, uow, await sessions.renew(uow, person, "none"))
    given_in = circumstances(request, window_in_session(request, uow), "confirm")
    proven = proof(given)
    await factors.prove(uow, person.person_id, proven, given_in)
    factors.record_use(uow, person.person_id, proven)
    return answer(request, response, uow, await sessions.renew(uow, person))


@router.post("/session/factor/passkey", status_code=201)
@while_read_only
@urgent(FIRST)
async def ask_factor_passkey(request: Request, uow: Annotated[UnitOfWork, work(SignedIn())]) -> PasskeyRequestOut:
    """What a passkey is to sign to give a second factor once more."""
    return shown(await passkeys.ask(uow, window_in_session(request, uow), "confirm", uow.actor.id))


def proof(given: CodeIn | AssertionIn) -> Code | Assertion:
    """Return what somebody gives for a second factor."""
    return signed(given) if isinstance(given, AssertionIn) else Code(given.kind, given.code.get_secret_value())


def signed(given: AssertionIn) -> Assertion:
    """Return a signed challenge."""
    return Assertion(given.credential, given.client_data, given.authenticator_data, given.signature, given.user_handle)


def shown(asked: Asked) -> PasskeyRequestOut:
    """Return a challenge as the browser gets it."""
    return PasskeyRequestOut(
        challenge=asked.challenge, site=asked.site, credentials=list(asked.credentials), seconds=asked.seconds
    )
