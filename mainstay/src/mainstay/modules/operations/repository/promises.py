"""Every statement of what the program promises of its requests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from mainstay.observe.promises import Step
from mainstay.work import Row, UnitOfWork

# Whose the hours are that are over: no process has this id.
NOBODY: Final = UUID(int=0)
# Each process has rows of its own, whose numbers only grow: one that is written again changes nothing.
KEEP = """
INSERT INTO operations_promise_step AS present (began_at, writer, requests, failed, answered, slow)
SELECT began_at, $1, requests, failed, answered, slow
FROM unnest($2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
    AS given(began_at, requests, failed, answered, slow)
ON CONFLICT (began_at, writer) DO UPDATE SET
    requests = greatest(present.requests, excluded.requests),
    failed = greatest(present.failed, excluded.failed),
    answered = greatest(present.answered, excluded.answered),
    slow = greatest(present.slow, excluded.slow)
"""
SUMS = """
SELECT min(began_at) AS first_at, coalesce(sum(requests), 0)::bigint AS requests,
    coalesce(sum(failed), 0)::bigint AS failed, coalesce(sum(answered), 0)::bigint AS answered,
    coalesce(sum(slow), 0)::bigint AS slow
FROM unnest($1::timestamptz[]) AS since LEFT JOIN operations_promise_step ON began_at > since
GROUP BY since ORDER BY since
"""
FORGET = "DELETE FROM operations_promise_step WHERE began_at < $1"
JOIN = """
WITH gone AS (
    DELETE FROM operations_promise_step WHERE began_at < $1 AND writer <> $2 RETURNING *
)
INSERT INTO operations_promise_step AS present (began_at, writer, requests, failed, answered, slow)
SELECT date_trunc('hour', began_at, 'UTC'), $2, sum(requests), sum(failed), sum(answered), sum(slow)
FROM gone GROUP BY 1
ON CONFLICT (began_at, writer) DO UPDATE SET
    requests = present.requests + excluded.requests,
    failed = present.failed + excluded.failed,
    answered = present.answered + excluded.answered,
    slow = present.slow + excluded.slow
"""


async def keep_steps(uow: UnitOfWork, writer: UUID, steps: Sequence[Step]) -> None:
    """Keep steps of a process, each as large as it was ever given."""
    counts = list(zip(*(each.counts for each in steps), strict=True))
    await uow.write(KEEP, writer, [each.began_at for each in steps], *counts)


async def sums(uow: UnitOfWork, moments: Sequence[datetime]) -> list[Row]:
    """Return what began after each of some moments, in their order, and when the first of it did."""
    return await uow.read(SUMS, moments)


async def forget_steps(uow: UnitOfWork, moment: datetime) -> None:
    """Forget what began before a moment."""
    await uow.write(FORGET, moment)


async def join_steps(uow: UnitOfWork, moment: datetime) -> None:
    """Have one row for each hour in the place of all that began before a moment."""
    await uow.write(JOIN, moment, NOBODY)
