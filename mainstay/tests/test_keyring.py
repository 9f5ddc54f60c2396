"""One key signs and seals; the others only verify, until their end, and open; files that changed are taken anew."""

import os
import resource
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from mainstay import crypto
from mainstay.crypto import Unreadable
from mainstay.errors import ConfigurationError
from mainstay.keyring import Accepted, Files, Keyring, accepted_keys, name_of
from mainstay.settings import CoreSettings
from mainstay.testing.frozen import FrozenClock

OLD, NEW = b"the-former-one-of-this-program-quite-long", b"the-next-one-of-this-program-quite-long"
OTHER = b"the third key of these tests is this"


def test_what_a_former_key_signed_and_sealed_is_good_and_nothing_new_is_made_with_it() -> None:
    before, after = Keyring(OLD), Keyring(NEW, (Accepted(OLD),))
    signature, sealed = before.sign("csrf", "session"), before.seal("totp", b"secret", "ada")

    assert after.is_genuine("csrf", "session", signature)
    assert after.unseal("totp", sealed, "ada") == b"secret"
    assert after.sign("csrf", "session") == crypto.sign(NEW, "csrf", "session")
    assert crypto.label_in(after.seal("totp", b"secret", "ada")) == after.label("totp") == crypto.label_of(NEW, "totp")
    with pytest.raises(Unreadable):
        before.unseal("totp", after.seal("totp", b"secret", "ada"), "ada")


def test_the_next_key_is_accepted_before_it_signs() -> None:
    """Of two processes one has the new key already: neither refuses what the other signed or sealed."""
    waiting, ahead = Keyring(OLD, (Accepted(NEW),)), Keyring(NEW, (Accepted(OLD),))

    for one, other in ((waiting, ahead), (ahead, waiting)):
        assert other.is_genuine("csrf", "session", one.sign("csrf", "session"))
        assert other.unseal("totp", one.seal("totp", b"secret", "ada"), "ada") == b"secret"


def test_a_former_key_that_has_run_out_verifies_no_more_and_still_opens(clock: FrozenClock) -> None:
    until = clock.now() + timedelta(days=30)
    signature, sealed = Keyring(OLD).sign("csrf", "session"), Keyring(OLD).seal("totp", b"secret", "ada")
    after = Keyring(NEW, (Accepted(OLD, until),))

    clock.move(timedelta(days=29, hours=23))
    assert after.is_genuine("csrf", "session", signature)

    clock.move(timedelta(hours=1))
    assert not after.is_genuine("csrf", "session", signature)
    assert after.unseal("totp", sealed, "ada") == b"secret"


def test_without_its_end_a_key_that_ran_out_would_verify(clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant: the guard is taken away, and what it keeps out comes in."""
    after, forged = Keyring(NEW, (Accepted(OLD, clock.now()),)), crypto.sign(OLD, "csrf", "session")
    assert not after.is_genuine("csrf", "session", forged)

    monkeypatch.setattr(Accepted, "has_run_out", lambda _: False)

    assert after.is_genuine("csrf", "session", forged)


@pytest.mark.parametrize(
    ("purpose", "text", "key"), [("link", "session", OLD), ("csrf", "other", OLD), ("csrf", "session", OTHER)]
)
def test_a_signature_for_something_else_or_of_a_stranger_is_none(purpose: str, text: str, key: bytes) -> None:
    assert not Keyring(NEW, (Accepted(OLD),)).is_genuine("csrf", "session", crypto.sign(key, purpose, text))


@pytest.mark.parametrize(
    "sealed",
    [b"", b"ab", b"no label of anybody's", crypto.seal(OTHER, "totp", b"secret", "ada")],
    ids=["empty", "short", "unlabelled", "of another program"],
)
def test_a_value_that_names_no_key_of_ours_does_not_open(sealed: bytes) -> None:
    with pytest.raises(Unreadable, match="another key"):
        Keyring(NEW, (Accepted(OLD),)).unseal("totp", sealed, "ada")


def test_a_value_that_was_changed_does_not_open_though_it_names_a_key() -> None:
    sealed = Keyring(OLD).seal("totp", b"secret", "ada")

    with pytest.raises(Unreadable, match="changed"):
        Keyring(NEW, (Accepted(OLD),)).unseal("totp", sealed[:-1] + bytes([sealed[-1] ^ 1]), "ada")


def test_a_key_is_called_by_a_name_that_does_not_tell_it() -> None:
    assert name_of(OLD) != name_of(NEW)
    assert len(Keyring(OLD).name) == 8
    assert OLD.decode() not in repr(Accepted(OLD))


# -- the setting -------------------------------------------------------------------------------------------------------


def test_accepted_keys_stand_apart_by_blanks_with_their_end_behind_them() -> None:
    third = OTHER.replace(b" ", b"-")
    text = f"{OLD.decode()} until=2026-12-31\n{NEW.decode()}  {third.decode()} until=2027-01-01T10:00+02:00"

    assert accepted_keys(SecretStr(text)) == (
        Accepted(OLD, datetime(2026, 12, 31, tzinfo=UTC)),
        Accepted(NEW),
        Accepted(third, datetime(2027, 1, 1, 8, tzinfo=UTC)),
    )
    assert accepted_keys(None) == accepted_keys(SecretStr(" \n")) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("until=2026-12-31", "must stand behind a key"),
        (f"{OLD.decode()} until=2026-12-31 until=2026-12-31", "must stand behind a key, once"),
        (f"{OLD.decode()} until=tomorrow", "a date such as"),
        (f"{OLD.decode()} until= 2026-12-31", "a date such as"),
        ("changeme", "sample value"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_and_not_repeated(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as refused:
        accepted_keys(SecretStr(text))

    assert OLD.decode() not in str(refused.value)


# -- files that change -------------------------------------------------------------------------------------------------


def put(path: Path, text: str) -> None:
    """Replace a file, as whoever exchanges a secret does."""
    fresh = path.with_suffix(".fresh")
    fresh.write_text(text)
    fresh.rename(path)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """The files of a program that runs with the old key."""
    (tmp_path / "key").write_text(OLD.decode())
    (tmp_path / "accepted").write_text("")
    return Files(tmp_path / "key", tmp_path / "accepted")


def exchange(files: Files) -> None:
    assert files.key is not None
    assert files.accepted is not None
    put(files.accepted, f"{OLD.decode()} until=2126-01-01\n")
    put(files.key, NEW.decode())


def test_a_running_process_signs_and_seals_with_the_new_key_as_soon_as_it_is_there(files: Files) -> None:
    running = Keyring(OLD, files=files)
    signature, sealed = running.sign("csrf", "session"), running.seal("totp", b"secret", "ada")

    exchange(files)

    assert running.sign("csrf", "session") == crypto.sign(NEW, "csrf", "session")
    assert crypto.label_in(running.seal("totp", b"secret", "ada")) == crypto.label_of(NEW, "totp")
    assert running.is_genuine("csrf", "session", signature)
    assert running.unseal("totp", sealed, "ada") == b"secret"


def test_a_running_process_knows_the_new_key_when_it_meets_its_work(files: Files) -> None:
    verifying, opening = Keyring(OLD, files=files), Keyring(OLD, files=files)
    exchange(files)

    assert verifying.is_genuine("csrf", "session", crypto.sign(NEW, "csrf", "session"))
    assert opening.unseal("totp", crypto.seal(NEW, "totp", b"secret", "ada"), "ada") == b"secret"


def test_a_key_that_was_dropped_verifies_and_opens_no_more_though_nothing_was_signed_since(files: Files) -> None:
    verifying, opening = Keyring(OLD, files=files), Keyring(OLD, files=files)
    signature, sealed = crypto.sign(OLD, "csrf", "session"), crypto.seal(OLD, "totp", b"secret", "ada")
    exchange(files)
    assert verifying.is_genuine("csrf", "session", signature)
    assert opening.unseal("totp", sealed, "ada") == b"secret"
    assert files.accepted is not None

    put(files.accepted, "")

    assert not verifying.is_genuine("csrf", "session", signature)
    with pytest.raises(Unreadable):
        opening.unseal("totp", sealed, "ada")


def test_a_tag_is_made_with_the_new_key_within_a_second_and_meanwhile_each_knows_the_others(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("mainstay.clock.monotonic", lambda: now)
    running, ahead = Keyring(OLD, files=files), Keyring(NEW, (Accepted(OLD),))
    former = running.tag("list", "place")
    exchange(files)

    now += 0.9
    assert running.tag("list", "place") == former == crypto.tag(OLD, "list", "place")
    assert ahead.is_tagged("list", "place", former)
    now += 0.1
    assert running.tag("list", "place") == crypto.tag(NEW, "list", "place")
    assert running.is_tagged("list", "place", former)

    assert files.accepted is not None
    put(files.accepted, "")
    now += 1
    assert not running.is_tagged("list", "place", former)


def test_a_tag_of_the_new_key_is_known_at_once(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.clock.monotonic", lambda: 100.0)
    running = Keyring(OLD, files=files)
    running.tag("list", "place")
    exchange(files)

    assert running.is_tagged("list", "place", crypto.tag(NEW, "list", "place"))
    assert not running.is_tagged("list", "place", crypto.tag(OTHER, "list", "place"))
    assert not running.is_tagged("list", "another place", crypto.tag(NEW, "list", "place"))


def test_a_key_that_was_dropped_is_forgotten(files: Files) -> None:
    running = Keyring(OLD, files=files)
    exchange(files)
    assert [each.key for each in running.accepted] == [OLD]
    assert files.accepted is not None

    put(files.accepted, "")

    assert running.accepted == ()
    assert not running.is_genuine("csrf", "session", crypto.sign(OLD, "csrf", "session"))


@pytest.mark.parametrize("trouble", ["", "changeme", "gone", "\udcff"])
def test_files_that_cannot_be_read_leave_the_keys_as_they_were(files: Files, trouble: str) -> None:
    running = Keyring(OLD, files=files)
    assert files.key is not None
    if trouble == "gone":
        files.key.unlink()
    else:
        files.key.write_bytes(os.fsencode(trouble))

    assert running.sign("csrf", "session") == crypto.sign(OLD, "csrf", "session")

    put(files.key, NEW.decode())
    assert running.sign("csrf", "session") == crypto.sign(NEW, "csrf", "session")


def test_files_that_could_not_be_read_for_a_moment_are_read_at_the_next_use(files: Files) -> None:
    """Nothing of the files changes when a process has file descriptors again: they are asked anew all the same."""
    running = Keyring(OLD, files=files)
    assert running.name == name_of(OLD)
    exchange(files)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        with capture_logs() as lines:
            names = {running.name, running.name}
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert names == {name_of(OLD)}
    assert running.name == name_of(NEW)
    assert [each["outcome"] for each in lines] == ["left as it was"]


def test_a_file_with_another_content_of_the_same_size_and_time_is_taken_anew(files: Files) -> None:
    """As `cp --preserve` writes it, or as `chmod` makes it readable: only the time of the change tells."""
    running = Keyring(OLD, files=files)
    assert running.name == name_of(OLD)
    assert files.key is not None
    before, other = files.key.stat(), bytes(reversed(OLD))

    deadline = time.monotonic() + 10
    while files.key.stat().st_ctime_ns == before.st_ctime_ns:  # clocks of file systems are coarse
        assert time.monotonic() < deadline
        files.key.write_bytes(other)
        os.utime(files.key, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert running.name == name_of(other)


def test_only_what_stands_in_a_file_is_taken_anew(files: Files) -> None:
    assert files.key is not None
    for part in (Files(key=files.key), Files(accepted=files.accepted)):
        running = Keyring(OLD, (Accepted(OTHER),), part)
        exchange(files)

        is_key = part.key is not None
        assert running.sign("csrf", "x") == crypto.sign(NEW if is_key else OLD, "csrf", "x")
        assert [each.key for each in running.accepted] == ([OTHER] if is_key else [])
        put(files.key, OLD.decode())


def test_the_settings_say_in_which_files_the_keys_stand(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_SECRET_KEY_FILE", str(files.key))
    monkeypatch.setenv("SAMPLE_ACCEPTED_SECRET_KEYS_FILE", str(files.accepted))
    core = CoreSettings.load("sample")
    assert core.secret_key is not None

    running = Keyring.of(core, core.secret_key)
    exchange(files)

    assert running.name == name_of(NEW)
    assert [each.key for each in running.accepted] == [OLD]


def test_an_exchange_between_the_settings_and_the_first_use_is_not_missed(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker reads its settings, and then waits for the database and the schema, for minutes."""
    monkeypatch.setenv("SAMPLE_SECRET_KEY_FILE", str(files.key))
    monkeypatch.setenv("SAMPLE_ACCEPTED_SECRET_KEYS_FILE", str(files.accepted))
    core = CoreSettings.load("sample")
    assert core.secret_key is not None

    exchange(files)
    running = Keyring.of(core, core.secret_key)

    assert running.sign("csrf", "session") == crypto.sign(NEW, "csrf", "session")
    assert [each.key for each in running.accepted] == [OLD]


def test_a_key_in_the_environment_itself_does_not_change(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_SECRET_KEY_FILE", str(files.key))
    monkeypatch.setenv("SAMPLE_SECRET_KEY", OTHER.decode())
    core = CoreSettings.load("sample")
    assert core.secret_key is not None

    running = Keyring.of(core, core.secret_key)
    exchange(files)

    assert running.name == name_of(OTHER)
