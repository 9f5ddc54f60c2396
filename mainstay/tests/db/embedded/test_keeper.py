"""The thread that keeps the server running."""

import logging
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from mainstay.db.embedded import EmbeddedDatabaseError
from mainstay.db.embedded.account import server_account
from mainstay.db.embedded.cluster import SUPERUSER, Cluster
from mainstay.db.embedded.keeper import Keeper
from mainstay.db.embedded.processes import postmaster_pid, processes_in
from mainstay.db.embedded.programs import server_programs

Eventually = Callable[..., bool]


@pytest.fixture
def prepared(tmp_path: Path, made_data: Path) -> Cluster:
    """A cluster that is made and not running."""
    shutil.copytree(made_data / "postgres", tmp_path / "postgres")
    cluster = Cluster(tmp_path)
    account = server_account(cluster.path)
    cluster.prepare(account, server_programs(account))
    return cluster


@pytest.fixture
def keeper(prepared: Cluster) -> Iterator[Keeper]:
    """The keeper of `prepared`, running."""
    keeper = keeper_of(prepared)
    keeper.start(60)
    yield keeper
    keeper.stop(10)


def keeper_of(cluster: Cluster) -> Keeper:
    account = server_account(cluster.path)
    return Keeper(cluster, account, server_programs(account))


def postmaster_of(cluster: Cluster) -> int:
    pid = postmaster_pid(cluster.path)
    assert pid is not None
    return pid


def test_it_is_ready_when_start_returns(prepared: Cluster, keeper: Keeper) -> None:
    with psycopg.connect(host=str(prepared.sockets), user=SUPERUSER, dbname="postgres") as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_an_orderly_stop_is_quiet(prepared: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    keeper = keeper_of(prepared)
    keeper.start(60)

    keeper.stop(10)

    assert processes_in(prepared.path) == []
    assert caplog.messages == []


def test_a_connected_client_does_not_delay_the_stop(prepared: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    keeper = keeper_of(prepared)
    keeper.start(60)

    with psycopg.connect(host=str(prepared.sockets), user=SUPERUSER, dbname="postgres") as connection:
        keeper.stop(10)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")

    assert caplog.messages == []


def test_a_server_that_does_not_react_is_killed_with_a_warning_for_each_step(
    prepared: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = keeper_of(prepared)
    keeper.start(60)
    os.kill(postmaster_of(prepared), signal.SIGSTOP)

    keeper.stop(0.2)

    assert processes_in(prepared.path) == []
    assert [message.split("of ")[-1] for message in caplog.messages[:2]] == ["SIGINT", "SIGQUIT"]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_a_server_that_ends_unasked_is_reported_and_brought_back(
    prepared: Cluster, keeper: Keeper, eventually: Eventually, caplog: pytest.LogCaptureFixture
) -> None:
    dead = postmaster_of(prepared)
    os.kill(dead, signal.SIGKILL)

    assert eventually(lambda: postmaster_pid(prepared.path) not in {dead, None})

    assert any("ended unasked with -9; it is started again" in message for message in caplog.messages)


def test_a_stop_between_two_attempts_ends_the_attempts(
    prepared: Cluster, eventually: Eventually, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = keeper_of(prepared)
    keeper.start(60)
    os.kill(postmaster_of(prepared), signal.SIGKILL)
    assert eventually(lambda: bool(caplog.messages))

    keeper.stop(10)

    assert processes_in(prepared.path) == []


def test_a_server_that_cannot_be_run_at_all_is_told(tmp_path: Path) -> None:
    account = server_account(tmp_path)
    keeper = Keeper(Cluster(tmp_path / "none"), account, server_programs(account))

    with pytest.raises(EmbeddedDatabaseError, match=r"did not start in .*No such file or directory"):
        keeper.start(10)

    keeper.stop(1)
