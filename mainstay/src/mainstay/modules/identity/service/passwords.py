"""Passwords as they are stored: hashed slowly, without holding up other requests. Which are accepted: `policy`."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from mainstay import crypto
from mainstay.modules.identity.settings import IdentitySettings

# bcrypt looks at no more, and whoever made the hash cut the password there or let bcrypt do so.
BCRYPT_BYTES = 72


def fold(text: str) -> str:
    """Return `text` as it is compared: the same letters in one form and without case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


class Hasher:
    """argon2id in a few threads of its own: hashing is slow on purpose and must not stop the event loop.

    A bcrypt hash that came from elsewhere is accepted once: the right password makes it one of argon2id.
    """

    def __init__(self, settings: IdentitySettings) -> None:
        argon2 = Argon2Hasher(
            time_cost=settings.hash_passes, memory_cost=settings.hash_memory_kib, parallelism=settings.hash_lanes
        )
        self._passwords = PasswordHash((argon2,))
        self._imported = BcryptHasher()
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
        if stored is not None and BcryptHasher.identify(stored):
            return self._verify_imported(password, stored)
        try:
            is_right, fresh = self._passwords.verify_and_update(
                unicodedata.normalize("NFKC", password), stored or nobodys
            )
        except UnknownHashError:
            return False, None
        return (is_right, fresh) if stored else (False, None)

    def _verify_imported(self, password: str, stored: str) -> tuple[bool, str | None]:
        """Check a hash that another program made of the password as it was typed, and hash it anew."""
        try:
            is_right = self._imported.verify(password.encode()[:BCRYPT_BYTES], stored)
        except ValueError:  # what looks like a bcrypt hash and is none
            return False, None
        return (True, self._hash(password)) if is_right else (False, None)

    @cached_property
    def _nobodys(self) -> str:
        """A hash that no password made, checked for accounts that do not exist."""
        return self._hash(crypto.new_token())


@cache
def hasher(settings: IdentitySettings) -> Hasher:
    """Return the process's hasher for `settings`."""
    return Hasher(settings)
