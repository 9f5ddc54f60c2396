"""Where the services are that a program may use beside its database."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from mainstay.net.failures import AddressRefused
from mainstay.net.guard import Allowed
from mainstay.settings import Settings


class RedisSettings(Settings):
    """The Redis, or Valkey, that processes share; without one each keeps in its memory what would be there."""

    section = "redis"

    url: SecretStr | None = Field(
        default=None, description="Such as redis://user:password@host:6379/0, rediss:// for TLS, unix:// for a socket"
    )
    patience_ms: int = Field(
        default=25, ge=1, le=5000, description="A request waits no longer for it; then the process goes on by itself"
    )


class NetSettings(Settings):
    """What this program may call over HTTP, and when it leaves a service alone; times are in seconds."""

    section = "net"

    allowed: tuple[str, ...] = Field(
        default=(), description='What of your own may be called besides the internet: ["10.1.0.0/16", "crm.lan"]'
    )
    ports: tuple[int, ...] = Field(default=(), description="The only ports that may be called; none for all")
    ca_file: Path | None = Field(default=None, description="Certificates (PEM) that are trusted besides the usual ones")
    failures: int = Field(default=5, ge=1, le=1000, description="Failures in a row until a service is left alone")
    rest: float = Field(default=30.0, gt=0, le=86_400, description="For how long it is left alone then")

    @field_validator("allowed", mode="after")
    @classmethod
    def _are_places(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            Allowed.of(value)
        except AddressRefused as failure:
            raise ValueError("each must be a network, an address or a name") from failure
        return value
