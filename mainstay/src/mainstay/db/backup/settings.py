"""The settings of backups: where, when, how many are kept, and the key that encrypts them."""

from pathlib import Path

from pydantic import Field, SecretStr

from mainstay.settings import Settings


class BackupSettings(Settings):
    """When backups are made, where they lie and for how long."""

    section = "backup"

    schedule: bool = Field(default=True, description="Whether a backup is made daily, and missed when it is not")
    hour: int = Field(default=2, ge=0, le=23, description="The hour of the daily backup, in UTC")
    folder: Path | None = Field(
        default=None, description="Where archives lie, the same place for all workers; `backups` in the data folder"
    )
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

    def place(self, data_dir: Path) -> Path:
        """Return the folder in which archives lie."""
        return (self.folder or data_dir / "backups").resolve()

    def key_bytes(self) -> bytes | None:
        """Return the key that encrypts, or None where archives are not encrypted."""
        return None if self.key is None else self.key.get_secret_value().encode()
