"""Former states go by their age and their number, and with their record."""

from datetime import timedelta

from mainstay.db.former import FORGET, TIDY
from mainstay.work import UnitOfWork

ADD = """
INSERT INTO mainstay_former (kind, object_id, version, facts, kept_at)
SELECT 'probe.thing', $1, version, '{}', now() - $2::interval FROM generate_series(1, $3) AS version
"""
LEFT = "SELECT object_id, array_agg(version ORDER BY version) AS versions FROM mainstay_former GROUP BY 1 ORDER BY 1"


async def left(uow: UnitOfWork) -> dict[str, list[int]]:
    return {row["object_id"]: row["versions"] for row in await uow.read(LEFT)}


async def test_what_is_old_goes_and_of_each_record_all_but_the_latest(uow: UnitOfWork) -> None:
    for key, minutes, many in (("old", 61, 2), ("young", 59, 2), ("busy", 1, 5)):
        await uow.write(ADD, key, timedelta(minutes=minutes), many)

    await uow.write(TIDY, timedelta(hours=1), 3)

    assert await left(uow) == {"busy": [3, 4, 5], "young": [1, 2]}


async def test_a_record_is_forgotten_and_no_other(uow: UnitOfWork) -> None:
    for key in ("one", "two"):
        await uow.write(ADD, key, timedelta(), 1)

    await uow.write(FORGET, "probe.thing", "one")

    assert await left(uow) == {"two": [1]}
