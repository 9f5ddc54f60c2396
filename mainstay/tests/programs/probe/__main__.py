"""Serves the probe program as `serve` does: `python -m probe` prints the port it took and serves until it is told."""

import sys

import uvloop

from mainstay.bootstrap.listener import open_listener
from mainstay.bootstrap.server import manner_of, serve
from probe.main import api

with open_listener("127.0.0.1", 0) as listener:
    sys.stderr.write(f"{listener.getsockname()[1]}\n")
    sys.stderr.flush()
    uvloop.run(serve(api(), listener, manner_of("probe", 10)))
