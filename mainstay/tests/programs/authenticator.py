"""What stands for a person's phone in tests: an authenticator app, and a device that keeps passkeys (WebAuthn)."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

from mainstay import clock, crypto
from mainstay.modules.identity.service.totp import STEP_SECONDS, code_at

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def encode(value: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class App:
    """An authenticator app that took its key from the address in the QR code."""

    def __init__(self, uri: str) -> None:
        self.secret = base64.b32decode(parse_qs(urlsplit(uri).query)["secret"][0])

    def code(self, steps: int = 0) -> str:
        """Return the code that is shown now, or some steps later or earlier."""
        return code_at(self.secret, int(clock.now().timestamp()) // STEP_SECONDS + steps)


@dataclass(frozen=True, slots=True)
class Trick:
    """What a device or a browser tells otherwise than it is."""

    origin: str = "http://localhost"
    site: str = "localhost"
    is_verified: bool = True
    is_framed: bool = False
    challenge: str | None = None
    kind: str | None = None
    count: int | None = None


HONEST = Trick()


class Device:
    """A device with one passkey, which counts its uses as hardware keys do."""

    def __init__(self, *, counts: bool = True) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._counts = counts
        self.credential = crypto.new_bytes(32)
        self.user: str | None = None
        self.count = 0

    def make(self, asked: dict[str, Any], name: str = "Phone", trick: Trick = HONEST) -> dict[str, str]:
        """Answer `asked` with a new passkey, as the web app sends it."""
        self.user = asked["user"]
        numbers = self._key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + public
        data = self._data(trick, HAS_KEY) + attested
        return {
            "name": name,
            "credential": encode(self.credential),
            "client_data": encode(self._client_data("webauthn.create", asked, trick)),
            "attestation": encode(encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})),
        }

    def sign(self, asked: dict[str, Any], trick: Trick = HONEST) -> dict[str, Any]:
        """Answer `asked` with a signature, as the web app sends it."""
        self.count += self._counts
        data, client_data = self._data(trick), self._client_data("webauthn.get", asked, trick)
        signature = self._key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return {
            "kind": "passkey",
            "credential": encode(self.credential),
            "client_data": encode(client_data),
            "authenticator_data": encode(data),
            "signature": encode(signature),
            "user_handle": self.user,
        }

    def _data(self, trick: Trick, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if trick.is_verified else 0) | more
        count = self.count if trick.count is None else trick.count
        return hashlib.sha256(trick.site.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    @staticmethod
    def _client_data(kind: str, asked: dict[str, Any], trick: Trick) -> bytes:
        challenge = trick.challenge or asked["challenge"]
        told = {"type": trick.kind or kind, "challenge": challenge, "origin": trick.origin}
        return orjson.dumps({**told, "crossOrigin": trick.is_framed})
