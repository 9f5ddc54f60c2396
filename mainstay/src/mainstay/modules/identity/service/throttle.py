"""How often somebody may guess: sliding windows on the database's clock, counted before the guess is looked at."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from mainstay import crypto
from mainstay.modules.identity.errors import TooManyAttempts
from mainstay.modules.identity.repository import attempts
from mainstay.modules.identity.repository.attempts import Allowance, Guess
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.net.network import network_of
from mainstay.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class MailAsker:
    """Who asks for a mail to an address: from which network address, and on which device if the account knows it."""

    email_key: str
    address: str
    device: bytes | None = None


def of_sign_ins(settings: IdentitySettings) -> Allowance:
    """Return how many wrong passwords are allowed, to an account and to each device that it knows."""
    window = timedelta(seconds=settings.attempt_window)
    return Allowance(
        rules=(
            (window, settings.attempts_per_account),
            (timedelta(minutes=5), settings.attempts_in_5_minutes),
            (timedelta(hours=1), settings.attempts_an_hour),
            (timedelta(days=1), settings.attempts_a_day),
        ),
        source_window=window,
        per_address=settings.attempts_per_address,
        overall=settings.attempts_overall,
    )


def of_checks(settings: IdentitySettings) -> Allowance:
    """Return how many passwords an address may have judged."""
    return Allowance(((timedelta(minutes=1), settings.checks_a_minute),))


async def count(uow: UnitOfWork, guess: Guess, allowance: Allowance) -> int:
    """Count a guess, whatever becomes of it, and return the id to forget it by. Raises TooManyAttempts."""
    guess = replace(guess, address=network_of(guess.address))
    attempt, seconds = await attempts.begin_attempt(uow, guess, allowance)
    if attempt is None:
        raise TooManyAttempts(f"Too many tries; try again in {_told(seconds)}.", headers={"Retry-After": str(seconds)})
    return attempt


async def admits(uow: UnitOfWork, what: Literal["reset", "sign_up"], asker: MailAsker) -> bool:
    """Count that somebody who is not signed in asks for a mail to an address; False when that was asked too often.

    Nobody is told so: it would say that others asked for the same address. The narrower allowances come first, so that
    one network, or one address, does not use up what is everybody's. A device that has signed in to the account before
    has an allowance of its own, so that strangers who ask do not keep its person from their mail.
    """
    settings = uow.setup.settings.of(IdentitySettings)
    hour, day = timedelta(hours=1), timedelta(days=1)
    known = "" if asker.device is None else f"/{asker.device.hex()}"
    rules = (
        (f"asked/{what}/from/{network_of(asker.address)}", ((hour, settings.asked_from_address_hour),)),
        (
            f"asked/{what}/{asker.email_key}{known}",
            ((hour, settings.asked_per_email_hour), (day, settings.asked_per_email_day)),
        ),
        (f"asked/{what}", ((hour, settings.asked_overall_hour),)),
    )
    for name, windows in rules:
        own = crypto.digest(name)
        attempt, _ = await attempts.begin_attempt(uow, Guess(own, asker.address, own), Allowance(windows))
        if attempt is None:
            return False
    return True


def _told(seconds: int) -> str:
    """Say how long to wait, rounded up."""
    if seconds <= 120:
        return f"{seconds} seconds"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes" if minutes <= 120 else f"{-(-minutes // 60)} hours"
