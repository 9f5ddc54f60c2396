"""The settings of backups: where, when, how many are kept, and the key that encrypts them."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from mainstay.db.backup.bucket import shelf_in
from mainstay.db.backup.folder import FolderShelf
from mainstay.db.backup.shelf import Shelf
from mainstay.settings import Settings
from mainstay.storage.settings import EXAMPLE, Bucket, bucket_of


class BackupSettings(Settings):
    """When backups are made, where they lie and for how long."""

    section = "backup"

    schedule: bool = Field(default=True, description="Whether a backup is made daily, and missed when it is not")
    hour: int = Field(default=2, ge=0, le=23, description="The hour of the daily backup, in UTC")
    folder: Path | None = Field(
        default=None, description="Where archives lie, the same place for all workers; `backups` in the data folder"
    )
    url: str | None = Field(
        default=None, description=f"A bucket in which archives lie instead, of an S3-compatible service: {EXAMPLE}"
    )
    bucket_key_id: str = Field(default="", description="The name of the key for the bucket of backups")
    bucket_key: SecretStr | None = Field(default=None, description="The key for the bucket of backups")
    timeout: float = Field(default=20.0, gt=0, le=60, description="Seconds that the bucket has for a piece")
    key: SecretStr | None = Field(
        default=None, min_length=32, description="Encrypts archives; keep it elsewhere too: without it they are lost"
    )
    daily: int = Field(default=7, ge=1, le=366, description="Of how many days the last archive is kept")
    weekly: int = Field(default=4, ge=0, le=520, description="Of how many weeks the last archive is kept")
    monthly: int = Field(default=12, ge=0, le=240, description="Of how many months the last archive is kept")
    max_age: float = Field(
        default=26, gt=0, le=8784, description="Hours without a verified archive after which owners are told"
    )
    reserve_mb: int = Field(default=256, ge=0, description="Megabytes of the disk that a backup leaves free")
    programs: Path | None = Field(
        default=None, description="Folder with pg_dump and pg_restore, for a server newer than the program's own"
    )

    @model_validator(mode="after")
    def _url_can_be_used(self) -> Self:
        self.bucket()
        return self

    def bucket(self) -> Bucket | None:
        """Return the bucket that the URL names; None without one. Raises ValueError, which shows no secret."""
        if not self.url:
            return None
        if self.folder is not None:
            raise ValueError("archives lie in a folder or in a bucket: set BACKUP_FOLDER or BACKUP_URL")
        found = bucket_of(self.url, self.bucket_key_id, self.bucket_key or SecretStr(""), self.timeout)
        if not found.key_id or not found.secret:
            raise ValueError("a bucket needs its key: set BACKUP_BUCKET_KEY_ID and BACKUP_BUCKET_KEY too")
        return found

    def place(self, data_dir: Path) -> Shelf:
        """Return where archives lie."""
        bucket = self.bucket()
        if bucket is not None:
            return shelf_in(bucket)
        return FolderShelf((self.folder or data_dir / "backups").resolve())

    def key_bytes(self) -> bytes | None:
        """Return the key that encrypts, or None where archives are not encrypted."""
        return None if self.key is None else self.key.get_secret_value().encode()
