"""The cluster on disk."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from mainstay.db.embedded import EmbeddedDatabaseError
from mainstay.db.embedded.account import Account, server_account
from mainstay.db.embedded.cluster import Cluster, own_folder
from mainstay.db.embedded.processes import launch, processes_in
from mainstay.db.embedded.programs import server_programs


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """A cluster for the tests that only look at it or put back what they change."""
    cluster = Cluster(tmp_path_factory.mktemp("made"))
    prepare(cluster)
    return cluster


def prepare(cluster: Cluster) -> None:
    account = server_account(cluster.path)
    cluster.prepare(account, server_programs(account))


def test_only_the_servers_account_enters_its_folders_and_the_program_owns_the_one_above(made: Cluster) -> None:
    account = server_account(made.path)

    for folder in (made.path, made.sockets, made.logs):
        assert (folder.stat().st_uid, folder.stat().st_mode & 0o777) == (account.uid, 0o700)
    assert made.base.stat().st_uid == os.geteuid()
    assert made.base.stat().st_mode & 0o777 == (0o711 if account.is_switched else 0o700)
    assert {path.name for path in made.base.iterdir()} == {"cluster", "socket", "log"}


def test_preparing_again_keeps_the_cluster(made: Cluster) -> None:
    before = (made.path / "PG_VERSION").stat().st_ctime_ns

    prepare(made)

    assert (made.path / "PG_VERSION").stat().st_ctime_ns == before
    assert (made.path / "postgresql.conf").read_text().count("include_if_exists 'mainstay.conf'") == 1


def test_nothing_in_the_cluster_is_for_a_network(made: Cluster) -> None:
    rules = [line.split() for line in (made.path / "pg_hba.conf").read_text().splitlines() if line[:1].isalpha()]

    assert {(rule[0], rule[-1]) for rule in rules} == {("local", "trust"), ("host", "reject")}


def test_a_cluster_of_another_version_gets_a_sentence(made: Cluster) -> None:
    version = made.path / "PG_VERSION"
    present = version.read_text()
    version.write_text("15\n")

    try:
        with pytest.raises(EmbeddedDatabaseError) as refusal:
            prepare(made)
    finally:
        version.write_text(present)

    assert str(refusal.value) == (
        f"The database in {made.path} was made by PostgreSQL 15 and this program brings PostgreSQL 18; "
        "make a backup with the earlier version of the program and restore it with this one."
    )


def test_a_folder_that_is_no_cluster_gets_a_sentence(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    cluster.path.mkdir(parents=True)

    with pytest.raises(EmbeddedDatabaseError, match="is not a database \\(it has no PG_VERSION\\); restore a backup"):
        prepare(cluster)


def test_a_kill_while_it_was_made_leaves_nothing_in_the_way(
    tmp_path: Path, account: Account, eventually: Callable[[Callable[[], bool]], bool]
) -> None:
    cluster = Cluster(tmp_path)
    cluster.base.mkdir()
    half = cluster.base / "cluster.new"
    own_folder(half, account)
    command = [str(server_programs(account) / "initdb"), "--pgdata=/proc/self/cwd", "--no-sync"]
    with Path(os.devnull).open("wb") as nothing:
        left = launch(command, account=account, folder=half, output=nothing, farewell=signal.SIGKILL)
    assert eventually((half / "PG_VERSION").exists)

    prepare(cluster)

    left.wait()
    assert not half.exists()
    assert processes_in(cluster.base) == []
    assert (cluster.path / "PG_VERSION").exists()


def test_a_cluster_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    account = server_account(cluster.path)

    with pytest.raises(EmbeddedDatabaseError, match=r"could not be made in .*cannot run .*none/initdb as account"):
        cluster.prepare(account, tmp_path / "none")

    assert not cluster.path.exists()


def test_the_words_of_initdb_are_passed_on(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    account = server_account(cluster.path)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "initdb").symlink_to(server_programs(account) / "postgres")
    tmp_path.chmod(0o755)

    with pytest.raises(EmbeddedDatabaseError, match="could not be made in "):
        cluster.prepare(account, programs)


def test_a_link_in_place_of_a_folder_gives_nothing_away(tmp_path: Path, account: Account) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    before = victim.stat()
    (tmp_path / "log").symlink_to(victim)

    with pytest.raises(NotADirectoryError):
        own_folder(tmp_path / "log", account)

    assert (victim.stat().st_uid, victim.stat().st_mode) == (before.st_uid, before.st_mode)


def test_the_end_of_the_newest_log_is_told(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    assert cluster.log_tail() == []
    cluster.logs.mkdir(parents=True)
    for age, name in enumerate(("postgresql-Mon.log", "postgresql-Sun.log")):
        (cluster.logs / name).write_text(f"{name} 1\n{name} 2\n")
        os.utime(cluster.logs / name, (1000 - age, 1000 - age))

    assert cluster.log_tail(1) == ["postgresql-Mon.log 2"]
