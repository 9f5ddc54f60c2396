"""Settings come from the environment and a file, and what does not fit is one sentence without the value."""

from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import Field, SecretStr, ValidationError

from mainstay.errors import ConfigurationError
from mainstay.settings import SAMPLE_SECRETS, Configuration, CoreSettings, Settings, checked_secret


class KitchenSettings(Settings):
    """A section for these tests."""

    section: ClassVar[str] = "kitchen"

    ovens: int = Field(default=2, ge=1, le=9)
    key: SecretStr = SecretStr("")


def test_a_value_comes_from_the_variable_of_its_program_and_section(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKERY_KITCHEN_OVENS", "7")
    monkeypatch.setenv("KITCHEN_OVENS", "3")

    assert KitchenSettings.load("bakery").ovens == 7
    assert KitchenSettings.load("butcher").ovens == 2


def test_the_core_section_has_the_programs_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKERY_PORT", "8123")

    assert CoreSettings.load("bakery").port == 8123


def test_a_value_comes_from_the_file_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "bakery.env"
    file.write_text("BAKERY_KITCHEN_OVENS=5\nBAKERY_KITCHEN_KEY=schlüssel\n", encoding="utf-8")
    monkeypatch.setenv("BAKERY_ENV_FILE", str(file))
    assert KitchenSettings.load("bakery").ovens == 5
    assert KitchenSettings.load("bakery").key.get_secret_value() == "schlüssel"

    monkeypatch.setenv("BAKERY_KITCHEN_OVENS", "6")

    assert KitchenSettings.load("bakery").ovens == 6


def test_a_value_that_does_not_fit_is_one_sentence_that_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKERY_KITCHEN_OVENS", "99")

    with pytest.raises(ConfigurationError) as failure:
        KitchenSettings.load("bakery")

    message = str(failure.value)
    assert message == "The setting BAKERY_KITCHEN_OVENS does not fit: Input should be less than or equal to 9."


def test_the_sentence_never_holds_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKERY_KITCHEN_OVENS", "hunter2hunter2")

    with pytest.raises(ConfigurationError) as failure:
        KitchenSettings.load("bakery")

    assert "hunter2" not in str(failure.value)
    # The cause is logged with its trace.
    assert "hunter2" not in str(failure.value.__cause__)


def test_a_core_setting_that_does_not_fit_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKERY_PORT", "70000")

    with pytest.raises(ConfigurationError, match=r"^The setting BAKERY_PORT does not fit: "):
        CoreSettings.load("bakery")


def test_settings_cannot_be_changed() -> None:
    settings = KitchenSettings.load("bakery")

    with pytest.raises(ValidationError):
        settings.ovens = 3  # type: ignore[misc]  # that is what is refused


def test_a_secret_is_not_shown() -> None:
    assert "hunter2" not in repr(KitchenSettings(key=SecretStr("hunter2")))


def test_a_configuration_holds_each_section_once_under_its_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKERY_KITCHEN_OVENS", "4")

    configuration = Configuration.load("bakery", (CoreSettings, KitchenSettings))

    assert configuration.of(KitchenSettings).ovens == 4
    assert configuration.of(CoreSettings).host == "127.0.0.1"


def test_a_section_that_no_module_declares_is_an_error() -> None:
    with pytest.raises(LookupError):
        Configuration().of(KitchenSettings)


@pytest.mark.parametrize("sample", sorted(SAMPLE_SECRETS))
def test_a_sample_secret_is_refused(sample: str) -> None:
    with pytest.raises(ConfigurationError, match=r"sample value"):
        checked_secret(SecretStr(f" {sample.upper()} "))


@pytest.mark.parametrize("weak", ["", "short", "x" * 31, "x" * 64, "ab" * 32, "1234567" * 10])
def test_a_short_or_repetitive_secret_is_refused_in_one_sentence(weak: str) -> None:
    with pytest.raises(ConfigurationError) as failure:
        checked_secret(SecretStr(weak))

    assert str(failure.value).count(".") == 1
    assert not weak or weak not in str(failure.value)


def test_a_random_secret_of_32_characters_is_taken_as_bytes() -> None:
    secret = "Zt9vQ1m4Kc8xR2wLpN6yB3hJ7dF5sG0a"
    assert checked_secret(SecretStr(secret)) == secret.encode()


def test_settings_that_no_module_declares_are_not_found() -> None:
    kitchen = KitchenSettings()

    assert Configuration((kitchen,)).find(KitchenSettings) is kitchen
    assert Configuration().find(KitchenSettings) is None


@pytest.mark.practice(7)
@pytest.mark.parametrize(
    "sample",
    [
        "changeme-changeme-changeme-changeme",
        "please-replace-this-by-a-real-key-0123456789",
        "My-Secret-Key-Of-At-Least-32-Characters",
        "YOUR-KEY-0123456789-0123456789-abcdef",
    ],
)
def test_a_placeholder_that_is_long_enough_is_still_a_sample(sample: str) -> None:
    with pytest.raises(ConfigurationError, match=r"sample value"):
        checked_secret(SecretStr(sample))


@pytest.mark.parametrize("weak", ["0123456789abcdef" * 2, "Zt9vQ1m4Kc8xR2wL" * 3])
def test_a_good_beginning_repeated_is_weak(weak: str) -> None:
    with pytest.raises(ConfigurationError, match=r"too weak"):
        checked_secret(SecretStr(weak))


@pytest.mark.practice(6)
def test_a_secret_comes_from_the_file_that_its_variable_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(" fr\u00fch-am-Morgen\n", encoding="utf-8")
    monkeypatch.setenv("BAKERY_KITCHEN_KEY_FILE", str(file))

    assert KitchenSettings.load("bakery").key.get_secret_value() == "fr\u00fch-am-Morgen"

    monkeypatch.setenv("BAKERY_KITCHEN_KEY", "said-itself")
    assert KitchenSettings.load("bakery").key.get_secret_value() == "said-itself"


def test_only_secrets_are_read_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ovens").write_text("7", encoding="utf-8")
    monkeypatch.setenv("BAKERY_KITCHEN_OVENS_FILE", str(tmp_path / "ovens"))

    assert KitchenSettings.load("bakery").ovens == 2
    assert KitchenSettings.secrets() == ["key"]
    assert CoreSettings.secrets() == ["secret_key", "accepted_secret_keys"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_secret_that_cannot_be_read_is_one_sentence_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("BAKERY_KITCHEN_KEY_FILE", str(file))

    with pytest.raises(ConfigurationError) as failure:
        KitchenSettings.load("bakery")

    assert str(failure.value) == "The file that BAKERY_KITCHEN_KEY_FILE names cannot be read."


def configured(key: str) -> Configuration:
    """Return a configuration with a secret."""
    return Configuration((KitchenSettings(key=SecretStr(key)),))


@pytest.mark.practice(7)
@pytest.mark.parametrize(
    "key",
    [
        "postgres",
        "short",
        "ChangeMe",
        f"postgresql://shop:{'postgres'}@db/shop",
        f"postgresql://shop:{'s'}@db/shop",
        f"smtp://mailer-of-the-shop:{'mailer-of-the-shop'}@mail",
    ],
)
def test_a_common_password_is_refused_in_a_sentence_without_it(key: str) -> None:
    with pytest.raises(ConfigurationError) as failure:
        configured(key).refuse_samples()

    assert str(failure.value) == "The setting KITCHEN_KEY holds a sample or a weak password; set another."


@pytest.mark.parametrize(
    "key",
    [
        "",
        "Zt9vQ1m4Kc8xR2wL",
        f"postgresql://shop:{'Zt9vQ1m4Kc8x'}@db/shop",
        "postgresql://shop@db/shop",
        "postgresql:///x",
    ],
)
def test_a_random_password_and_none_are_let_pass(key: str) -> None:
    configuration = configured(key)

    configuration.refuse_samples()

    assert [type(each) for each in configuration] == [KitchenSettings]
