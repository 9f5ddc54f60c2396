"""Settings of the contacts module: how much of the machine reading cards may take, and whether another one helps."""

import re
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from mainstay.errors import ConfigurationError
from mainstay.settings import CoreSettings, Settings

GOOGLE: Final = "https://vision.googleapis.com/v1/images:annotate"
_HEADER_SAFE: Final = re.compile(r"[!-~]+")


class CardSettings(Settings):
    """How cards are read in one worker process of the program; times are in seconds."""

    section = "cards"

    workers: int = Field(default=1, ge=1, le=32, description="Pictures read side by side, each in a process of its own")
    patience: float = Field(default=60.0, gt=0, description="How long reading one picture may take")
    waiting_files: int = Field(
        default=500, ge=0, le=100_000, description="Files that may wait for the virus scanner while it is away"
    )
    waiting_mb: int = Field(default=1000, ge=0, le=100_000, description="Megabytes of these files, all together")


class VisionSettings(Settings):
    """Google's text recognition: without a key it is off; with one the picture of each card leaves this machine.

    Times are in seconds. Three failures in a row, each of which may take all of `seconds`, have to leave time for the
    engines on this machine within `TRADEPOST_CARDS_PATIENCE`.
    """

    section = "google_vision"

    key: SecretStr | None = Field(default=None, description="The key of Google's Cloud Vision API; empty is none")
    url: str = Field(default=GOOGLE, description="Where it answers: https, or http to try things in development")
    seconds: float = Field(default=8.0, gt=0, le=60, description="How long reading one card may take, with all tries")
    rest: float = Field(default=60.0, gt=0, le=86_400, description="For how long it is left alone after failures")

    @classmethod
    def load(cls, program: str) -> Self:
        """Read the section; raises ConfigurationError when a value does not fit, or the key would travel in clear."""
        found = super().load(program)
        if urlsplit(found.url).scheme != "https" and CoreSettings.load(program).environment != "development":
            name = f"{program}_{cls.section}_url".upper()
            raise ConfigurationError(
                f"The setting {name} does not fit: outside of development it must begin with https."
            )
        return found

    @field_validator("key", mode="after")
    @classmethod
    def _goes_into_a_header(cls, key: SecretStr | None) -> SecretStr | None:
        text = key.get_secret_value().strip() if key else ""
        if not text:
            return None
        if not _HEADER_SAFE.fullmatch(text):
            raise ValueError("a key has only letters, digits and marks")
        return SecretStr(text)

    @field_validator("url", mode="after")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        """A key belongs into its own setting: none can hide in the address."""
        parts = urlsplit(url)
        is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
        if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
            raise ValueError("it must be an address such as " + GOOGLE)
        return url
