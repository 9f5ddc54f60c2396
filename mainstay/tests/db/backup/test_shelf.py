"""Every place for archives behaves alike: what is written appears whole or not at all, and is read, seen, removed."""

import pytest

from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.shelf import Shelf, Shelved, name_on

LONG = bytes(range(256)) * 4096 * 6


@pytest.fixture(params=["folder_shelf", "bucket_shelf"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """Either place."""
    found: Shelf = request.getfixturevalue(request.param)
    found.prepare()
    return found


@pytest.mark.parametrize("content", [b"", b"short", LONG])
def test_what_was_written_is_there_as_it_was(shelf: Shelf, content: bytes) -> None:
    with shelf.writing("a.backup") as file:
        for begin in range(0, len(content), 100_000):
            file.write(content[begin : begin + 100_000])
        assert shelf.sizes() == {}

    assert shelf.sizes() == {"a.backup": len(content)}
    assert Shelved(shelf, "a.backup").size() == len(content)
    with shelf.opened("a.backup") as file:
        assert (file.read(7), file.readline(3)) == (content[:7], content[7:10])
        assert file.read() == content[10:]


@pytest.mark.parametrize("content", [b"short", LONG])
def test_what_is_broken_off_is_not_there_and_what_was_there_stays(shelf: Shelf, content: bytes) -> None:
    with shelf.writing("b.backup") as file:
        file.write(b"before")

    for name in ("a.backup", "b.backup"):
        with pytest.raises(ZeroDivisionError), shelf.writing(name) as file:
            file.write(content)
            _ = 1 // (len(name) - 8)

    assert shelf.sizes() == {"b.backup": 6}
    with shelf.opened("b.backup") as file:
        assert file.read() == b"before"


def test_an_archive_can_be_left_before_its_end(shelf: Shelf) -> None:
    with shelf.writing("a.backup") as file:
        file.write(LONG)

    with shelf.opened("a.backup") as file:
        assert file.read(3) == LONG[:3]


def test_what_is_removed_is_gone_and_cannot_be_read(shelf: Shelf) -> None:
    with shelf.writing("a.backup") as file:
        file.write(b"short")

    shelf.remove("a.backup")
    shelf.remove("a.backup")

    assert shelf.sizes() == {}
    assert Shelved(shelf, "a.backup").size() == 0
    with pytest.raises(BackupError), shelf.opened("a.backup") as file:
        file.read(1)


def test_an_archive_is_known_by_its_address(shelf: Shelf) -> None:
    assert name_on(shelf, str(Shelved(shelf, "a.backup"))) == "a.backup"
    assert name_on(shelf, f"{shelf.address}/deeper/a.backup") is None
    assert name_on(shelf, "/elsewhere/a.backup") is None
