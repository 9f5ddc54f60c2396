"""Who a request is counted for: its person once the credential has been seen to be good, its address before."""

from starlette.types import Scope

from mainstay.net.network import network_of
from mainstay.web.head import cookie, header
from mainstay.web.routing import Edge


def address_of(scope: Scope) -> str:
    """Return the address that a request is counted for.

    It is the one that the server, or the layer that knows the trusted proxies, has put into the scope: no header that
    a caller may write changes it.
    """
    client = scope.get("client")
    return f"address:{network_of(client[0])}" if client else "address:none"


def credential_of(scope: Scope, edge: Edge) -> str | None:
    """Return a name for everything by which a request says whose it is, or None when it says nothing.

    The name opens nothing: it may be kept where others read.
    """
    session, stated = cookie(scope, edge.cookie_name), header(scope, b"authorization")
    if session is None and stated is None:
        return None
    text = f"{session or ''}\x00{(stated or b'').decode('latin-1')}"
    return edge.keyring.sign("limits", text)
