"""The embedded server as a program meets it: made, reached, killed, found again."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from mainstay.db.embedded import EmbeddedDatabaseError, EmbeddedPostgres
from mainstay.db.embedded.account import server_account
from mainstay.db.embedded.processes import launch, postmaster_pid, processes_in

Start = Callable[..., "subprocess.Popen[str]"]
LineOf = Callable[["subprocess.Popen[str]"], str]
StartOrphan = Callable[[Path], "subprocess.Popen[bytes]"]
Eventually = Callable[..., bool]

# The capability stands in for an interpreter that everybody may read: this one may lie in root's home.
AS_NOBODY = (
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """One server in `running_folder` for the tests that only look at it."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("running") / "data", database="shop") as server:
        yield server


@pytest.fixture
def running_folder(running: EmbeddedPostgres) -> Path:
    """The data folder of `running`."""
    return Path(str(conninfo_to_dict(running.conninfo())["host"])).resolve().parents[1]


def ask(server: EmbeddedPostgres, question: str) -> object:
    """Return the one value that the database answers."""
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def tell(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(statement.encode())


def answers(server: EmbeddedPostgres) -> bool:
    with suppress(psycopg.OperationalError):
        return ask(server, "SELECT 1") == 1
    return False


def living_postmaster(cluster: Path) -> int:
    pid = postmaster_pid(cluster)
    assert pid is not None
    assert pid in processes_in(cluster)
    return pid


def kill_postmaster(cluster: Path) -> int:
    pid = living_postmaster(cluster)
    os.kill(pid, signal.SIGKILL)
    return pid


def test_a_fresh_folder_becomes_a_database_of_an_unprivileged_account(
    running: EmbeddedPostgres, running_folder: Path
) -> None:
    cluster = running_folder / "postgres" / "cluster"
    owner = Path("/proc", str(living_postmaster(cluster))).stat().st_uid
    assert owner != 0
    assert cluster.stat().st_uid == owner
    assert {path.stat().st_mode & 0o777 for path in (cluster, cluster.parent / "socket")} == {0o700}
    assert ask(running, "SELECT current_user || '/' || current_database()") == "owner/shop"
    assert ask(running, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(running, "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'shop'") == "owner"


def test_the_server_listens_on_nothing_but_its_socket(running_folder: Path) -> None:
    postmaster = living_postmaster(running_folder / "postgres" / "cluster")

    sockets = list(Path("/proc", str(postmaster), "fd").iterdir())
    tcp = {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]}
    assert not {path.readlink().name for path in sockets} & {f"socket:[{inode}]" for inode in tcp}
    assert (running_folder / "postgres" / "socket" / ".s.PGSQL.5432").is_socket()


def test_a_normal_user_runs_it_as_that_user(open_folder: Path, start_program: Start, line_of: LineOf) -> None:
    is_root = os.geteuid() == 0
    user = 65534 if is_root else os.geteuid()
    if is_root:
        os.chown(open_folder, user, user)

    program = start_program(open_folder / "data", "wait", prefix=AS_NOBODY if is_root else ())

    assert line_of(program) == "ready"
    cluster = open_folder / "data" / "postgres" / "cluster"
    assert Path("/proc", str(program.pid)).stat().st_uid == user
    assert Path("/proc", str(living_postmaster(cluster))).stat().st_uid == user
    assert cluster.stat().st_uid == user


def test_stop_leaves_no_process_no_pid_file_and_no_lock(server: EmbeddedPostgres, cluster: Path) -> None:
    server.start()

    server.stop()

    assert processes_in(cluster) == []
    assert not (cluster / "postmaster.pid").exists()
    assert list((cluster.parent / "socket").iterdir()) == []
    server.start()
    assert answers(server)


def test_leaving_the_block_stops_the_server(tmp_path: Path, cluster: Path) -> None:
    with EmbeddedPostgres(tmp_path / "data", database="shop") as server:
        assert answers(server)

    assert processes_in(cluster) == []


def test_data_survive_a_stop_and_a_start(server: EmbeddedPostgres) -> None:
    server.start()
    tell(server, "CREATE TABLE note AS SELECT 'kept' AS body")
    server.stop()

    server.start()

    assert ask(server, "SELECT body FROM note") == "kept"


@pytest.mark.parametrize("server_dies_too", [False, True])
def test_a_kill_loses_no_acknowledged_row(
    server: EmbeddedPostgres, cluster: Path, start_program: Start, line_of: LineOf, *, server_dies_too: bool
) -> None:
    program = start_program(cluster.parents[1], "insert")
    assert line_of(program) == "ready"
    while int(line_of(program)) < 200:
        pass

    program.kill()
    if server_dies_too:
        kill_postmaster(cluster)
    assert program.stdout is not None
    acknowledged = [int(line) for line in program.stdout.read().splitlines()]

    server.start()
    last = acknowledged[-1] if acknowledged else 200
    assert ask(server, f"SELECT count(*) FROM sale WHERE number <= {last}") == last + 1


def test_the_server_ends_with_a_killed_program(
    cluster: Path, start_program: Start, line_of: LineOf, eventually: Eventually
) -> None:
    program = start_program(cluster.parents[1], "wait")
    assert line_of(program) == "ready"
    assert processes_in(cluster)

    program.kill()

    assert eventually(lambda: not processes_in(cluster))


def test_the_server_ends_with_a_program_that_did_not_stop_it(
    cluster: Path, start_program: Start, line_of: LineOf, eventually: Eventually
) -> None:
    program = start_program(cluster.parents[1], "leave")
    assert line_of(program) == "ready"

    program.communicate("")

    assert eventually(lambda: not processes_in(cluster))


def test_the_server_outlives_the_thread_that_started_it(
    server: EmbeddedPostgres, cluster: Path, start_program: Start, line_of: LineOf, eventually: Eventually
) -> None:
    program = start_program(cluster.parents[1], "start-in-thread")
    assert line_of(program) == "ready"

    ended = eventually(lambda: not processes_in(cluster), seconds=0.5)

    assert not ended
    assert answers(server)


def test_an_interrupt_at_the_keyboard_reaches_the_program_alone(running_folder: Path) -> None:
    assert os.getsid(living_postmaster(running_folder / "postgres" / "cluster")) != os.getsid(0)


def test_a_second_program_is_refused_with_a_sentence(
    server: EmbeddedPostgres, cluster: Path, start_program: Start, line_of: LineOf
) -> None:
    program = start_program(cluster.parents[1], "wait")
    assert line_of(program) == "ready"

    with pytest.raises(EmbeddedDatabaseError) as refusal:
        server.start()

    assert str(refusal.value) == (
        f"The data folder {cluster.parents[1]} is in use by another running program (pid {program.pid}); "
        "stop it or choose another data folder."
    )
    assert answers(server)


def test_a_second_server_in_the_same_program_is_refused_and_the_first_lives(
    running: EmbeddedPostgres, running_folder: Path
) -> None:
    with pytest.raises(EmbeddedDatabaseError, match=f"in use by another running program \\(pid {os.getpid()}\\)"):
        EmbeddedPostgres(running_folder, database="shop").start()

    assert answers(running)


def test_a_forked_child_that_stops_the_server_does_not_stop_its_parents(
    server: EmbeddedPostgres, cluster: Path, start_program: Start, line_of: LineOf
) -> None:
    program = start_program(cluster.parents[1], "fork-and-stop")

    assert [line_of(program), line_of(program)] == ["ready", "forked"]

    assert answers(server)
    with pytest.raises(EmbeddedDatabaseError, match=rf"in use by another running program \(pid {program.pid}\)"):
        server.start()


def test_a_forked_child_that_lives_on_does_not_keep_the_folder(
    server: EmbeddedPostgres, cluster: Path, start_program: Start, line_of: LineOf
) -> None:
    program = start_program(cluster.parents[1], "fork")
    assert [line_of(program), line_of(program)] == ["ready", "forked"]

    program.kill()
    program.wait()

    server.start()
    assert answers(server)


def test_a_server_that_an_earlier_program_left_is_replaced(
    server: EmbeddedPostgres, cluster: Path, start_orphan: StartOrphan, eventually: Eventually
) -> None:
    server.start()
    server.stop()
    orphan = start_orphan(cluster)
    assert eventually(lambda: answers(server))

    server.start()

    assert orphan.pid not in processes_in(cluster)
    assert answers(server)


def test_a_pid_file_with_the_number_of_another_process_does_not_block(server: EmbeddedPostgres, cluster: Path) -> None:
    server.start()
    pid_file = (cluster / "postmaster.pid").read_text()
    server.stop()
    owner = server_account(cluster)
    with Path(os.devnull).open("wb") as nothing:
        # Of the same account and in the same folder, which is as close as a stranger can come.
        stranger = launch(["/bin/sleep", "600"], account=owner, folder=cluster, output=nothing, farewell=signal.SIGKILL)
    (cluster / "postmaster.pid").write_text(pid_file.replace(pid_file.splitlines()[0], str(stranger.pid), 1))

    try:
        server.start()

        assert answers(server)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_that_dies_is_started_again(server: EmbeddedPostgres, cluster: Path, eventually: Eventually) -> None:
    server.start()
    tell(server, "CREATE TABLE note AS SELECT 'kept' AS body")

    dead = kill_postmaster(cluster)

    assert eventually(lambda: postmaster_pid(cluster) not in {dead, None} and answers(server))
    assert ask(server, "SELECT body FROM note") == "kept"


@pytest.mark.parametrize(
    "name",
    ["deep/" * 30 + "end", "with space, comma & 100%", "лавка/données"],
    ids=["deep", "punctuation", "letters"],
)
async def test_any_folder_name_is_reached_by_both_drivers(tmp_path: Path, name: str) -> None:
    with EmbeddedPostgres(tmp_path / name, database="shop") as server:
        engine = create_async_engine(server.dsn)
        async with engine.connect() as connection:
            found = await connection.scalar(text("SELECT current_database()"))
        await engine.dispose()

        assert found == "shop"
        assert answers(server)


def test_a_folder_below_a_closed_folder_works_and_stays_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with EmbeddedPostgres(closed / "data", database="shop") as server:
        assert answers(server)

    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_uid == os.geteuid()


def test_cyrillic_words_have_trigrams_and_case(running: EmbeddedPostgres) -> None:
    tell(running, "CREATE EXTENSION pg_trgm")

    assert ask(running, "SELECT cardinality(show_trgm('молоко'))") == 7
    assert ask(running, "SELECT similarity('молоко', 'молако') > 0.3")
    assert ask(running, "SELECT upper('ёжик')") == "ЁЖИК"


def test_a_copy_that_root_restored_is_given_to_the_server(server: EmbeddedPostgres, tmp_path: Path) -> None:
    server.start()
    tell(server, "CREATE TABLE note AS SELECT 'kept' AS body")
    server.stop()
    shutil.copytree(tmp_path / "data", tmp_path / "restored")
    (tmp_path / "restored" / "postgres" / "cluster").chmod(0o755)

    with EmbeddedPostgres(tmp_path / "restored", database="shop") as restored:
        assert ask(restored, "SELECT body FROM note") == "kept"


def test_a_refused_setting_is_quoted_and_nothing_stays(server: EmbeddedPostgres, cluster: Path) -> None:
    server.start()
    server.stop()
    (cluster / "postgresql.auto.conf").write_text("shared_buffers = 'much'\n")

    with pytest.raises(EmbeddedDatabaseError, match=r'did not start in .*invalid value for parameter "shared_buffers"'):
        server.start()

    assert processes_in(cluster) == []
    (cluster / "postgresql.auto.conf").write_text("")
    server.start()


def test_a_failure_after_the_log_was_opened_is_quoted(server: EmbeddedPostgres, cluster: Path) -> None:
    server.start()
    server.stop()
    (cluster / "global" / "pg_control").write_bytes(b"")

    with pytest.raises(EmbeddedDatabaseError, match=r"did not start in .*pg_control"):
        server.start()


def test_a_server_that_is_not_ready_in_time_is_stopped(server: EmbeddedPostgres, cluster: Path) -> None:
    with pytest.raises(EmbeddedDatabaseError, match=r"was not ready after 0 s in .*postgres"):
        server.start(patience=0)

    assert processes_in(cluster) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EmbeddedDatabaseError, match=r"The data folder .*/file/data cannot be used: Not a directory"):
        EmbeddedPostgres(tmp_path / "file" / "data", database="shop").start()


def test_another_system_gets_a_sentence(server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    with pytest.raises(EmbeddedDatabaseError, match="runs on Linux; set the address of a database server"):
        server.start()


def test_a_set_up_that_the_server_refuses_is_told(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data", database="shop", owner_role="pg_shop")

    with pytest.raises(EmbeddedDatabaseError, match=r'refused its set-up: role name "pg_shop" is reserved'):
        server.start()

    server.stop()
