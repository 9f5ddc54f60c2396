"""Every sealed column is declared, and only what an accepted key has sealed is sealed anew."""

from collections import Counter
from uuid import uuid4

import pytest

from mainstay import crypto
from mainstay.bootstrap.program import Program
from mainstay.keyring import Accepted, Keyring
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.mail.module import MAIL
from mainstay.modules.mail.service.keeping import SEALED
from mainstay.modules.webhooks.module import WEBHOOKS
from mainstay.sealed import reseal
from mainstay.work import SYSTEM, WorkOpener

MODULES = (MAIL, IDENTITY, WEBHOOKS)
OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"x" * 32

ADD_LETTER = """
INSERT INTO mail_message (id, name, recipient, recipient_name, letter_sealed, state)
VALUES ($1, 'test.letter', 'a@b.example', 'Ada', $2, 'waiting')
"""


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test: all that Mainstay seals, in one."""
    return Program("sealer", "Sealer", "Seals letters.", "1.0.0", MODULES, ("mainstay.migrations",))


def test_every_column_that_is_called_sealed_is_declared() -> None:
    """Whoever seals more must say where, or an exchange would lose it."""
    columns = {
        (table.name, column.name)
        for module in MODULES
        for table in (model.metadata.tables[model.__tablename__] for model in module.models)
        for column in table.columns
        if column.name.endswith("_sealed")
    }

    assert {(each.table, each.column) for module in MODULES for each in module.sealed} == columns
    assert len(columns) == 8


async def test_only_what_an_accepted_key_has_sealed_is_sealed_anew(open_work: WorkOpener) -> None:
    letters = {key: uuid4() for key in (OLD, NEW, OTHER)}
    values = {letter: crypto.seal(key, SEALED.purpose, b"dear Ada", str(letter)) for key, letter in letters.items()}
    cut = uuid4()
    values[cut] = crypto.seal(OLD, SEALED.purpose, b"dear Eve", str(cut))[:-1]
    async with open_work(SYSTEM) as uow:
        for letter, value in values.items():
            await uow.write(ADD_LETTER, letter, value)

    result = await reseal(open_work, Keyring(NEW, (Accepted(OLD),)), (SEALED,))

    assert (result.done, result.broken, result.unknown, result.left) == (1, 1, 1, Counter())
    async with open_work(SYSTEM) as uow:
        stored = {
            row["id"]: row["letter_sealed"] for row in await uow.read("SELECT id, letter_sealed FROM mail_message")
        }
    changed = stored.pop(letters[OLD])
    assert crypto.unseal(NEW, SEALED.purpose, changed, str(letters[OLD])) == b"dear Ada"
    assert stored == {letter: value for letter, value in values.items() if letter != letters[OLD]}
