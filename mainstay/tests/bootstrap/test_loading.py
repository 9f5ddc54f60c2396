"""A program is found by the name of its package."""

import pytest

from mainstay.bootstrap.loading import load_api, load_program
from mainstay.errors import ConfigurationError


def test_the_program_is_what_its_main_module_makes() -> None:
    assert load_program("sample").title == "Sample"


def test_the_api_takes_address_and_key_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", "postgresql://db.example/shop")
    with pytest.raises(ConfigurationError, match="SAMPLE_SECRET_KEY"):
        load_api("sample")

    monkeypatch.setenv("SAMPLE_SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyz")
    assert callable(load_api("sample"))
