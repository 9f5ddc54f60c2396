"""Mainstay's migrations: the Alembic environment and one linear branch of versions."""
