"""The path that clients use to reach the socket."""

import os
from pathlib import Path

import pytest

from mainstay.db.embedded import EmbeddedDatabaseError
from mainstay.db.embedded.passage import LONGEST, SOCKET_NAME, client_folder, close_passage


@pytest.fixture
def temporary(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty."""
    monkeypatch.setattr("tempfile.tempdir", str(open_folder))
    return open_folder


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    """A folder whose path is too long for a socket."""
    folder = tmp_path / ("deep" * 30) / "socket"
    folder.mkdir(parents=True)
    return folder


def test_a_short_folder_is_used_as_it_is(temporary: Path) -> None:
    assert client_folder(Path("/srv/shop/postgres/socket")) == Path("/srv/shop/postgres/socket")
    assert list(temporary.iterdir()) == []


def test_the_longest_address_that_a_socket_takes_is_used_as_it_is(temporary: Path, tmp_path: Path) -> None:
    fitting = Path("/" + "d" * (LONGEST - len(SOCKET_NAME) - 2))
    assert client_folder(fitting) == fitting

    (tmp_path / "d").mkdir()
    one_more = tmp_path / ("d" * (LONGEST - len(str(tmp_path)) - len(SOCKET_NAME) - 1))

    assert client_folder(one_more).parent == temporary


@pytest.mark.parametrize("name", ["д" * 60, "a,b"])
def test_bytes_count_and_a_comma_would_be_two_hosts(temporary: Path, tmp_path: Path, name: str) -> None:
    assert client_folder(tmp_path / name).parent == temporary


def test_a_deep_folder_is_reached_by_the_same_link_each_time(temporary: Path, deep: Path) -> None:
    link = client_folder(deep)

    assert client_folder(deep) == link
    assert link.resolve() == deep
    assert client_folder(deep.with_name("other")) != link


def test_closing_removes_the_link_and_nothing_else(temporary: Path, deep: Path) -> None:
    client_folder(deep)
    close_passage(deep)
    close_passage(temporary)

    assert list(temporary.iterdir()) == []
    assert deep.is_dir()
    assert temporary.is_dir()


@pytest.mark.parametrize("kind", ["file", "elsewhere"])
def test_something_else_of_that_name_is_refused(temporary: Path, deep: Path, kind: str) -> None:
    link = client_folder(deep)
    link.unlink()
    if kind == "file":
        link.write_text("")
    else:
        link.symlink_to(temporary)

    with pytest.raises(EmbeddedDatabaseError, match=f"{link} was put there by somebody else; remove it"):
        client_folder(deep)


def test_a_link_of_another_account_is_refused(temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = tmp_path / "a,b"
    link = client_folder(sockets)
    if os.geteuid() == 0:
        os.chown(link, 4321, 4321, follow_symlinks=False)
    else:
        # A folder of root's, looked at by somebody who made no link.
        link.unlink()
        sockets = Path("/usr/a,b")
        client_folder(sockets)
        monkeypatch.setattr(os, "geteuid", lambda: 4321)

    with pytest.raises(EmbeddedDatabaseError, match="was put there by somebody else"):
        client_folder(sockets)


def test_a_deep_folder_for_temporary_files_is_told(deep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(deep))

    with pytest.raises(EmbeddedDatabaseError, match="is too long for a socket, and so is that of"):
        client_folder(deep)
