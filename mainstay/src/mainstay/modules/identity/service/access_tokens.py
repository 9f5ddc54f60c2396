"""Access tokens: short-lived JSON Web Tokens (RFC 7519, RFC 9068's type), signed with EdDSA on Ed25519 (RFC 9864)."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from mainstay import clock, ids
from mainstay.errors import JsonValue
from mainstay.modules.identity.errors import InvalidToken
from mainstay.modules.identity.settings import IdentitySettings

# What we make has some 500 characters; nothing much longer is looked at.
MAX_LENGTH = 1200
HEADER = frozenset({"alg", "kid", "typ"})

_PART = re.compile(r"[A-Za-z0-9_-]+")
_KID = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a token must be: one algorithm, one type, one issuer, one audience, and how far clocks may differ."""

    issuer: str
    audience: str
    lifetime: timedelta
    skew: timedelta
    algorithm: str = "Ed25519"
    type: str = "at+jwt"

    @classmethod
    def of(cls, settings: IdentitySettings) -> "Rules":
        """Return the rules by the program's settings."""
        return cls(
            settings.token_issuer,
            settings.token_audience,
            timedelta(seconds=settings.access_lifetime),
            timedelta(seconds=settings.clock_skew),
        )

    @property
    def overlap(self) -> timedelta:
        """For how long a key that signs no more must verify: until its last token is dead on every clock."""
        return self.lifetime + 2 * self.skew


@dataclass(frozen=True, slots=True)
class Names:
    """What a token says of itself before anything is proven: which key is to verify it, and its family."""

    kid: str
    family_id: UUID


def issue(rules: Rules, key: tuple[str, bytes], person_id: UUID, family_id: UUID) -> str:
    """Return a token for a person, signed with the (kid, private key)."""
    kid, private_key = key
    now = int(clock.now().timestamp())
    header = {"alg": rules.algorithm, "kid": kid, "typ": rules.type}
    claims = {
        "iss": rules.issuer,
        "aud": rules.audience,
        "sub": str(person_id),
        "sid": str(family_id),
        "jti": str(ids.new_id()),
        "iat": now,
        "nbf": now,
        "exp": now + int(rules.lifetime.total_seconds()),
    }
    signer = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(private_key))
    return jwt.encode(header, claims, signer, algorithms=[rules.algorithm])


def peek(token: str, rules: Rules) -> Names:
    """Return what `token` names, unproven. Raises InvalidToken for all that is not shaped as ours are.

    Our header has three members. Any other, such as one that brings or names a key (`jwk`, `jku`, `x5u`, `x5c`) or
    demands something of the reader (`crit`, `b64`), is refused and not read.
    """
    parts = token.split(".")
    if len(token) > MAX_LENGTH or len(parts) != 3:
        raise InvalidToken("The access token cannot be read.")
    header, claims = _members(parts[0]), _members(parts[1])
    if header.keys() != HEADER or header["alg"] != rules.algorithm or header["typ"] != rules.type:
        raise InvalidToken("This is no access token of this program.")
    kid, family_id = header["kid"], claims.get("sid")
    if not isinstance(kid, str) or not _KID.fullmatch(kid) or not isinstance(family_id, str):
        raise InvalidToken("This is no access token of this program.")
    try:
        return Names(kid, UUID(family_id))
    except ValueError as failure:
        raise InvalidToken("This is no access token of this program.") from failure


def verify(token: str, public_key: bytes, rules: Rules) -> UUID:
    """Return the person whom `token` was given to, proven by its signature and within its time. Raises InvalidToken."""
    registry = jwt.JWTClaimsRegistry(
        now=lambda: int(clock.now().timestamp()),
        leeway=int(rules.skew.total_seconds()),
        iss={"essential": True, "value": rules.issuer},
        aud={"essential": True, "value": rules.audience},
        sub={"essential": True},
        sid={"essential": True},
        jti={"essential": True},
        iat={"essential": True},
        nbf={"essential": True},
        exp={"essential": True},
    )
    try:
        key = OKPKey.import_key(Ed25519PublicKey.from_public_bytes(public_key))
        proven = jwt.decode(token, key, algorithms=[rules.algorithm])
        registry.validate(proven.claims)
        return UUID(proven.claims["sub"])
    except (JoseError, ValueError) as failure:
        raise InvalidToken("The access token has run out or is not genuine; get a new one.") from failure


def _members(part: str) -> dict[str, JsonValue]:
    """Return the JSON object in one part of a token; a name that comes twice is refused."""
    try:
        if not _PART.fullmatch(part):
            raise ValueError("not base64url")
        text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        members = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as failure:
        raise InvalidToken("The access token cannot be read.") from failure
    if not isinstance(members, dict):
        raise InvalidToken("The access token cannot be read.")
    return members


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name comes twice")
    return members
