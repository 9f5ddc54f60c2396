"""Settings: frozen, validated classes, one per module, read from the environment and an optional file.

The variable for field `pool_size` of section `database` in the program `tradepost` is `TRADEPOST_DATABASE_POOL_SIZE`.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Literal, Self, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from mainstay.errors import ConfigurationError

Environment = Literal["development", "test", "production"]

SAMPLE_SECRETS = frozenset(
    {"secret", "changeme", "change-me", "password", "development", "insecure", "example", "test"}
)
MIN_SECRET_LENGTH = 32


class Settings(BaseSettings):
    """Base of every settings class; `section` names its part of the environment."""

    section: ClassVar[str]

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    @classmethod
    def load(cls, program: str) -> Self:
        """Read the section for `program`; raises ConfigurationError with one sentence when a value does not fit."""
        prefix = f"{program}_{cls.section}_" if cls.section else f"{program}_"
        env_file = os.environ.get(f"{program.upper()}_ENV_FILE")
        try:
            return cls(_env_prefix=prefix.upper(), _env_file=env_file, _env_file_encoding="utf-8")
        except ValidationError as failure:
            first = failure.errors(include_input=False, include_url=False)[0]
            name = "_".join([prefix.rstrip("_"), *map(str, first["loc"])]).upper()
            raise ConfigurationError(f"The setting {name} does not fit: {first['msg']}.") from failure


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


class CoreSettings(Settings):
    """What the whole program shares."""

    section = ""

    environment: Environment = "development"
    data_dir: Path = Field(default=Path(".data"), description="Folder for the embedded database and local files")
    secret_key: SecretStr | None = Field(
        default=None, description="At least 32 characters; made and kept in the data folder when absent"
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
    if text.strip().lower() in SAMPLE_SECRETS:
        raise ConfigurationError("The secret key is a sample value; set one of at least 32 random characters.")
    if len(text) < MIN_SECRET_LENGTH or len(set(text)) < MIN_SECRET_LENGTH // 4:
        raise ConfigurationError("The secret key is too weak; set one of at least 32 random characters.")
    return text.encode()
