"""Opens what `serve --lan` needs before anything else starts: the second socket, the authority and a certificate."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import reachable
from mainstay.bootstrap.lan.network import Ports, ShopNetwork
from mainstay.bootstrap.lan.settings import LanSettings
from mainstay.bootstrap.listener import open_listener


@contextmanager
def shop_network(package: str, data_dir: Path, secure: socket.socket) -> Iterator[ShopNetwork]:
    """Open the shop's network for the program in `package`, which listens on `secure`. Raises ConfigurationError."""
    settings = LanSettings.load(package)
    bound = secure.getsockname()[0]
    with open_listener(bound, settings.page_port) as page:
        keeper = Keeper(data_dir, package.title(), partial(reachable, bound))
        keeper.keep()
        yield ShopNetwork(keeper, Ports(secure, page), settings.check_seconds)
