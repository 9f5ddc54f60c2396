"""The database: engine, model base, queries, migrations and the embedded server."""
