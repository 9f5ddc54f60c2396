"""The routes of API clients: sign in, refresh, sign out; and the public keys that verify their tokens."""

from typing import Annotated

from fastapi import APIRouter, Request

from mainstay.modules.identity.routes.browsers import address_of, edge_of
from mainstay.modules.identity.routes.session import NOT_YOU, SIGN_IN
from mainstay.modules.identity.schemas.session import SignInIn
from mainstay.modules.identity.schemas.tokens import KeySetOut, PublicKeyOut, RefreshIn, TokensOut
from mainstay.modules.identity.service import signing, tokens
from mainstay.modules.identity.service.sign_in import Login
from mainstay.modules.identity.service.tokens import TokenPair
from mainstay.permission import Public, SignedIn
from mainstay.web.limits.rates import SIGN_IN as SIGN_IN_RATE
from mainstay.web.limits.rates import limited
from mainstay.web.overload.urgency import FIRST, urgent
from mainstay.web.read_only import while_read_only
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])
well_known = APIRouter(prefix="/.well-known", tags=["Identity"])

REFRESH = Public("a refresh token is all that a client has left when its access token has run out")
PUBLISHED = Public("public keys are public")


@router.post("/tokens", status_code=201, responses=NOT_YOU)
@limited(SIGN_IN_RATE, named_by="email", free_on=(201,))
@while_read_only
@urgent(FIRST)
async def sign_in_client(request: Request, uow: Annotated[UnitOfWork, work(SIGN_IN)], given: SignInIn) -> TokensOut:
    """Sign an API client in. Wrong tries count together with those of browsers; no cookie is set or read."""
    login = Login(given.email, given.password.get_secret_value(), address_of(request))
    return _shown(await tokens.sign_in(uow, login, edge_of(request).keyring))


@router.post("/tokens/refresh", responses=NOT_YOU)
@while_read_only
@urgent(FIRST)
async def refresh_tokens(request: Request, uow: Annotated[UnitOfWork, work(REFRESH)], given: RefreshIn) -> TokensOut:
    """Exchange a refresh token. A second use within seconds gets the same successor; one more ends the whole family."""
    return _shown(await tokens.refresh(uow, given.refresh_token.get_secret_value(), edge_of(request).keyring))


@router.delete("/tokens", status_code=204)
@while_read_only
async def sign_out_client(uow: Annotated[UnitOfWork, work(SignedIn())]) -> None:
    """Sign the API client out: neither its access tokens nor its refresh token work any more."""
    await tokens.sign_out(uow)


@well_known.get("/jwks.json")
async def list_public_keys(uow: Annotated[UnitOfWork, work(PUBLISHED)]) -> KeySetOut:
    """The keys that verify access tokens (RFC 7517); after an exchange of keys, the old one until its last token."""
    return KeySetOut(keys=[PublicKeyOut(kid=kid, x=x) for kid, x in await signing.public_keys(uow)])


def _shown(pair: TokenPair) -> TokensOut:
    return TokensOut(access_token=pair.access_token, expires_in=pair.access_lifetime, refresh_token=pair.refresh_token)
