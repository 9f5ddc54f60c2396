"""Values of every kind that Mainstay seals, made, opened and held."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from mainstay.keyring import Keyring
from mainstay.modules.identity.service import pins, signing, totp
from mainstay.modules.mail.service import keeping
from mainstay.sealed import SealedColumn
from mainstay.work import SYSTEM, WorkOpener

SECRET = b"twenty bytes of this"
KINDS = (totp.SEALED, pins.SEALED, signing.SEALED, keeping.SEALED)
ADD_PEOPLE = """
INSERT INTO identity_person (id, email, email_key, name, role, password_hash)
SELECT id, id::text, id::text, 'Ada', 'cashier', 'none' FROM unnest($1::uuid[]) AS id
"""
ADD_APPS = """
INSERT INTO identity_totp (id, person_id, secret_sealed, confirmed_at)
SELECT gen_random_uuid(), one.id, one.sealed, now() FROM unnest($1::uuid[], $2::bytea[]) AS one (id, sealed)
"""
ADD_PINS = """
INSERT INTO identity_pin (person_id, pin_sealed)
SELECT * FROM unnest($1::uuid[], $2::bytea[])
"""
ADD_LETTER = """
INSERT INTO mail_message (id, name, recipient, recipient_name, letter_sealed, state)
VALUES ($1, 'test.letter', 'a@b.example', 'Ada', $2, 'waiting')
"""


async def fill(open_work: WorkOpener, keyring: Keyring, people: int = 3) -> list[UUID]:
    """Have people with apps and PINs, the key that signs, and a letter that waits; return the people."""
    ids = [uuid4() for _ in range(people)]
    async with open_work(SYSTEM) as uow:
        await uow.write(ADD_PEOPLE, ids)
        await uow.write(ADD_APPS, ids, [keyring.seal(totp.PURPOSE, SECRET, str(each)) for each in ids])
        await uow.write(ADD_PINS, ids, [keyring.seal(pins.PURPOSE, SECRET, str(each)) for each in ids])
        await signing.signing_key(uow, keyring)
        letter = uuid4()
        await uow.write(ADD_LETTER, letter, keyring.seal(keeping.PURPOSE, b"dear Ada", str(letter)))
    return ids


async def opened(open_work: WorkOpener, keyring: Keyring) -> int:
    """Open everything with these keys; return how much there is. Raises Unreadable."""
    number = 0
    async with open_work(SYSTEM) as uow:
        for column in KINDS:
            wanted = f"SELECT {column.owner}::text AS owner, {column.column} AS sealed FROM {column.table}"
            for row in await uow.read(f"{wanted} WHERE {column.column} IS NOT NULL"):
                keyring.unseal(column.purpose, row["sealed"], row["owner"])
                number += 1
    return number


@asynccontextmanager
async def held(open_work: WorkOpener, column: SealedColumn) -> AsyncIterator[None]:
    """Hold all rows of a column, as a request in the middle of its work does."""
    async with open_work(SYSTEM) as uow:
        await uow.write(f"SELECT FROM {column.table} FOR UPDATE")
        yield
