"""The sizes of the allowances: how often one caller may ask in a minute, by the class of the route."""

from pydantic import Field

from mainstay.settings import Settings
from mainstay.web.limits.rates import Rate

# Seconds in which an allowance is counted.
WINDOW = 60


class LimitSettings(Settings):
    """How many requests of each class one caller may make in any 60 seconds."""

    section = "limits"

    sign_in: int = Field(default=5, ge=1, description="Attempts to sign in as somebody that do not succeed")
    sign_in_address: int = Field(default=60, ge=1, description="Attempts to sign in from one address, as anybody")
    upload: int = Field(default=10, ge=1, description="Files sent")
    api: int = Field(default=100, ge=1, description="Writes")
    # Three tills that one person has open, each with three scans a second and lists beside, stay below the half.
    read: int = Field(default=1200, ge=1, description="Reads")
    busy: int = Field(default=1200, ge=1, description="Writes that a device makes by the second, such as sales")

    @staticmethod
    def defaults() -> "LimitSettings":
        """Return what holds where nobody has set anything, whatever the environment says."""
        return LimitSettings.model_construct()

    def size_of(self, rate: Rate) -> int:
        """Return the allowance of a class."""
        sizes = {
            "sign_in": self.sign_in,
            "sign_in_address": self.sign_in_address,
            "upload": self.upload,
            "api": self.api,
            "read": self.read,
            "busy": self.busy,
        }
        return sizes[rate.name]
