"""The secret key is given, or made once and kept; never weak, never made in production."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from mainstay.bootstrap.secrets import secret_key
from mainstay.errors import ConfigurationError
from mainstay.settings import CoreSettings

STRONG = "0123456789abcdefghijklmnopqrstuvwxyz"


def test_the_key_that_was_given_is_taken_and_none_is_kept(tmp_path: Path) -> None:
    core = CoreSettings(data_dir=tmp_path, secret_key=SecretStr(STRONG))

    assert secret_key("sample", core, may_make=True) == STRONG
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_at_the_first_start_and_stays(tmp_path: Path) -> None:
    core = CoreSettings(data_dir=tmp_path / "data")

    first = secret_key("sample", core, may_make=True)

    assert len(first) >= 32
    assert secret_key("sample", core, may_make=True) == first
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_two_data_folders_have_two_keys(tmp_path: Path) -> None:
    keys = {secret_key("sample", CoreSettings(data_dir=tmp_path / name), may_make=True) for name in ("one", "two")}

    assert len(keys) == 2


def test_a_kept_key_that_somebody_made_weak_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("changeme")

    with pytest.raises(ConfigurationError, match="sample value"):
        secret_key("sample", CoreSettings(data_dir=tmp_path), may_make=True)


def test_production_makes_no_key(tmp_path: Path) -> None:
    core = CoreSettings(data_dir=tmp_path, environment="production")

    with pytest.raises(ConfigurationError, match=r"^Set SAMPLE_SECRET_KEY to at least 32"):
        secret_key("sample", core, may_make=True)


def test_no_key_is_made_where_other_machines_would_need_it_too(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^Set SAMPLE_SECRET_KEY to at least 32"):
        secret_key("sample", CoreSettings(data_dir=tmp_path), may_make=False)
