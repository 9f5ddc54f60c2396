"""The settings of identity; times are in seconds unless the name says otherwise."""

from typing import Self

from pydantic import Field

from mainstay.errors import ConfigurationError
from mainstay.mail.settings import MailSettings
from mainstay.settings import CoreSettings, Settings


class IdentitySettings(Settings):
    """How passwords are hashed, how long sessions and links live, and how often sign-in may be tried.

    The cost of a hash stands above the least that OWASP's password storage guidance asks for (46 MiB, one pass), at
    about an eighth of a second of one core.
    """

    section = "identity"

    hash_memory_kib: int = Field(default=47_104, ge=19_456, le=1_048_576, description="Memory of one argon2id hash")
    hash_passes: int = Field(default=2, ge=1, le=20)
    hash_lanes: int = Field(default=1, ge=1, le=16)
    hash_concurrency: int = Field(default=2, ge=1, le=64, description="Hashes computed at once; the rest wait")
    password_min: int = Field(default=15, ge=12, le=64, description="Characters")
    password_min_with_factor: int = Field(
        default=12, ge=12, le=64, description="Characters where a second factor is demanded as well"
    )
    password_needs_mix: bool = Field(
        default=False, description="Demand a capital letter and a digit, for those whose policy says so"
    )
    session_idle: int = Field(default=12 * 3600, ge=60, description="Without a request for this long, sign in again")
    session_limit: int = Field(default=7 * 86_400, ge=60, description="After this long, sign in again in any case")
    session_touch: int = Field(default=60, ge=1, description="How exactly the last use of a session is recorded")
    session_cache: float = Field(default=1.0, ge=0, le=1, description="For how long a session is not looked up again")
    owner_link_hours: int = Field(default=24, ge=1, le=168)
    invitation_hours: int = Field(default=72, ge=1, le=720)
    reset_link_hours: int = Field(default=24, ge=1, le=168)
    sign_up: bool = Field(
        default=False, description="People may sign up by themselves; each waits for somebody who manages people"
    )
    sign_up_link_hours: int = Field(default=24, ge=1, le=168, description="For confirming the address of a sign-up")
    sign_up_waiting_days: int = Field(default=90, ge=1, le=3650, description="After this long a sign-up is forgotten")
    forgotten_link_minutes: int = Field(
        default=60,
        ge=5,
        le=1440,
        description="For using a link for a new password that somebody asked for by themselves",
    )
    asked_per_email_hour: int = Field(default=3, ge=1, le=1000, description="Mails asked for to one address")
    asked_per_email_day: int = Field(default=8, ge=1, le=1000, description="Mails asked for to one address")
    asked_from_address_hour: int = Field(
        default=30, ge=1, le=10_000, description="Mails that nobody signed in asks for, from one network address"
    )
    asked_overall_hour: int = Field(default=300, ge=1, le=100_000, description="Mails that nobody signed in asks for")
    attempt_window: int = Field(default=60, ge=1, le=3600, description="The shortest window that sign-ins count in")
    attempts_per_account: int = Field(default=5, ge=1, le=1000, description="Wrong sign-ins in the window")
    attempts_in_5_minutes: int = Field(default=10, ge=1, le=1000, description="Wrong sign-ins to an account")
    attempts_an_hour: int = Field(default=30, ge=1, le=10_000, description="Wrong sign-ins to an account")
    attempts_a_day: int = Field(default=60, ge=1, le=100_000, description="Wrong sign-ins to an account")
    attempts_per_address: int = Field(default=30, ge=1, le=10_000, description="Wrong sign-ins in the window")
    attempts_overall: int = Field(
        default=300, ge=1, le=100_000, description="Wrong sign-ins to all accounts from unknown devices in the window"
    )
    device_days: int = Field(
        default=400, ge=1, le=400, description="How long a device that has signed in keeps an allowance of its own"
    )
    checks_a_minute: int = Field(default=60, ge=1, le=10_000, description="Passwords an address may have judged")
    step_seconds: int = Field(default=300, ge=30, le=3600, description="For the second factor after the password")
    step_tries: int = Field(default=5, ge=1, le=20, description="Second factors tried after one right password")
    challenge_seconds: int = Field(default=300, ge=30, le=3600, description="For answering with a passkey")
    factor_fresh: int = Field(
        default=600, ge=30, le=86_400, description="After this long, dangerous acts ask for a second factor again"
    )
    factor_tries_5_minutes: int = Field(default=5, ge=1, le=100, description="Wrong codes of a person in 5 minutes")
    factor_tries_hour: int = Field(default=20, ge=1, le=1000, description="Wrong codes of a person in an hour")
    factor_tries_day: int = Field(default=50, ge=1, le=1000, description="Wrong codes of a person in a day")
    station_days: int = Field(default=400, ge=1, le=400, description="Not used for this long, enrol the device again")
    pin_idle: int = Field(default=300, ge=30, le=3600, description="Without a touch for this long, the till locks")
    pin_limit: int = Field(default=12 * 3600, ge=300, le=86_400, description="After this long, give the PIN again")
    pin_tries_5_minutes: int = Field(default=5, ge=1, le=100, description="Wrong PINs of a person at a device")
    pin_tries_hour: int = Field(default=15, ge=1, le=1000, description="Wrong PINs of a person at a device")
    pin_tries_day: int = Field(default=30, ge=1, le=1000, description="Wrong PINs of a person at a device")
    station_tries_5_minutes: int = Field(default=15, ge=1, le=1000, description="Wrong PINs of all at a device")
    station_tries_hour: int = Field(default=40, ge=1, le=10_000, description="Wrong PINs of all at a device")
    station_tries_day: int = Field(default=100, ge=1, le=10_000, description="Wrong PINs of all at a device")
    approval_seconds: int = Field(default=120, ge=10, le=600, description="For using what somebody else approved")
    token_issuer: str = Field(default="urn:mainstay:identity", min_length=1, max_length=200)
    token_audience: str = Field(default="urn:mainstay:api", min_length=1, max_length=200)
    access_lifetime: int = Field(default=15 * 60, ge=60, le=3600)
    clock_skew: int = Field(default=30, ge=0, le=60, description="How far the clocks of processes may differ")
    refresh_idle: int = Field(default=14 * 86_400, ge=60, description="Not refreshed for this long, sign in again")
    refresh_limit: int = Field(default=60 * 86_400, ge=60, description="After this long, sign in again in any case")
    refresh_grace: int = Field(default=10, ge=0, le=60, description="For how long a second use gets the same successor")
    key_prefix: str = Field(default="tp", pattern=r"^[a-z]{2,10}$", description="How API keys begin")
    key_unused_days: int = Field(default=90, ge=1, le=3650, description="After this long without use a key is stale")

    @classmethod
    def load(cls, program: str) -> Self:
        """Read the section; raises ConfigurationError when people sign up and could not confirm their address."""
        found = super().load(program)
        in_production = CoreSettings.load(program).environment == "production"
        if found.sign_up and in_production and MailSettings.load(program).url is None:
            prefix = f"{program}_".upper()
            raise ConfigurationError(
                f"Set {prefix}MAIL_URL, or take {prefix}IDENTITY_SIGN_UP away: "
                "people who sign up confirm their address by a link in a mail."
            )
        return found
