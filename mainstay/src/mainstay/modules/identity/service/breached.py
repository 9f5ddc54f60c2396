"""Passwords that were stolen elsewhere or are in every list: a Bloom filter, so that none of them is in the program.

`breached.bin` is made by `tools/breached_passwords.py`, which says from what. A password that is in no list is taken
for one once in 4,000 times; one that is in a list is always recognised.
"""

import hashlib
import importlib.resources
from functools import cache
from typing import Final

from mainstay.modules.identity.service.passwords import fold

MAGIC: Final = b"breached"
HASHES: Final = 12
SHORTEST: Final = 12
_HEAD = len(MAGIC) + 8


def is_known(password: str) -> bool:
    """Whether a password is in the lists, its case and the form of its letters aside."""
    bits, size = _filter()
    return all(bits[_HEAD + (place >> 3)] & (1 << (place & 7)) for place in places(fold(password), size))


def places(text: str, size: int) -> list[int]:
    """Return which of `size` bits stand for `text` (Kirsch and Mitzenmacher, 2006: two hashes make all others)."""
    digest = hashlib.sha256(text.encode()).digest()
    first, step = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big") | 1
    return [(first + number * step) % size for number in range(HASHES)]


@cache
def _filter() -> tuple[bytes, int]:
    """Return the file and the number of its bits; read when first needed, in a few milliseconds."""
    content = importlib.resources.files("mainstay.modules.identity").joinpath("breached.bin").read_bytes()
    size = int.from_bytes(content[len(MAGIC) : _HEAD], "big")
    if not content.startswith(MAGIC) or len(content) != _HEAD + (size + 7) // 8:
        raise ValueError("breached.bin is not what tools/breached_passwords.py makes")
    return content, size
