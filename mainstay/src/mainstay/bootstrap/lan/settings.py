"""What can be set for serving a shop's own network."""

from pydantic import Field

from mainstay.settings import Settings


class LanSettings(Settings):
    """How `serve --lan` behaves."""

    section = "lan"

    page_port: int = Field(default=8080, ge=0, le=65535, description="Plain HTTP: the page for new devices")
    check_seconds: float = Field(
        default=30.0, gt=0, le=3600, description="Between two looks at the machine's addresses and the certificate"
    )
