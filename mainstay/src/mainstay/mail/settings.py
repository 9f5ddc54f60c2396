"""The settings of mail: where it is handed over, in whose name, and what stands in for it without a server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from mainstay.errors import ConfigurationError
from mainstay.mail.address import BadAddress, checked_address, clean
from mainstay.settings import Configuration, CoreSettings, Settings

Language = Literal["en", "ru"]
Security = Literal["tls", "starttls", "plain"]
# How mail leaves: to a server, into a folder of this machine (development), or not at all.
Mode = Literal["smtp", "mailbox", "off"]

PORTS: Final[Mapping[str, int]] = MappingProxyType({"smtp": 587, "smtps": 465})
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# Of the 64 letters before the @ a suffix takes 48.
MOST_BEFORE_SUFFIX: Final = 16
MAILBOX_SENDER: Final = "shop@localhost"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server; `security` is TLS from the first byte, STARTTLS that must succeed, or none (this machine)."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class MailSettings(Settings):
    """Where mail is handed over and in whose name; times are in seconds. Without a URL none leaves this machine."""

    section = "mail"

    url: SecretStr | None = Field(
        default=None, description="smtp://user@server (STARTTLS, port 587) or smtps://user@server (TLS, port 465)"
    )
    password: SecretStr | None = Field(default=None, description="The password of the URL's user, if not in the URL")
    password_file: Path | None = Field(default=None, description="A file that holds the password")
    sender: str = Field(default="", description="The address that mails come from; it has to be one of the server's")
    sender_name: str = Field(default="", max_length=80, description="The name beside it; the program's without one")
    language: Language = Field(default="en", description="For people who have not chosen one")
    bounce_address: str = Field(
        default="",
        description="Where mails come back to, with a suffix behind `+`; what comes there goes to /mail/bounces",
    )
    timeout: float = Field(default=20.0, gt=0, le=60, description="How long one step of the server may take")
    rest: float = Field(default=60.0, gt=0, le=3600, description="For how long it is left alone after three failures")
    ca_file: Path | None = Field(default=None, description="Certificates to trust instead of the system's (PEM)")

    @classmethod
    def load(cls, program: str) -> Self:
        """Read the section; raises ConfigurationError when mail could not be sent, or its links could not be made."""
        found = super().load(program)
        prefix = f"{program}_".upper()
        if found.url is not None and CoreSettings.load(program).public_url is None:
            raise ConfigurationError(
                f"Set {prefix}PUBLIC_URL to the address people use, such as https://shop.example: "
                "links in mails are made from it and from nothing else."
            )
        if found.url is not None and not found.sender:
            raise ConfigurationError(f"Set {prefix}MAIL_SENDER to the address that mails come from.")
        names = {"sender": found.sender or MAILBOX_SENDER, "sender_name": found.sender_name or program.capitalize()}
        return found.model_copy(update=names)

    @field_validator("url", "password", mode="after")
    @classmethod
    def _empty_is_none(cls, secret: SecretStr | None) -> SecretStr | None:
        return secret if secret and secret.get_secret_value().strip() else None

    @field_validator("sender_name", mode="after")
    @classmethod
    def _name_is_one_line(cls, name: str) -> str:
        return clean(name)

    @field_validator("bounce_address", mode="after")
    @classmethod
    def _there_is_room_for_a_suffix(cls, address: str) -> str:
        if len(address.rpartition("@")[0]) > MOST_BEFORE_SUFFIX:
            raise ValueError(f"its part before the @ may have {MOST_BEFORE_SUFFIX} letters: a suffix follows it")
        return address

    @field_validator("sender", "bounce_address", mode="after")
    @classmethod
    def _sender_is_an_address(cls, sender: str) -> str:
        try:
            return checked_address(sender) if sender else ""
        except BadAddress as failure:
            raise ValueError(str(failure)) from failure

    @model_validator(mode="after")
    def _url_can_be_used(self) -> Self:
        if self.url is not None:
            self.server()
        return self

    def server(self) -> Server:
        """Return the server that the URL names, with its password. Raises ValueError, which shows neither."""
        if self.url is None:
            raise ValueError("no server is set")
        parts = urlsplit(self.url.get_secret_value().strip())
        if parts.scheme not in PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.query:
            raise ValueError("it must look like smtps://user@mail.example or smtp://user@mail.example:587")
        security: Security = "tls" if parts.scheme == "smtps" else "starttls"
        if security == "starttls" and parts.hostname in HERE:
            security = "plain"
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else self._stated_password()
        if (user is None) != (password is None):
            raise ValueError("a user and a password belong together")
        return Server(parts.hostname, parts.port or PORTS[parts.scheme], security, user, password)

    def _stated_password(self) -> str | None:
        if self.password is not None:
            return self.password.get_secret_value()
        if self.password_file is None:
            return None
        try:
            return self.password_file.read_text(encoding="utf-8").strip() or None
        except OSError as failure:
            raise ValueError(f"the password cannot be read: {failure.strerror}") from failure


def mode_of(configuration: Configuration) -> Mode:
    """Say how mail leaves a program; one without the mail module, or without a key to seal letters, sends none."""
    settings = configuration.find(MailSettings)
    core = configuration.find(CoreSettings)
    if settings is None or core is None or core.secret_key is None:
        return "off"
    if settings.url is not None:
        return "smtp"
    return "mailbox" if core.environment == "development" else "off"


def public_link(configuration: Configuration, path: str) -> str:
    """Return the address of a page for a mail: from the settings alone, never from what a request says of itself."""
    core = configuration.of(CoreSettings)
    base = core.public_url or f"http://localhost:{core.port}"
    return f"{base.rstrip('/')}{path}"


def language_or(configured: MailSettings, chosen: Any) -> Language:  # noqa: ANN401  a value of the database
    """Return the language somebody chose, or the program's."""
    return chosen if chosen in {"en", "ru"} else configured.language
