"""Who a request is counted for: its person once the credential has been seen to be good, its address before."""

from starlette.types import Scope

from mainstay import crypto
from mainstay.keyring import Keyring
from mainstay.net.network import network_of
from mainstay.web.head import cookie, header
from mainstay.web.routing import Edge

# Names that are remembered: a signature under the secret, whose file is looked at each time, costs as much as routing.
MOST_NAMES = 4096


class CredentialNames:
    """Names of credentials, signed once and then known by the digest: what opens something is not kept."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._known: dict[bytes, str] = {}

    def name_of(self, text: str) -> str:
        """Return the name of what a request says of whose it is."""
        digest = crypto.digest(text)
        name = self._known.get(digest)
        if name is None:
            if len(self._known) >= MOST_NAMES:
                self._known.clear()
            name = self._known[digest] = self._keyring.sign("limits", text)
        return name


def address_of(scope: Scope) -> str:
    """Return the address that a request is counted for.

    It is the one that the server, or the layer that knows the trusted proxies, has put into the scope: no header that
    a caller may write changes it.
    """
    client = scope.get("client")
    return f"address:{network_of(client[0])}" if client else "address:none"


def credential_of(scope: Scope, edge: Edge, names: CredentialNames) -> str | None:
    """Return a name for everything by which a request says whose it is, or None when it says nothing.

    The name opens nothing: it may be kept where others read.
    """
    session, stated = cookie(scope, edge.cookie_name), header(scope, b"authorization")
    if session is None and stated is None:
        return None
    text = f"{session or ''}\x00{(stated or b'').decode('latin-1')}"
    return names.name_of(text)
