"""Settings of webhooks: how long is waited and tried, and for how long things are kept."""

from pydantic import Field

from mainstay.settings import Settings


class WebhookSettings(Settings):
    """How events are sent and kept."""

    section = "webhooks"

    timeout: float = Field(default=15.0, gt=0, le=60, description="Seconds that a receiver has for its whole answer")
    poll: float = Field(default=1.0, gt=0, le=60, description="Seconds between two looks for new events")
    at_once: int = Field(default=32, ge=1, le=500, description="Deliveries under way in one worker process")
    each: int = Field(default=4, ge=1, le=50, description="Of these, to one receiver; one while it fails")
    first_pause: float = Field(default=5.0, gt=0, description="Seconds after a first failure; it doubles, to an hour")
    patience_days: float = Field(default=3.0, gt=0, le=30, description="For how long one delivery is tried")
    disable_days: float = Field(default=5.0, gt=0, le=90, description="A receiver that fails for so long is left")
    keep_days: int = Field(default=30, ge=1, le=3650, description="For how long deliveries and messages are kept")
    event_days: int = Field(default=365, ge=1, le=36_500, description="For how long the log of events goes back")
