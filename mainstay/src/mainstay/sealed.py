"""Sealed columns: where modules keep what the program's secret sealed, and how it is sealed anew under the present one.

A value says by its first bytes which key sealed it (`crypto.label_in`), so that the database can be asked what is left.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from mainstay import crypto
from mainstay.crypto import LABEL_BYTES, Unreadable
from mainstay.keyring import Keyring
from mainstay.work import SYSTEM, Row, UnitOfWork, WorkOpener

# So many rows are locked at a time, for some milliseconds.
BATCH = 100


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values, null where there is none; `purpose` is what they were sealed for.

    `key` is the column that names a row, `owner` the one that says who a value was sealed for. The names are written
    into statements, and come from manifests alone.
    """

    purpose: str
    table: str
    key: str
    owner: str
    column: str

    @property
    def counted(self) -> str:
        """How many values each key has sealed."""
        return (
            f"SELECT substring({self.column} FROM 1 FOR {LABEL_BYTES}) AS label, count(*) AS count "  # noqa: S608  names of a manifest
            f"FROM {self.table} WHERE {self.column} IS NOT NULL GROUP BY 1"
        )

    @property
    def taken(self) -> str:
        """The next values of some keys, locked; what others hold at this moment is left for the next pass."""
        return (
            f"SELECT {self.key}::text AS key, {self.owner}::text AS owner, {self.column} AS sealed FROM {self.table} "  # noqa: S608  names of a manifest
            f"WHERE substring({self.column} FROM 1 FOR {LABEL_BYTES}) = ANY($1) "
            f'AND {self.key}::text COLLATE "C" > $2 ORDER BY {self.key}::text COLLATE "C" LIMIT $3 '
            "FOR UPDATE SKIP LOCKED"
        )

    @property
    def put(self) -> str:
        """Put other values in the place of some."""
        return (
            f"UPDATE {self.table} AS stored SET {self.column} = fresh.sealed "  # noqa: S608  names of a manifest
            f"FROM unnest($1::text[], $2::bytea[]) AS fresh (key, sealed) WHERE stored.{self.key}::text = fresh.key"
        )


@dataclass(slots=True)
class Resealed:
    """What came of sealing anew: how many values, how many that no key opens (they were changed), what is left.

    `left` counts by the name of the key; `unknown` are sealed under a key that the program does not have.
    """

    done: int = 0
    broken: int = 0
    unknown: int = 0
    left: Counter[str] = field(default_factory=Counter)


async def reseal(open_work: WorkOpener, keyring: Keyring, columns: Iterable[SealedColumn]) -> Resealed:
    """Seal every value anew that an accepted key has sealed, in batches that are each a transaction.

    Safe to be killed and repeated: at each moment a value is sealed under the one key or the other.
    """
    result = Resealed()
    for column in columns:
        broken = await _reseal(open_work, keyring, column, result)
        async with open_work(SYSTEM) as uow:
            await _count(uow, keyring, column, result)
        result.left.subtract(broken)
        result.broken += broken.total()
    result.left = +result.left
    return result


async def _count(uow: UnitOfWork, keyring: Keyring, column: SealedColumn, result: Resealed) -> None:
    names = _names(keyring, column)
    present = keyring.label(column.purpose)
    for row in await uow.read(column.counted):
        if row["label"] in names:
            result.left[names[row["label"]]] += row["count"]
        elif row["label"] != present:
            result.unknown += row["count"]


async def _reseal(open_work: WorkOpener, keyring: Keyring, column: SealedColumn, result: Resealed) -> Counter[str]:
    """Seal the values of a column anew; return how many of each key could not be opened."""
    names, after, broken = _names(keyring, column), "", Counter[str]()
    while names:
        async with open_work(SYSTEM) as uow:
            rows = await uow.write(column.taken, list(names), after, BATCH)
            fresh = {}
            for row in rows:
                value = _anew(keyring, column, row)
                if value is None:
                    broken[names[crypto.label_in(row["sealed"])]] += 1
                else:
                    fresh[row["key"]] = value
            await _put(uow, column, fresh)
        result.done += len(fresh)
        if not rows:
            break
        after = rows[-1]["key"]
    return broken


async def _put(uow: UnitOfWork, column: SealedColumn, fresh: dict[str, bytes]) -> None:
    if fresh:
        await uow.write(column.put, list(fresh), list(fresh.values()))


def _anew(keyring: Keyring, column: SealedColumn, row: Row) -> bytes | None:
    try:
        secret = keyring.unseal(column.purpose, row["sealed"], row["owner"])
    except Unreadable:
        return None
    return keyring.seal(column.purpose, secret, row["owner"])


def _names(keyring: Keyring, column: SealedColumn) -> dict[bytes, str]:
    """Return the names of the accepted keys by how values of a column name them."""
    return {crypto.label_of(each.key, column.purpose): each.name for each in keyring.accepted}
