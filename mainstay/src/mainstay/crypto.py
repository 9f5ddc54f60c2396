"""Tokens, digests, signatures and sealed secrets; the only place that draws secret randomness."""

import base64
import hashlib
import hmac
import secrets

LABEL_BYTES = 4
_NONCE_BYTES = 12


class Unreadable(Exception):
    """What was sealed was changed, belongs to something else, or was sealed under another key."""


def new_bytes(size: int) -> bytes:
    """Return `size` random bytes."""
    return secrets.token_bytes(size)


def new_text(alphabet: str, length: int) -> str:
    """Return `length` characters drawn from `alphabet`, each with the same chance."""
    return "".join(secrets.choice(alphabet) for _ in range(length))


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
    mac = hmac.digest(key, f"{purpose}\x00{text}".encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def tag(key: bytes, purpose: str, text: str) -> str:
    """Return 128 bits of a keyed BLAKE2b (RFC 7693) of `text` for one `purpose`, in 32 hexadecimal digits.

    For what is signed with every answer: a third of the time of `sign`, and no other thread comes between, as it does
    where OpenSSL lets them.
    """
    short = key if len(key) <= hashlib.blake2b.MAX_KEY_SIZE else hashlib.sha512(key).digest()
    return hashlib.blake2b(f"{purpose}\x00{text}".encode(), key=short, digest_size=16).hexdigest()


def is_equal(left: str, right: str) -> bool:
    """Compare two texts in time that does not depend on where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def derive_key(key: bytes, purpose: str) -> bytes:
    """Return a key of 32 bytes for one `purpose` (HKDF-SHA-256, RFC 5869), from which `key` cannot be found."""
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - the first process of a start seals nothing
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - the first process of a start seals nothing

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)


def seal(key: bytes, purpose: str, secret: bytes, owner: str) -> bytes:
    """Encrypt `secret` for one `purpose` so that it opens for its `owner` alone (AES-256-GCM).

    The first bytes tell which key sealed it, so that a later one can open what an older one has sealed.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - the first process of a start seals nothing

    derived = derive_key(key, purpose)
    nonce = new_bytes(_NONCE_BYTES)
    return _label_of_derived(derived) + nonce + AESGCM(derived).encrypt(nonce, secret, owner.encode())


def unseal(key: bytes, purpose: str, sealed: bytes, owner: str) -> bytes:
    """Return what `seal` was given; raises Unreadable."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - the first process of a start seals nothing
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - the first process of a start seals nothing

    derived = derive_key(key, purpose)
    rest = sealed[LABEL_BYTES:]
    if label_in(sealed) != _label_of_derived(derived):
        raise Unreadable("It was sealed under another key.")
    try:
        return AESGCM(derived).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], owner.encode())
    except (InvalidTag, ValueError) as failure:
        raise Unreadable("It was changed, or belongs to something else.") from failure


def label_of(key: bytes, purpose: str) -> bytes:
    """Return the name of `key` in what it sealed for one `purpose`; it tells nothing of the key."""
    return _label_of_derived(derive_key(key, purpose))


def label_in(sealed: bytes) -> bytes:
    """Return the name of the key that sealed a value: its first bytes, whatever they are."""
    return sealed[:LABEL_BYTES]


def _label_of_derived(derived: bytes) -> bytes:
    return hashlib.sha256(b"label" + derived).digest()[:LABEL_BYTES]
