"""The Alembic environment of every program built on Mainstay; run by `mainstay.db.migrate`, never by hand."""

from mainstay.db.migrate import run_migrations

run_migrations()
