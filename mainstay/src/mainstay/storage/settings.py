"""The settings of storage: a folder of this machine, or a bucket by its address."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, SecretStr, model_validator

from mainstay.settings import Settings

# The smallest part that S3 takes of a file that comes in parts; so much of one is in memory, twice.
PART: Final = 5 * 1024 * 1024
EXAMPLE: Final = "s3://bucket/folder?endpoint=https://s3.example&region=eu-central-1"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket: its name, the folder in it, the service's address and region, and the key that signs each call.

    `timeout` is in seconds, for a piece of an answer, and `part` the size in bytes in which long files are sent.
    """

    name: str
    prefix: str
    endpoint: str
    region: str
    key_id: str
    secret: str = field(repr=False)
    timeout: float = 20.0
    part: int = PART


class StorageSettings(Settings):
    """Where files lie that are no rows; without a URL in the data folder."""

    section = "storage"

    url: str | None = Field(default=None, description=f"A bucket of an S3-compatible service: {EXAMPLE}")
    key_id: str = Field(default="", description="The name of the key for the bucket")
    key: SecretStr | None = Field(default=None, description="The key for the bucket")
    folder: Path | None = Field(default=None, description="Where files lie without a URL; `files` in the data folder")
    reserve_mb: int = Field(
        default=512, ge=0, description="Megabytes of the disk that files leave free: the database needs them"
    )
    timeout: float = Field(default=20.0, gt=0, le=300, description="Seconds that the service has for a piece")

    @model_validator(mode="after")
    def _url_can_be_used(self) -> Self:
        if self.url:
            self.bucket()
        return self

    def bucket(self) -> Bucket:
        """Return the bucket that the URL names. Raises ValueError, which shows no secret."""
        if not self.key_id or self.key is None:
            _address(self.url or "")
            raise ValueError("a bucket needs its key: set STORAGE_KEY_ID and STORAGE_KEY too")
        return bucket_of(self.url or "", self.key_id, self.key, self.timeout)

    def place(self, data_dir: Path) -> Path:
        """Return the folder in which files lie where there is no bucket."""
        return (self.folder or data_dir / "files").resolve()


def bucket_of(url: str, key_id: str, key: SecretStr, timeout: float) -> Bucket:
    """Return the bucket that a URL names, with the key that opens it. Raises ValueError, which shows no secret."""
    name, prefix, endpoint, region = _address(url)
    return Bucket(name, prefix, endpoint, region, key_id, key.get_secret_value(), timeout)


def _address(url: str) -> tuple[str, str, str, str]:
    """Return a bucket's name, folder, endpoint and region."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    endpoint = urlsplit(query.get("endpoint", ""))
    is_sound = parts.scheme == "s3" and parts.hostname and endpoint.scheme in {"http", "https"}
    if not is_sound or not endpoint.hostname or "@" in parts.netloc or set(query) - {"endpoint", "region"}:
        raise ValueError(f"it must look like {EXAMPLE}")
    return parts.netloc, parts.path.strip("/"), query["endpoint"], query.get("region", "us-east-1")
