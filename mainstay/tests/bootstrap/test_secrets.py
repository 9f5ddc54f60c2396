"""The secret key is given, or made once and kept; never weak, never made in production; exchanged without a loss."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from mainstay import clock
from mainstay.bootstrap.secrets import OwnSecret, environment_of, keyring_of
from mainstay.errors import ConfigurationError
from mainstay.keyring import Keyring, name_of
from mainstay.settings import CoreSettings

STRONG = "0123456789abcdefghijklmnopqrstuvwxyz"
FRESH = "the-next-one-of-this-program-quite-long"
LATER = datetime(2126, 1, 1, tzinfo=UTC)


def test_the_key_that_was_given_is_taken_and_none_is_kept(tmp_path: Path) -> None:
    core = CoreSettings(data_dir=tmp_path, secret_key=SecretStr(STRONG), accepted_secret_keys=SecretStr(FRESH))

    keyring = keyring_of("sample", core, may_make=True)

    assert keyring.name == name_of(STRONG.encode())
    assert [each.key for each in keyring.accepted] == [FRESH.encode()]
    assert environment_of("sample", core, may_make=True) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_at_the_first_start_and_stays(tmp_path: Path) -> None:
    core = CoreSettings(data_dir=tmp_path / "data")

    first = keyring_of("sample", core, may_make=True).name

    assert len((tmp_path / "data" / "secret.key").read_text()) == 64
    assert keyring_of("sample", core, may_make=True).name == first
    for name in ("secret.key", "secret.accepted"):
        assert (tmp_path / "data" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_processes_are_told_the_files_and_not_the_key(tmp_path: Path) -> None:
    told = environment_of("sample", CoreSettings(data_dir=tmp_path / "data"), may_make=True)

    assert told == {
        "SAMPLE_SECRET_KEY_FILE": str(tmp_path / "data" / "secret.key"),
        "SAMPLE_ACCEPTED_SECRET_KEYS_FILE": str(tmp_path / "data" / "secret.accepted"),
    }


def test_two_data_folders_have_two_keys(tmp_path: Path) -> None:
    names = {
        keyring_of("sample", CoreSettings(data_dir=tmp_path / name), may_make=True).name for name in ("one", "two")
    }

    assert len(names) == 2


def test_a_kept_key_that_somebody_made_weak_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("changeme")

    with pytest.raises(ConfigurationError, match="sample value"):
        keyring_of("sample", CoreSettings(data_dir=tmp_path), may_make=True)


@pytest.mark.practice(7)
@pytest.mark.parametrize(
    "weak", ["changeme", "x" * 40, "too short", "abcdefgh" * 5, f"{STRONG} until=2126-01-01 changeme-changeme-changeme"]
)
def test_a_weak_or_sample_key_is_no_accepted_one_either(tmp_path: Path, weak: str) -> None:
    core = CoreSettings(data_dir=tmp_path, secret_key=SecretStr(STRONG), accepted_secret_keys=SecretStr(weak))

    with pytest.raises(ConfigurationError, match=r"^Of the accepted secret keys one does not fit: ") as refused:
        keyring_of("sample", core, may_make=True)

    assert weak not in str(refused.value)


def test_production_makes_no_key(tmp_path: Path) -> None:
    core = CoreSettings(data_dir=tmp_path, environment="production")

    with pytest.raises(ConfigurationError, match=r"^Set SAMPLE_SECRET_KEY to at least 32"):
        keyring_of("sample", core, may_make=True)


def test_no_key_is_made_where_other_machines_would_need_it_too(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^Set SAMPLE_SECRET_KEY to at least 32"):
        keyring_of("sample", CoreSettings(data_dir=tmp_path), may_make=False)


def test_accepted_keys_are_set_beside_a_key_and_not_beside_one_that_is_made(tmp_path: Path) -> None:
    core = CoreSettings(data_dir=tmp_path / "data", accepted_secret_keys=SecretStr(STRONG))

    with pytest.raises(ConfigurationError, match=r"^Set SAMPLE_SECRET_KEY where SAMPLE_ACCEPTED_SECRET_KEYS is set\.$"):
        keyring_of("sample", core, may_make=True)

    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    with pytest.raises(ConfigurationError, match="cannot be kept in"):
        keyring_of("sample", CoreSettings(data_dir=tmp_path / "data"), may_make=True)


# -- exchanging --------------------------------------------------------------------------------------------------------


def test_an_exchange_keeps_the_former_key_with_its_end_and_a_drop_takes_it_away(tmp_path: Path) -> None:
    own = OwnSecret(tmp_path).made()
    keyring = own.keyring()
    former = keyring.name

    own.exchange(keyring, FRESH, LATER)

    assert keyring.name == own.keyring().name == name_of(FRESH.encode())
    assert [(each.name, each.until) for each in own.keyring().accepted] == [(former, LATER)]
    assert (tmp_path / "secret.accepted").stat().st_mode & 0o777 == 0o600

    own.drop(keyring, frozenset({former}))

    assert keyring.accepted == own.keyring().accepted == ()


def test_several_former_keys_stay_with_the_end_that_each_was_given(tmp_path: Path) -> None:
    own = OwnSecret(tmp_path).made()
    keyring = own.keyring()
    names = [keyring.name]
    own.exchange(keyring, FRESH, LATER)
    names.insert(0, keyring.name)
    own.exchange(keyring, STRONG, LATER + timedelta(days=1))

    assert [each.name for each in keyring.accepted] == names
    assert [each.until for each in keyring.accepted] == [LATER + timedelta(days=1), LATER]


@contextmanager
def killed_before_the_second_file_is_there(folder: Path) -> Iterator[None]:
    """Let the second file not come about: a folder that cannot be replaced stands in its place."""
    blocked = folder / "secret.key.new"
    blocked.mkdir()
    try:
        yield
    finally:
        blocked.rmdir()


def test_killed_between_its_two_files_an_exchange_has_lost_no_key(tmp_path: Path) -> None:
    own = OwnSecret(tmp_path).made()
    keyring = own.keyring()
    before = keyring.name
    sealed = keyring.seal("letter", b"dear Ada", "ada")

    with killed_before_the_second_file_is_there(tmp_path), pytest.raises(OSError, match=r"secret\.key\.new"):
        own.exchange(keyring, FRESH, LATER)

    for found in (keyring, own.keyring()):
        assert (found.name, found.accepted) == (before, ())
        assert found.unseal("letter", sealed, "ada") == b"dear Ada"
    own.exchange(keyring, FRESH, LATER)
    assert [each.name for each in own.keyring().accepted] == [before]
    assert own.keyring().unseal("letter", sealed, "ada") == b"dear Ada"


def test_one_exchange_at_a_time(tmp_path: Path) -> None:
    own = OwnSecret(tmp_path).made()

    with own.locked(), pytest.raises(ConfigurationError, match="by another command"), OwnSecret(tmp_path).locked():
        raise AssertionError("both went in")

    with own.locked():
        assert isinstance(own.keyring(), Keyring)


def test_it_is_known_when_the_secret_was_made(tmp_path: Path) -> None:
    own = OwnSecret(tmp_path).made()
    assert abs(own.exchanged_at() - clock.now().timestamp()) < 60

    os.utime(tmp_path / "secret.key", (1000, 1000))
    assert own.exchanged_at() == 1000
