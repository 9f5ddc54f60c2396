"""The private PostgreSQL server that the program starts when no database URL is set.

`EmbeddedPostgres` is the server, `postgres_bin` finds the client programs that came with it, and whatever prevents a
start is an `EmbeddedDatabaseError`. Why it is built this way: docs/decisions/0003-embedded-postgresql.md.
"""

from mainstay.db.embedded.errors import EmbeddedDatabaseError
from mainstay.db.embedded.programs import postgres_bin
from mainstay.db.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedDatabaseError", "EmbeddedPostgres", "postgres_bin"]
