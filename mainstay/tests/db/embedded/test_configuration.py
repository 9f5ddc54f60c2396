"""The settings file beside the cluster's own configuration."""

from pathlib import Path

import psycopg
import pytest

from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.configuration import FILE_NAME, write_settings


def show(server: EmbeddedPostgres, *names: str) -> list[str]:
    """Return the values of settings as the server shows them."""
    with psycopg.connect(server.conninfo()) as connection:
        rows = [connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names]
    return [row[0] for row in rows if row]


def test_the_server_runs_with_these_settings_and_accepts_all_of_them(server: EmbeddedPostgres) -> None:
    server.start()

    assert show(server, "fsync", "synchronous_commit", "data_checksums", "jit", "timezone", "listen_addresses") == [
        "on",
        "on",
        "on",
        "off",
        "UTC",
        "",
    ]
    with psycopg.connect(server.conninfo(role="postgres")) as connection:
        problems = connection.execute(
            "SELECT name, error FROM pg_file_settings WHERE error IS NOT NULL AND sourcefile LIKE %s", [f"%{FILE_NAME}"]
        ).fetchall()
        used = connection.execute(
            "SELECT count(*) FROM pg_settings WHERE sourcefile LIKE %s", [f"%{FILE_NAME}"]
        ).fetchone()
    assert problems == []
    assert used is not None
    assert used[0] > 25


def test_what_an_operator_sets_wins_and_stays(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.conninfo(role="postgres"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET work_mem = '32MB'")
    server.stop()

    server.start()

    assert show(server, "work_mem") == ["32MB"]


def test_the_log_holds_slow_statements_without_what_was_typed(server: EmbeddedPostgres, cluster: Path) -> None:
    server.start()

    with psycopg.connect(server.conninfo(role="postgres"), autocommit=True) as connection:
        # As when an operator looks for more: the parameters stay out by themselves.
        connection.execute("SET log_error_verbosity = 'default'")
        connection.execute("SELECT pg_sleep(0.6), %s::text", ["+49 171 5550123"])
    with psycopg.connect(server.conninfo(), autocommit=True, application_name="till-3") as connection:
        connection.execute("CREATE TABLE person (mail text PRIMARY KEY); INSERT INTO person VALUES ('x')")
        with pytest.raises(psycopg.errors.UniqueViolation, match="ada@example"):
            connection.execute("INSERT INTO person VALUES (%(mail)s), (%(mail)s)", {"mail": "ada@example.com"})
    server.stop()

    log = "".join(path.read_text() for path in cluster.with_name("log").iterdir())
    assert "till-3 owner@shop" in log
    assert "SELECT pg_sleep(0.6), $1::text" in log
    assert "duplicate key" in log
    assert "5550123" not in log
    assert "ada@example" not in log


def test_settings_are_replaced_whole_and_never_through_a_link(tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere"
    secret.write_text("untouched")
    (tmp_path / FILE_NAME).symlink_to(secret)
    (tmp_path / FILE_NAME).with_suffix(".new").symlink_to(secret)

    path = write_settings(tmp_path)

    assert secret.read_text() == "untouched"
    assert not path.is_symlink()
    assert "listen_addresses = ''" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o644
