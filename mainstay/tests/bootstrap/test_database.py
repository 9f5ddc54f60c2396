"""The database that the settings name is started, or found running, with what the processes must know."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mainstay.bootstrap.database import Embedded, External, choose, reached, start
from mainstay.db import rights
from mainstay.db.address import libpq_url
from mainstay.db.embedded import EmbeddedDatabaseError
from mainstay.errors import ConfigurationError
from mainstay.settings import CoreSettings


@pytest.fixture
def core(tmp_path: Path) -> CoreSettings:
    return CoreSettings(data_dir=tmp_path / "data")


@pytest.fixture
def running(core: CoreSettings) -> Iterator[Embedded]:
    """An embedded database that runs in the data folder."""
    database = Embedded("sample", core.data_dir)
    database.start()
    yield database
    database.stop()


def test_without_an_address_the_database_is_embedded(core: CoreSettings) -> None:
    database = choose("sample", core)

    assert isinstance(database, Embedded)
    assert database.is_own
    assert database.description == str(core.data_dir.resolve())


def test_with_an_address_the_database_is_somebody_elses(core: CoreSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "postgresql://owner:hidden@db.example:5433/shop?password=hidden"  # pragma: allowlist secret
    monkeypatch.setenv("SAMPLE_DATABASE_URL", address)

    database = choose("sample", core)

    assert isinstance(database, External)
    assert not database.is_own
    assert database.description == "the database shop on db.example:5433"


def test_the_processes_learn_the_address_and_where_the_keys_are(core: CoreSettings) -> None:
    database, settings = start("sample", core)
    try:
        files = {"SAMPLE_SECRET_KEY_FILE", "SAMPLE_ACCEPTED_SECRET_KEYS_FILE"}
        assert set(settings) == {"SAMPLE_DATABASE_URL", "SAMPLE_DATABASE_OWNER_URL", *files}
        assert all(Path(settings[name]).exists() for name in files)
        rights.grant(settings["SAMPLE_DATABASE_OWNER_URL"], settings["SAMPLE_DATABASE_URL"])
        with psycopg.connect(libpq_url(settings["SAMPLE_DATABASE_URL"])) as connection:
            who = connection.execute("SELECT current_database(), session_user, current_user").fetchone()
            assert who == ("sample", "sample_runtime", "sample_runtime"), "it logs in as who it is"
    finally:
        database.stop()


def test_with_a_server_of_others_the_program_takes_on_a_role_or_has_an_account_of_its_own(
    core: CoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", "postgresql://shop@db.example/shop")
    database = choose("sample", core)
    assert database.start() == "postgresql://shop@db.example/shop"
    assert database.program_url() == "postgresql://shop@db.example/shop?role=shop_runtime"

    monkeypatch.setenv("SAMPLE_DATABASE_OWNER_URL", "postgresql://owner@db.example/shop")
    database = choose("sample", core)
    assert database.start() == "postgresql://owner@db.example/shop"
    assert database.program_url() == "postgresql://shop@db.example/shop"


def test_a_server_of_others_needs_a_key_that_was_given(core: CoreSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", "postgresql://db.example/shop")

    with pytest.raises(ConfigurationError, match=r"^Set SAMPLE_SECRET_KEY"):
        start("sample", core)

    assert not core.data_dir.exists()


def test_a_command_uses_the_server_of_the_running_program(running: Embedded, core: CoreSettings) -> None:
    with reached("sample", core) as url:
        assert url == running.running_url()

    assert running.running_url() is not None, "it runs on"


def test_a_command_starts_the_embedded_server_when_none_runs_and_stops_it(core: CoreSettings) -> None:
    with reached("sample", core) as url, psycopg.connect(libpq_url(url)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    assert Embedded("sample", core.data_dir).running_url() is None


def test_a_folder_in_use_is_refused(running: Embedded, core: CoreSettings) -> None:
    assert running.is_own

    with pytest.raises(EmbeddedDatabaseError, match="is in use by another running program"):
        start("sample", core)


def test_a_server_of_others_is_left_running(monkeypatch: pytest.MonkeyPatch, core: CoreSettings) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", "postgresql://db.example/shop")

    with reached("sample", core) as url:
        assert url == "postgresql://db.example/shop"
