"""A database server of these tests' own: what is told follows the oldest transaction of the whole server.

On the server of the run, a long transaction of any other test, in whatever database, would hold them up.
"""

import os
from collections.abc import Iterator

import pytest

from mainstay.testing import database
from mainstay.testing.plugin import RUN_FOLDER
from mainstay.testing.server import end_server, server_url


@pytest.fixture(scope="session")
def database_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """The address of the server, one for each process of the run."""
    run = pytestconfig.stash[RUN_FOLDER]
    folder = run / f"webhooks-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    folder.mkdir(mode=0o711)
    # Should this process be killed, the server ends with the run.
    (folder / "controller").write_text((run / "controller").read_text())
    server = server_url(folder)
    database.make_role(server)
    yield server
    end_server(folder)
