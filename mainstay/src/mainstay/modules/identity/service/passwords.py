"""Passwords: which are accepted, and how they are hashed without holding up other requests."""

import asyncio
import importlib.resources
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from mainstay import crypto
from mainstay.errors import FieldProblem
from mainstay.modules.identity.errors import PasswordRefused
from mainstay.modules.identity.settings import IdentitySettings

MAX_LENGTH = 128
MIN_DISTINCT = 5
# Shorter parts of a name are found in ordinary sentences too.
MIN_OWN_PART = 4


def fold(text: str) -> str:
    """Return `text` as it is compared: the same letters in one form and without case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def check_password(password: str, settings: IdentitySettings, *own: str) -> None:
    """Raise PasswordRefused for a password that is short, common, or holds one of the person's `own` words.

    No kind of character is demanded or forbidden (NIST SP 800-63B-4, ASVS 5.0 6.2.5); length counts characters.
    """
    problem = _problem(password, settings.password_min, own)
    if problem is not None:
        code, message = problem
        raise PasswordRefused(message, errors=[FieldProblem("password", code, message)])


def _problem(password: str, least: int, own: tuple[str, ...]) -> tuple[str, str] | None:
    folded = fold(password)
    if len(password) < least:
        return "too_short", f"Use at least {least} characters; a few words that do not belong together are good."
    if len(password) > MAX_LENGTH:
        return "too_long", f"Use at most {MAX_LENGTH} characters."
    if folded in _common_passwords() or len(set(folded)) < MIN_DISTINCT:
        return "too_common", "This password is among the first that others try; choose another one."
    if any(part in folded for part in _parts(own)):
        return "holds_own_words", "Leave your name and your e-mail out of the password."
    return None


def _parts(own: tuple[str, ...]) -> set[str]:
    """Return the words of names and e-mail addresses that a password must not hold."""
    words = {word for text in own for word in fold(text).replace("@", " ").replace(".", " ").split()}
    return {word for word in words if len(word) >= MIN_OWN_PART}


@cache
def _common_passwords() -> frozenset[str]:
    file = importlib.resources.files("mainstay.modules.identity").joinpath("common_passwords.txt")
    return frozenset(fold(line) for line in file.read_text(encoding="utf-8").splitlines() if line)


class Hasher:
    """argon2id in a few threads of its own: hashing is slow on purpose and must not stop the event loop."""

    def __init__(self, settings: IdentitySettings) -> None:
        argon2 = Argon2Hasher(
            time_cost=settings.hash_passes, memory_cost=settings.hash_memory_kib, parallelism=settings.hash_lanes
        )
        self._passwords = PasswordHash((argon2,))
        # The number of threads is the limit on how much memory and processor all hashing takes.
        self._threads = ThreadPoolExecutor(settings.hash_concurrency, thread_name_prefix="identity-hash")

    async def hash(self, password: str) -> str:
        """Return a salted hash of `password`."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hash, password)

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Say whether `password` made the hash `stored`, and return a new hash where the settings ask for more.

        Without a stored hash it takes the same time and says no.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._verify, password, stored)

    def _hash(self, password: str) -> str:
        return self._passwords.hash(unicodedata.normalize("NFKC", password))

    def _verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        nobodys = self._nobodys
        try:
            is_right, fresh = self._passwords.verify_and_update(
                unicodedata.normalize("NFKC", password), stored or nobodys
            )
        except UnknownHashError:
            return False, None
        return (is_right, fresh) if stored else (False, None)

    @cached_property
    def _nobodys(self) -> str:
        """A hash that no password made, checked for accounts that do not exist."""
        return self._hash(crypto.new_token())


@cache
def hasher(settings: IdentitySettings) -> Hasher:
    """Return the process's hasher for `settings`."""
    return Hasher(settings)
