"""Tokens, digests and signatures; the only place that draws secret randomness."""

import base64
import hashlib
import hmac
import secrets


def new_token(size: int = 32) -> str:
    """Return `size` random bytes as URL-safe text without padding (43 characters for 32 bytes)."""
    return secrets.token_urlsafe(size)


def new_salt(size: int = 16) -> bytes:
    """Return `size` random bytes, for digests that nobody shall reach by guessing what they were made of."""
    return secrets.token_bytes(size)


def digest(text: str) -> bytes:
    """Return the SHA-256 of `text` (32 bytes): how tokens of high entropy are stored."""
    return hashlib.sha256(text.encode()).digest()


def sign(key: bytes, purpose: str, text: str) -> str:
    """Return an HMAC-SHA-256 of `text` for one `purpose`, URL-safe without padding (43 characters)."""
    mac = hmac.new(key, f"{purpose}\x00{text}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def is_equal(left: str, right: str) -> bool:
    """Compare two texts in time that does not depend on where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
