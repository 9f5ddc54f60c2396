"""Where the services are that a program may use beside its database."""

from pydantic import Field, SecretStr

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
