"""Exchanging the secret: all that is sealed is sealed anew, a kill loses nothing, and what is needed is not dropped."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sealed_values import ADD_APPS, ADD_PEOPLE, KINDS, SECRET, fill, held, opened
from typer.testing import CliRunner

from mainstay import crypto, sealed
from mainstay.bootstrap import rotation as rotating
from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.rotation import GivenRotation, NotFinished, OwnRotation
from mainstay.bootstrap.secrets import OwnSecret
from mainstay.crypto import Unreadable
from mainstay.keyring import Accepted, Keyring
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.identity.service import totp
from mainstay.modules.mail.module import MAIL
from mainstay.sealed import BATCH, Resealed
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, WorkOpener

PROGRAM = Program("locksmith", "Locksmith", "Keeps keys.", "1.0.0", (MAIL, IDENTITY), ("mainstay.migrations",))

ENTRIES = """
SELECT entry.act, entry.object_id, part.content FROM audit_entry AS entry
LEFT JOIN audit_private AS part ON part.position = entry.position AND part.part = 'change'
WHERE entry.object_type = 'mainstay.secret' ORDER BY entry.position
"""


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test: all that Mainstay seals, in one."""
    return PROGRAM


@pytest.fixture
def own(tmp_path: Path) -> OwnSecret:
    """The secret that the program made itself, a while ago."""
    made = OwnSecret(tmp_path).made()
    settle(made)
    return made


def settle(own: OwnSecret) -> None:
    """Let the minute pass after which nobody uses the former secret any more."""
    assert own.files.key is not None
    os.utime(own.files.key, (1000, 1000))


def present_alone(own: OwnSecret) -> Keyring:
    """The secret in the folder, without the keys accepted beside it."""
    assert own.files.key is not None
    return Keyring(own.files.key.read_bytes())


def rotation(open_work: WorkOpener, own: OwnSecret, days: int = 30) -> OwnRotation:
    return OwnRotation(PROGRAM, open_work, own, days)


def test_the_values_of_these_tests_are_of_every_kind_that_is_declared() -> None:
    assert set(KINDS) == {column for module in PROGRAM.modules for column in module.sealed}


async def test_everything_sealed_is_sealed_anew_in_batches(committed: WorkOpener, own: OwnSecret) -> None:
    former = own.keyring()
    before = former.name
    await fill(committed, former, people=2 * BATCH + 30)

    said = await rotation(committed, own).run(finish=False)

    assert own.keyring().name != before
    assert await opened(committed, present_alone(own)) == 4 * BATCH + 62
    assert f"what {before} signed stays good until" in said[0]
    # The key that signs was exchanged, not sealed anew.
    assert f"{4 * BATCH + 61} values were sealed anew." in said
    assert all("former secret (" not in each for each in said)


async def test_the_audit_trail_tells_of_it_without_a_secret(committed: WorkOpener, own: OwnSecret) -> None:
    former = own.keyring().name
    await fill(committed, own.keyring())

    said = await rotation(committed, own).run(finish=False)
    settle(own)
    said += await rotation(committed, own).run(finish=True)

    async with committed(SYSTEM) as uow:
        rows = [dict(row) for row in await uow.read(ENTRIES)]
    present = own.keyring().name
    assert [(row["act"], row["object_id"]) for row in rows] == [
        ("mainstay.secret_exchanged", present),
        ("mainstay.values_resealed", present),
        ("mainstay.secret_dropped", former),
    ]
    assert own.files.key is not None
    for told in (*said, *map(str, rows)):
        assert own.files.key.read_text() not in told


async def test_running_it_again_exchanges_again_and_loses_nothing(committed: WorkOpener, own: OwnSecret) -> None:
    await fill(committed, own.keyring())
    names = [own.keyring().name]
    for _ in range(3):
        await rotation(committed, own).run(finish=False)
        names.insert(0, own.keyring().name)

    assert len(set(names)) == 4
    assert [each.name for each in own.keyring().accepted] == names[1:]
    assert await opened(committed, present_alone(own)) == 8


async def test_one_that_was_killed_after_the_exchange_is_gone_on_with_and_makes_no_new_secret(
    committed: WorkOpener, own: OwnSecret, clock: FrozenClock
) -> None:
    await fill(committed, own.keyring())
    own.exchange(own.keyring(), crypto.new_token(48), clock.now() + timedelta(days=30))
    present = own.keyring().name
    assert await opened(committed, own.keyring()) == 8

    said = await rotation(committed, own).run(finish=False)

    assert said == [
        "An earlier exchange was not finished: it went on, and no new secret was made.",
        "8 values were sealed anew.",
    ]
    assert own.keyring().name == present
    assert await opened(committed, present_alone(own)) == 8


# -- dropping ----------------------------------------------------------------------------------------------------------


async def test_a_former_secret_is_not_dropped_while_something_is_sealed_with_it(
    committed: WorkOpener, own: OwnSecret
) -> None:
    former = own.keyring().name
    await fill(committed, own.keyring())
    async with held(committed, totp.SEALED):
        said = await rotation(committed, own).run(finish=False)
        settle(own)
        assert any(f"(3 under {former})" in each for each in said)

        with pytest.raises(NotFinished, match=f"still sealed under a former secret .3 under {former}."):
            await rotation(committed, own).run(finish=True)
        assert await opened(committed, own.keyring()) == 8

    assert "3 values were sealed anew." in await rotation(committed, own).run(finish=True)
    assert own.keyring().accepted == ()
    assert await opened(committed, own.keyring()) == 8


async def test_a_former_secret_is_not_dropped_while_a_request_may_still_use_it(
    committed: WorkOpener, own: OwnSecret
) -> None:
    await rotation(committed, own).run(finish=False)

    with pytest.raises(NotFinished, match="wait a minute"):
        await rotation(committed, own).run(finish=True)

    assert len(own.keyring().accepted) == 1
    settle(own)
    assert "worth nothing any more" in (await rotation(committed, own).run(finish=True))[-1]
    assert await rotation(committed, own).run(finish=True) == ["There is no former secret."]


class SlowRotation(OwnRotation):
    """One whose minute passes while it seals anew."""

    async def reseal(self) -> Resealed:
        """Seal anew, and take long."""
        result = await super().reseal()
        settle(self._own)
        return result


async def test_a_minute_that_passes_while_values_are_sealed_anew_is_not_enough(
    committed: WorkOpener, own: OwnSecret
) -> None:
    """A request may commit what the former secret sealed just after what is left of that was counted."""
    await rotation(committed, own).run(finish=False)

    with pytest.raises(NotFinished, match="wait a minute"):
        await SlowRotation(PROGRAM, committed, own, 30).run(finish=True)
    assert len(own.keyring().accepted) == 1


async def test_what_ran_out_is_dropped_by_the_next_exchange_and_what_did_not_stays(
    committed: WorkOpener, own: OwnSecret, clock: FrozenClock
) -> None:
    first = own.keyring().name
    await rotation(committed, own, days=30).run(finish=False)
    second = own.keyring().name
    clock.move(timedelta(days=31))

    said = await rotation(committed, own, days=30).run(finish=False)

    assert said[-1] == f"Dropped {first}: what it signed is worth nothing any more."
    assert [each.name for each in own.keyring().accepted] == [second]


async def test_what_ran_out_stays_while_something_is_sealed_with_it(
    committed: WorkOpener, own: OwnSecret, clock: FrozenClock
) -> None:
    name = own.keyring().name
    await rotation(committed, own).run(finish=False)
    clock.move(timedelta(days=31))
    old = Keyring(own.keyring().accepted[0].key)
    await fill(committed, old)

    async with held(committed, totp.SEALED):
        await rotation(committed, own).run(finish=False)

        assert name in {each.name for each in own.keyring().accepted}
        assert await opened(committed, own.keyring()) == 8


async def test_a_value_that_was_changed_is_counted_and_keeps_no_secret_from_going(
    committed: WorkOpener, own: OwnSecret
) -> None:
    await fill(committed, own.keyring())
    async with committed(SYSTEM) as uow:
        await uow.write("UPDATE mail_message SET letter_sealed = letter_sealed || '\\x00'")

    said = await rotation(committed, own).run(finish=False)
    settle(own)
    said += await rotation(committed, own).run(finish=True)

    assert said.count("1 values were changed since they were sealed: no key opens them.") >= 1
    assert own.keyring().accepted == ()


@pytest.mark.parametrize(
    "value",
    [b"", b"ab", b"no label", crypto.seal(b"x" * 32, totp.PURPOSE, SECRET, "ada")],
    ids=["empty", "short", "unlabelled", "of another program"],
)
async def test_a_value_that_names_no_key_that_is_here_is_counted_and_left_alone(
    committed: WorkOpener, own: OwnSecret, value: bytes
) -> None:
    await fill(committed, own.keyring(), people=1)
    async with committed(SYSTEM) as uow:
        await uow.write("UPDATE identity_totp SET secret_sealed = $1", value)

    said = await rotation(committed, own).run(finish=False)

    assert "1 values are sealed under a key that this program does not have." in said
    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT secret_sealed FROM identity_totp") == value


# -- mutants: each guard taken away, and the harm ----------------------------------------------------------------------


async def test_without_the_count_a_secret_goes_that_is_needed(
    committed: WorkOpener, own: OwnSecret, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def count_nothing(*_: object) -> None:
        return

    await fill(committed, own.keyring())
    async with held(committed, totp.SEALED):
        await rotation(committed, own).run(finish=False)
        settle(own)
        with pytest.raises(NotFinished):
            await rotation(committed, own).run(finish=True)

        monkeypatch.setattr(sealed, "_count", count_nothing)
        await rotation(committed, own).run(finish=True)

    with pytest.raises(Unreadable):
        await opened(committed, own.keyring())


async def test_without_the_minute_what_a_request_seals_meanwhile_is_lost(
    committed: WorkOpener, own: OwnSecret, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, person = own.keyring(), uuid4()
    value = request.seal(totp.PURPOSE, SECRET, str(person))
    await rotation(committed, own).run(finish=False)
    with pytest.raises(NotFinished):
        await rotation(committed, own).run(finish=True)

    monkeypatch.setattr(rotating, "SETTLED", timedelta())
    await rotation(committed, own).run(finish=True)
    async with committed(SYSTEM) as uow:
        await uow.write(ADD_PEOPLE, [person])
        await uow.write(ADD_APPS, [person], [value])

    with pytest.raises(Unreadable):
        await opened(committed, own.keyring())


async def test_sealing_with_a_former_secret_would_never_end(
    committed: WorkOpener, own: OwnSecret, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(committed, own.keyring())
    await rotation(committed, own).run(finish=False)
    settle(own)
    former = own.keyring().accepted[0]
    monkeypatch.setattr(Keyring, "seal", lambda _, *what: crypto.seal(former.key, *what))
    await fill(committed, own.keyring())

    with pytest.raises(NotFinished, match=f"7 under {former.name}"):
        await rotation(committed, own).run(finish=True)


# -- a secret that the operator gives ----------------------------------------------------------------------------------

OLD, NEW = b"the-former-one-of-this-program-quite-long", b"the-next-one-of-this-program-quite-long"


async def test_a_given_secret_is_the_operators_to_exchange_and_the_keys_that_sign_are_not(
    committed: WorkOpener,
) -> None:
    await fill(committed, Keyring(OLD))

    said = await GivenRotation(PROGRAM, committed, Keyring(OLD)).run(finish=False)

    assert said[0].startswith("Access tokens are signed with the new key")
    assert said[1].startswith(f"The secret {Keyring(OLD).name} is yours to exchange: put the next one into LOCKSMITH_")
    assert await opened(committed, Keyring(OLD)) == 8


async def test_under_a_given_secret_all_is_sealed_anew_and_the_operator_told_what_to_take_out(
    committed: WorkOpener,
) -> None:
    await fill(committed, Keyring(OLD))
    keyring = Keyring(NEW, (Accepted(OLD),))

    said = await GivenRotation(PROGRAM, committed, keyring).run(finish=False)

    assert said[1] == "8 values were sealed anew."
    assert said[2].startswith(f"Take {Keyring(OLD).name} out of LOCKSMITH_ACCEPTED_SECRET_KEYS when")
    assert await opened(committed, Keyring(NEW)) == 8


async def test_under_a_given_secret_the_end_is_refused_while_something_is_left(committed: WorkOpener) -> None:
    await fill(committed, Keyring(OLD))
    keyring = Keyring(NEW, (Accepted(OLD),))

    async with held(committed, totp.SEALED):
        said = await GivenRotation(PROGRAM, committed, keyring).run(finish=False)
        assert said[-1] == f"Leave {Keyring(OLD).name} in LOCKSMITH_ACCEPTED_SECRET_KEYS, and run this again."
        with pytest.raises(NotFinished, match="3 under"):
            await GivenRotation(PROGRAM, committed, keyring).run(finish=True)

    assert (await GivenRotation(PROGRAM, committed, keyring).run(finish=True))[0] == "3 values were sealed anew."


def test_the_command_says_why_it_does_not_finish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the embedded database and the secret in the data folder, both made by the command that lets people in."""
    monkeypatch.setenv("LOCKSMITH_DATA_DIR", str(tmp_path / "data"))
    cli = create_cli(PROGRAM)
    assert CliRunner().invoke(cli, ["db", "upgrade"]).exit_code == 0

    first = CliRunner().invoke(cli, ["rotate-keys"])
    assert (first.exit_code, first.stdout.count("from now on")) == (0, 1), first.output

    refused = CliRunner().invoke(cli, ["rotate-keys", "--finish"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "wait a minute" in refused.stderr
    assert (tmp_path / "data" / "secret.key").read_text() not in first.output + refused.output
