"""Batches wait on the disk as they are, in their order, bounded; what cannot be read is in nobody's way."""

from dataclasses import replace
from pathlib import Path

import pytest

from mainstay.observe.counters import Counters
from mainstay.observe.gathering import Batch, Gatherer, Origin
from mainstay.observe.spool import MOST, Spool
from mainstay.observe.troubles import Frame, Trouble


def batch_of(release: str = "", number: int = 1) -> Batch:
    gatherer = Gatherer(Origin.of("supervisor", release, "till-1"), Counters(), 10)
    facts = {"child": "worker", "request_id": "r-1"}
    gatherer.take(Trouble("error", "children", "child ended", "OSError", "said", (Frame("a.py", 1, "f"),), facts))
    batch = gatherer.batch()
    assert batch is not None
    return replace(batch, number=number)


def test_a_batch_comes_back_as_it_was_and_knows_the_release(tmp_path: Path) -> None:
    spool = Spool.of(tmp_path)
    assert spool.oldest("1.2.3") is None
    left = batch_of()
    assert spool.leave(left)

    found = spool.oldest("1.2.3")
    assert found is not None
    assert found.batch.origin == replace(left.origin, release="1.2.3")
    ((mine, theirs),) = zip(left.mistakes, found.batch.mistakes, strict=True)
    assert (mine.fingerprint, mine.count, mine.first_at, list(mine.latest)) == (
        theirs.fingerprint,
        theirs.count,
        theirs.first_at,
        list(theirs.latest),
    )
    assert (tmp_path / "errors").stat().st_mode & 0o077 == 0, "nobody else's"
    found.remove()
    found.remove()
    assert spool.oldest("1.2.3") is None


def test_the_release_of_whoever_knew_it_stays(tmp_path: Path) -> None:
    Spool.of(tmp_path).leave(batch_of("1.0.0"))
    found = Spool.of(tmp_path).oldest("1.2.3")
    assert found is not None
    assert found.batch.origin.release == "1.0.0"


def test_those_of_a_process_come_in_their_order(tmp_path: Path) -> None:
    spool, batch = Spool.of(tmp_path), batch_of()
    for number in (10, 2, 9):
        spool.leave(replace(batch, number=number))

    found = []
    while (left := spool.oldest("1.2.3")) is not None:
        found.append(left.batch.number)
        left.remove()
    assert found == [2, 9, 10]


def test_of_too_many_none_is_left(tmp_path: Path) -> None:
    spool, batch = Spool.of(tmp_path), batch_of()
    assert all(spool.leave(replace(batch, number=number)) for number in range(MOST))
    assert not spool.leave(replace(batch, number=MOST))


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00", b'{"origin": 1}'])
def test_what_cannot_be_read_goes(tmp_path: Path, content: bytes) -> None:
    spool = Spool.of(tmp_path)
    spool.leave(batch_of())
    torn = spool.folder / "00000000-000000001.json"
    torn.write_bytes(content)

    assert spool.oldest("1.2.3") is not None
    assert not torn.exists()


def test_a_disk_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "errors").write_bytes(b"a file")
    assert not Spool.of(tmp_path).leave(batch_of())
