"""The routes of shared devices: enrolling one, who can sign in on it, and signing in by PIN."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from mainstay.modules.identity.permissions import STATIONS
from mainstay.modules.identity.repository.stations import NewStation
from mainstay.modules.identity.routes.browsers import (
    edge_of,
    find_station_token,
    keep_cookie,
    read_browser,
    station_cookie,
    token_of,
)
from mainstay.modules.identity.routes.session import describe
from mainstay.modules.identity.schemas.session import SessionOut
from mainstay.modules.identity.schemas.stations import (
    ApproversOut,
    HereOut,
    HereStationOut,
    PinSignInIn,
    StationIn,
    StationOut,
    StationPersonOut,
    StationsOut,
)
from mainstay.modules.identity.service import stations
from mainstay.modules.identity.service.pins import PinGiven
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import Public, SignedIn
from mainstay.setup import Stand
from mainstay.web.limits.rates import SIGN_IN as SIGN_IN_RATE
from mainstay.web.limits.rates import limited
from mainstay.web.overload.urgency import FIRST, urgent
from mainstay.web.read_only import while_read_only
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

AT_THE_TILL = Public("nobody is signed in before signing in; only an enrolled device learns names")
REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"$ref": "#/components/responses/NotSignedIn"},
    403: {"$ref": "#/components/responses/NotAllowed"},
    429: {"$ref": "#/components/responses/TooManyRequests"},
}
NO_SUCH: dict[int | str, dict[str, Any]] = {404: {"$ref": "#/components/responses/NotFound"}}


@router.get("/stations")
async def list_stations(request: Request, uow: Annotated[UnitOfWork, work(STATIONS)]) -> StationsOut:
    """The devices on which people sign in by PIN."""
    found = await stations.enrolled(uow, find_station_token(request))
    return StationsOut(
        items=[
            StationOut.model_validate({**each.row, "place_name": each.place_name, "is_here": each.is_here})
            for each in found
        ]
    )


@router.post("/stations", status_code=201)
async def enrol_station(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(STATIONS, fresh=True)], station: StationIn
) -> HereStationOut:
    """Let people sign in by PIN on this browser, which stands at a place. What it was before ends."""
    new = NewStation(station.id, station.place_id, station.name)
    token = await stations.enrol(uow, new, find_station_token(request))
    _keep(request, response, uow, token)
    return _here(await stations.demand(uow, token))


@router.delete("/stations/{station_id}", status_code=204)
async def revoke_station(uow: Annotated[UnitOfWork, work(STATIONS)], station_id: UUID) -> None:
    """Have a device take no PINs any more; whoever is signed in there by one is signed out."""
    await stations.revoke(uow, station_id)


@router.get("/station")
@urgent(FIRST)
async def read_station(request: Request, uow: Annotated[UnitOfWork, work(AT_THE_TILL)]) -> HereOut:
    """The shared device that this browser is, and who can sign in on it by PIN."""
    here = await stations.find(uow, find_station_token(request))
    if here is None:
        return HereOut(station=None, people=[])
    return HereOut(station=_here(here), people=await _people(uow, here.place.right, here.place))


@router.post("/station/session", status_code=201, responses=REFUSED)
@limited(SIGN_IN_RATE, named_by="person_id", free_on=(201,))
@while_read_only
@urgent(FIRST)
async def sign_in_by_pin(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(AT_THE_TILL)], given: PinSignInIn
) -> SessionOut:
    """Sign in by PIN on an enrolled device; whoever was signed in there is signed out.

    The session opens only what may be done there. Five wrong tries in five minutes make a person wait at this device.
    """
    token = find_station_token(request)
    here = await stations.demand(uow, token)
    pin = PinGiven(given.person_id, given.pin.get_secret_value(), edge_of(request).keyring)
    new = await stations.sign_in(uow, here, pin, read_browser(request, ends_with_browser=True), token_of(request))
    keep_cookie(response, edge_of(request).session_cookie, new.token, None)
    _keep(request, response, uow, token or "")
    return describe(request, uow, new.token, new.person)


@router.get("/station/approvers")
@urgent(FIRST)
async def list_approvers(
    uow: Annotated[UnitOfWork, work(SignedIn(stations=True))],
    right: Annotated[str, Query(max_length=100, examples=["pos.discount"])],
) -> ApproversOut:
    """Who else can approve, by PIN on this device, what needs a right; nobody where one did not sign in by PIN."""
    if uow.actor.station is None:
        return ApproversOut(items=[])
    stand = await stations.stand_of(uow, uow.actor.station)
    return ApproversOut(items=[each for each in await _people(uow, right, stand) if each.id != uow.actor.id])


def _keep(request: Request, response: Response, uow: UnitOfWork, token: str) -> None:
    days = uow.setup.settings.of(IdentitySettings).station_days
    keep_cookie(response, station_cookie(request), token, days * 86_400)


def _here(here: stations.Here) -> HereStationOut:
    return HereStationOut(id=here.station.id, name=here.name, place_id=here.place.id, place_name=here.place.name)


async def _people(uow: UnitOfWork, right: str, stand: Stand) -> list[StationPersonOut]:
    return [StationPersonOut(id=row["id"], name=row["name"]) for row in await stations.people(uow, right, stand)]
