"""Whether and how a program is traced."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from mainstay.settings import Settings

PATH = "/v1/traces"


class TraceSettings(Settings):
    """Whether requests and jobs are traced, and who takes the traces."""

    section = "traces"

    url: str | None = Field(
        default=None, description="A collector that takes OTLP over HTTP, such as http://collector:4318; none for none"
    )
    ratio: float = Field(default=1.0, ge=0, le=1, description="How many of the requests are recorded")
    follow: bool = Field(
        default=False, description="Whether callers decide what is recorded; only where none but your own services call"
    )
    headers: SecretStr | None = Field(
        default=None, description="What the collector wants to see: name=value, several of them apart by commas"
    )
    seconds: float = Field(default=1.0, gt=0, le=60, description="How often spans are sent")
    queue: int = Field(default=10_000, ge=1, le=1_000_000, description="Spans that wait at most; others are dropped")

    @field_validator("url", mode="after")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise ValueError("it must be an address that begins with http:// or https://, without a password")
        return value if parts.path.strip("/") else value.rstrip("/") + PATH

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the headers for the collector."""
        text = self.headers.get_secret_value() if self.headers is not None else ""
        parts = (each.partition("=") for each in text.split(",") if "=" in each)
        return tuple((name.strip(), value.strip()) for name, _, value in parts)
