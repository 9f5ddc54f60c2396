"""Settings: frozen, validated classes, one per module, read from the environment and an optional file.

The variable for field `pool_size` of section `database` in the program `tradepost` is `TRADEPOST_DATABASE_POOL_SIZE`.
A secret may stand in a file instead, as stores of secrets give them out: `TRADEPOST_SECRET_KEY_FILE` names it.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from mainstay.errors import ConfigurationError

Environment = Literal["development", "test", "production"]

SAMPLE_SECRETS = frozenset(
    {"secret", "changeme", "change-me", "password", "development", "insecure", "example", "test"}
)
# What people write into samples so that it is replaced: no random key has one of these, but by a chance in millions.
_PLACEHOLDERS = ("changeme", "change-me", "change_me", "password", "secret", "example", "insecure", "replace", "your-k")
_COMMON = SAMPLE_SECRETS | {"postgres", "postgresql", "admin", "root", "redis", "default", "user", "12345678", "qwerty"}
MIN_SECRET_LENGTH = 32
MIN_PASSWORD_LENGTH = 8


class Settings(BaseSettings):
    """Base of every settings class; `section` names its part of the environment."""

    section: ClassVar[str]

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    # Which secrets stand in files, and where.
    _files: dict[str, Path] = PrivateAttr(default_factory=dict)

    @classmethod
    def load(cls, program: str) -> Self:
        """Read the section for `program`; raises ConfigurationError with one sentence when a value does not fit."""
        prefix = f"{program}_{cls.section}_" if cls.section else f"{program}_"
        env_file = os.environ.get(f"{program.upper()}_ENV_FILE")
        try:
            files = cls._secret_files(prefix.upper())
            texts: dict[str, Any] = {name: _content(prefix, name, path) for name, path in files.items()}
            made = cls(_env_prefix=prefix.upper(), _env_file=env_file, _env_file_encoding="utf-8", **texts)
        except ValidationError as failure:
            first = failure.errors(include_input=False, include_url=False)[0]
            name = "_".join([prefix.rstrip("_"), *map(str, first["loc"])]).upper()
            raise ConfigurationError(f"The setting {name} does not fit: {first['msg']}.") from failure
        made._files.update(files)
        return made

    def file_of(self, name: str) -> Path | None:
        """Return the file that the secret in the field `name` was read from; None when it stood elsewhere."""
        return self._files.get(name)

    @classmethod
    def secrets(cls) -> list[str]:
        """Return the names of the fields that hold secrets."""
        return [
            name
            for name, each in cls.model_fields.items()
            if SecretStr in {each.annotation, *get_args(each.annotation)}
        ]

    @classmethod
    def _secret_files(cls, prefix: str) -> dict[str, Path]:
        """Return the files of the secrets that stand in files; what the environment says itself wins."""
        named = {name: os.environ.get(f"{prefix}{name}_FILE".upper()) for name in cls.secrets()}
        return {
            name: Path(path) for name, path in named.items() if path and f"{prefix}{name}".upper() not in os.environ
        }


def _content(prefix: str, name: str, path: Path) -> SecretStr:
    try:
        return SecretStr(path.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as failure:
        variable = f"{prefix}{name}_FILE".upper()
        raise ConfigurationError(f"The file that {variable} names cannot be read.") from failure


AnySettings = TypeVar("AnySettings", bound=Settings)


class Configuration:
    """All settings of a program, read once when it starts and asked for by their class."""

    def __init__(self, settings: Iterable[Settings] = ()) -> None:
        self._by_class = {type(each): each for each in settings}

    @classmethod
    def load(cls, program: str, classes: Iterable[type[Settings]]) -> Self:
        """Read the sections `classes` for `program`; raises ConfigurationError when a value does not fit."""
        return cls(each.load(program) for each in classes)

    def of(self, kind: type[AnySettings]) -> AnySettings:
        """Return the settings of class `kind`; raises LookupError when no module of the program declares them."""
        found = self._by_class[kind]
        assert isinstance(found, kind)  # noqa: S101  the dictionary is keyed by type
        return found

    def find(self, kind: type[AnySettings]) -> AnySettings | None:
        """Return the settings of class `kind`, or None when no module of the program declares them."""
        return self.of(kind) if kind in self._by_class else None

    def __iter__(self) -> Iterator[Settings]:
        return iter(self._by_class.values())

    def refuse_samples(self) -> None:
        """Raise ConfigurationError when a secret of any section is a sample, or a password that anybody would try."""
        for settings in self:
            for name in settings.secrets():
                value: SecretStr | None = getattr(settings, name)
                if value is not None and value.get_secret_value() and _is_common(value.get_secret_value()):
                    title = f"{settings.section}_{name}".strip("_").upper()
                    raise ConfigurationError(f"The setting {title} holds a sample or a weak password; set another.")


class CoreSettings(Settings):
    """What the whole program shares."""

    section = ""

    environment: Environment = "development"
    data_dir: Path = Field(default=Path(".data"), description="Folder for the embedded database and local files")
    secret_key: SecretStr | None = Field(
        default=None, description="At least 32 characters; made and kept in the data folder when absent"
    )
    accepted_secret_keys: SecretStr | None = Field(
        default=None,
        description="Further keys, apart by blanks or on lines, each with `until=2026-12-31` behind it or not: "
        "they verify and open, and never sign or seal; the next key before it is exchanged, the former ones after",
    )
    secret_overlap_days: int = Field(
        default=30, ge=1, le=365, description="For how long a key that `rotate-keys` exchanged verifies what it signed"
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str | None = Field(default=None, description="The address people use, such as https://shop.example")
    security_contact: str | None = Field(
        default=None,
        pattern=r"^(mailto:|https://|tel:)\S+$",
        description="Whom to tell of a vulnerability, such as mailto:security@shop.example; shown in security.txt",
    )
    trusted_hosts: tuple[str, ...] = Field(default=(), description="Further origins that may send writes")


def checked_secret(secret: SecretStr) -> bytes:
    """Return the key bytes of `secret`; raises ConfigurationError when it is short, repetitive or a known sample."""
    text = secret.get_secret_value()
    low = text.strip().lower()
    if low in SAMPLE_SECRETS or (len(text) >= MIN_SECRET_LENGTH and any(word in low for word in _PLACEHOLDERS)):
        raise ConfigurationError("The secret key is a sample value; set one of at least 32 random characters.")
    if len(text) < MIN_SECRET_LENGTH or len(set(text)) < MIN_SECRET_LENGTH // 4 or _repeats(text):
        raise ConfigurationError("The secret key is too weak; set one of at least 32 random characters.")
    return text.encode()


def _repeats(text: str) -> bool:
    """Whether a text is one shorter text again and again: it then has no more to guess than that one."""
    return text in (text + text)[1:-1]


def _is_common(value: str) -> bool:
    """Whether a secret, or the password in an address, is short, a sample, or the name of its own account."""
    address = urlsplit(value)
    if address.scheme and "//" in value:
        password = address.password
        return password is not None and (_is_common_word(password) or password == address.username)
    return _is_common_word(value)


def _is_common_word(password: str) -> bool:
    return len(password) < MIN_PASSWORD_LENGTH or password.strip().lower() in _COMMON
