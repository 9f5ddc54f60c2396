"""Settings of files: how large they may be, who looks for viruses, and for how long links and remains live."""

from pydantic import Field, field_validator

from mainstay.settings import Settings


class FileSettings(Settings):
    """What is taken, and how it is given out."""

    section = "files"

    largest_mb: int = Field(default=50, ge=1, le=2048, description="Megabytes of the largest file that is taken")
    picture_mb: int = Field(default=20, ge=1, le=100, description="Megabytes of the largest picture that is taken")
    megapixels: int = Field(default=40, ge=1, le=200, description="Of the largest picture that is taken")
    scanner: str | None = Field(
        default=None, description="A clamd that looks at each file first: tcp://host:3310 or unix:///run/clamd.sock"
    )
    scan_timeout: float = Field(default=60.0, gt=0, le=600, description="Seconds that the scanner has for an answer")
    link_seconds: int = Field(default=300, ge=1, le=86_400, description="For how long a link to a file works")
    keep_hours: int = Field(
        default=24, ge=1, le=720, description="For how long what was begun, refused or left over is kept"
    )

    @field_validator("scanner")
    @classmethod
    def _scanner_can_be_reached(cls, url: str | None) -> str | None:
        from mainstay.net.clamd import place_of  # noqa: PLC0415  only where there is a scanner

        if url:
            place_of(url)
        return url or None
