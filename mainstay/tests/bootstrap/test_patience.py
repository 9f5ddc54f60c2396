"""The program waits for its database and for its schema, and says why."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from structlog.testing import capture_logs

from mainstay.bootstrap.patience import wait_for_database, wait_for_schema
from mainstay.bootstrap.program import Program
from mainstay.db import migrate, rights
from mainstay.db.address import of_login
from mainstay.errors import ConfigurationError


async def test_a_database_that_is_there_is_not_waited_for(database_url: str) -> None:
    with capture_logs() as lines:
        await wait_for_database(database_url)

    assert lines == []


async def test_a_server_that_is_not_there_is_waited_for_in_growing_steps(tmp_path: Path) -> None:
    with capture_logs() as lines, pytest.raises(TimeoutError):
        address = f"postgresql://owner:hidden@/sample?host={tmp_path}"  # pragma: allowlist secret
        await asyncio.wait_for(wait_for_database(address), 0.5)

    assert [line["next_try_s"] for line in lines] == [0.1, 0.2, 0.4][: len(lines)]
    assert len(lines) >= 2
    assert lines[0]["reason"]
    assert "hidden" not in str(lines)


async def test_a_database_that_does_not_exist_is_an_error_at_once(database_url: str) -> None:
    missing = make_url(database_url).set(database="nowhere").render_as_string(hide_password=False)

    with pytest.raises(ConfigurationError, match=r'^The database refuses this program: database "nowhere" does not'):
        await asyncio.wait_for(wait_for_database(missing), 5)


async def test_an_account_that_does_not_exist_is_an_error_at_once(database_url: str) -> None:
    stranger = make_url(database_url).set(username="nobody_here").render_as_string(hide_password=False)

    with pytest.raises(ConfigurationError, match=r"^The database refuses this program"):
        await asyncio.wait_for(wait_for_database(stranger), 5)


async def until_said(lines: Sequence[Mapping[str, Any]], missing: list[str]) -> None:
    async with asyncio.timeout(10):
        while all(line.get("missing") != missing for line in lines):  # noqa: ASYNC110  the log has no event
            await asyncio.sleep(0.02)


async def test_a_schema_is_waited_for_until_somebody_has_migrated(program: Program, empty_database_url: str) -> None:
    with capture_logs() as lines:
        waiting = asyncio.create_task(wait_for_schema(empty_database_url, program.migrations))
        await asyncio.wait({waiting}, timeout=0.3)
        assert not waiting.done()

        await asyncio.to_thread(migrate.upgrade, empty_database_url, program.migrations)
        await until_said(lines, ["rights"])
        await asyncio.to_thread(rights.grant, of_login(empty_database_url), empty_database_url)
        await asyncio.wait_for(waiting, 5)

    said = [line["missing"] for line in lines if line["event"] == "the schema is not current yet"]
    assert said[0] == sorted(["s0001", *(name for name in said[0] if name.startswith("m"))])
