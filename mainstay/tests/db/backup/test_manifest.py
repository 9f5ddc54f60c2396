"""The manifest names what differs, and what is no manifest is refused."""

from uuid import UUID

import pytest

from mainstay import clock
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.manifest import Header, Manifest, Table

NOTES, SALES = Table("public.note", 2, "aa"), Table("public.sale", 3, "bb")
MANIFEST = Manifest("shop", "1", UUID(int=1), clock.now(), 180000, ("a1",), (), (NOTES, SALES), ())


def test_it_is_read_as_it_was_written() -> None:
    assert Manifest.of(MANIFEST.content()) == MANIFEST
    assert MANIFEST.rows == 5


@pytest.mark.parametrize(
    ("found", "names"),
    [
        ([SALES, NOTES], []),
        ([NOTES], ["public.sale"]),
        ([NOTES, Table("public.sale", 3, "cc")], ["public.sale"]),
        ([NOTES, Table("public.sale", 4, "bb")], ["public.sale"]),
        ([NOTES, SALES, Table("public.stray", 0, "")], ["public.stray"]),
    ],
)
def test_every_table_that_differs_is_named(found: list[Table], names: list[str]) -> None:
    assert MANIFEST.differences(found) == names


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff"])
def test_what_is_none_is_refused(text: bytes) -> None:
    for kind in (Manifest, Header):
        with pytest.raises(BackupError, match="damaged"):
            kind.of(text)
