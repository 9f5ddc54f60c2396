"""Forged access tokens: every one is refused, and each guard is seen to be what refuses."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey

from mainstay import clock, crypto, ids
from mainstay.modules.identity.errors import InvalidToken
from mainstay.modules.identity.service import access_tokens
from mainstay.modules.identity.service.access_tokens import Rules

RULES = Rules("urn:issuer", "urn:api", timedelta(minutes=15), timedelta(seconds=30))
Change = dict[str, Any]


def encode(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def decode(part: str) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return members


@dataclass(frozen=True)
class Mint:
    """Makes good tokens, and whatever a forger makes of them; it holds the real private key."""

    kid: str
    private: Ed25519PrivateKey
    person_id: UUID
    family_id: UUID

    @classmethod
    def new(cls) -> "Mint":
        return cls(crypto.new_token(16), Ed25519PrivateKey.generate(), ids.new_id(), ids.new_id())

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    def good(self) -> str:
        return access_tokens.issue(RULES, (self.kid, self.private.private_bytes_raw()), self.person_id, self.family_id)

    def signed(self, header: Change | None = None, claims: Change | None = None) -> str:
        """Return a token with changed members, signed with the real key: only its content is wrong."""
        first, second, _ = self.good().split(".")
        return self.over(encode({**decode(first), **(header or {})}), encode({**decode(second), **(claims or {})}))

    def without(self, *names: str) -> str:
        first, second, _ = self.good().split(".")
        header = {name: value for name, value in decode(first).items() if name not in names}
        claims = {name: value for name, value in decode(second).items() if name not in names}
        return self.over(encode(header), encode(claims))

    def over(self, header: str, claims: str) -> str:
        return f"{header}.{claims}.{encode(self.private.sign(f'{header}.{claims}'.encode()))}"


def accepts(mint: Mint, token: str, rules: Rules = RULES) -> bool:
    """Whether the program would let `token` in, were its family alive and its key known."""
    try:
        named = access_tokens.peek(token, rules)
        if named.kid != mint.kid or named.family_id != mint.family_id:
            return False
        return access_tokens.verify(token, mint.public, rules) == mint.person_id
    except InvalidToken:
        return False


def unsigned(spelling: str) -> Callable[[Mint], str]:
    def forge(mint: Mint) -> str:
        first, second, _ = mint.good().split(".")
        return f"{encode({**decode(first), 'alg': spelling})}.{second}."

    return forge


def header(**changes: object) -> Callable[[Mint], str]:
    return lambda mint: mint.signed(header=changes)


def claims(**changes: object) -> Callable[[Mint], str]:
    return lambda mint: mint.signed(claims=changes)


def moment(name: str, seconds: int) -> Callable[[Mint], str]:
    return lambda mint: mint.signed(claims={name: int(clock.now().timestamp()) + seconds})


def by_hmac(algorithm: str) -> Callable[[Mint], str]:
    """The public key, which everybody knows, as the secret of a symmetric algorithm."""

    def forge(mint: Mint) -> str:
        first, second, _ = mint.good().split(".")
        key = OctKey.import_key(mint.public)
        members = {**decode(first), "alg": algorithm}
        return jws.serialize_compact(members, json.dumps(decode(second)), key, algorithms=[algorithm])

    return forge


def by_another_key(mint: Mint) -> str:
    return replace(mint, private=Ed25519PrivateKey.generate()).good()


def with_own_key(name: str) -> Callable[[Mint], str]:
    """The forger's own public key, brought along in the header."""

    def forge(mint: Mint) -> str:
        forger = replace(mint, private=Ed25519PrivateKey.generate())
        key = OKPKey.import_key(forger.private.public_key()).as_dict(private=False)
        value: object = {"jwk": key, "x5c": [encode(forger.public)], "jku": "https://evil.example/jwks.json"}[name]
        return forger.signed(header={name: value})

    return forge


def parts(change: Callable[[list[str]], list[str]]) -> Callable[[Mint], str]:
    return lambda mint: ".".join(change(mint.good().split(".")))


def twice(where: int, name: str, value: object) -> Callable[[Mint], str]:
    """A member that comes twice, signed with the real key: readers differ in which they take."""

    def forge(mint: Mint) -> str:
        good = mint.good().split(".")
        text = json.dumps(decode(good[where]))
        good[where] = encode(f'{{"{name}": {json.dumps(value)}, {text[1:]}'.encode())
        return mint.over(good[0], good[1])

    return forge


def nested(mint: Mint) -> str:
    first, _claims, _ = mint.good().split(".")
    inner = mint.good()
    return mint.over(encode({**decode(first), "cty": "JWT"}), encode(inner.encode()))


def swapped(mint: Mint) -> str:
    """The claims of one genuine token under the signature of another."""
    other = mint.signed(claims={"jti": "other", "exp": int(clock.now().timestamp()) + 10**6})
    return ".".join([*other.split(".")[:2], mint.good().split(".")[2]])


FORGED: dict[str, Callable[[Mint], str]] = {
    **{f"alg {spelling!r}": unsigned(spelling) for spelling in ("none", "None", "NONE", "nOnE", "NoNe", "none ", "")},
    "alg missing": lambda mint: mint.without("alg"),
    "alg null": header(alg=None),
    "alg a list": header(alg=["Ed25519"]),
    "alg in other case": header(alg="ed25519"),
    "alg of the older name": header(alg="EdDSA"),
    "alg Ed448": header(alg="Ed448"),
    **{f"{name} with the public key": by_hmac(name) for name in ("HS256", "HS384", "HS512")},
    "alg RS256": header(alg="RS256"),
    "alg ES256": header(alg="ES256"),
    "another key": by_another_key,
    "another key in jwk": with_own_key("jwk"),
    "another key in x5c": with_own_key("x5c"),
    "another key at jku": with_own_key("jku"),
    "jku": header(jku="https://evil.example/jwks.json"),
    "jwk": header(jwk={}),
    "x5u": header(x5u="https://evil.example/cert.pem"),
    "x5c": header(x5c=[]),
    "x5t": header(x5t="abc"),
    "x5t#S256": header(**{"x5t#S256": "abc"}),
    "crit of exp": header(crit=["exp"]),
    "crit empty": header(crit=[]),
    "b64": header(b64=False, crit=["b64"]),
    "cty": header(cty="JWT"),
    "zip": header(zip="DEF"),
    "typ JWT": header(typ="JWT"),
    "typ missing": lambda mint: mint.without("typ"),
    "typ of a refresh token": header(typ="rt+jwt"),
    "typ null": header(typ=None),
    "kid missing": lambda mint: mint.without("kid"),
    "kid unknown": header(kid=crypto.new_token(16)),
    "kid a path": header(kid="../../../../dev/null"),
    "kid SQL": header(kid="' OR '1'='1' --       "),
    "kid SQL of a key": header(kid="x' UNION SELECT 'key'--"),
    "kid a command": header(kid="|/bin/sh -c id        "),
    "kid null byte": header(kid="\x00" * 22),
    "kid a number": header(kid=1),
    "kid a list": header(kid=["a"]),
    "kid empty": header(kid=""),
    "expired": moment("exp", -31),
    "exp missing": lambda mint: mint.without("exp"),
    "exp a text": claims(exp="9999999999"),
    "exp null": claims(exp=None),
    "nbf in the future": moment("nbf", 32),
    "nbf missing": lambda mint: mint.without("nbf"),
    "iat in the future": moment("iat", 32),
    "iat missing": lambda mint: mint.without("iat"),
    "another audience": claims(aud="urn:other"),
    "other audiences": claims(aud=["urn:other", "urn:more"]),
    "aud missing": lambda mint: mint.without("aud"),
    "another issuer": claims(iss="urn:other"),
    "issuer as a list": claims(iss=["urn:issuer"]),
    "issuer in part": claims(iss="urn:issue"),
    "iss missing": lambda mint: mint.without("iss"),
    "another person": claims(sub=str(ids.new_id())),
    "sub no id": claims(sub="owner"),
    "sub missing": lambda mint: mint.without("sub"),
    "another family": claims(sid=str(ids.new_id())),
    "sid no id": claims(sid="x"),
    "sid a number": claims(sid=1),
    "sid missing": lambda mint: mint.without("sid"),
    "jti missing": lambda mint: mint.without("jti"),
    "alg twice": twice(0, "alg", "none"),
    "kid twice": twice(0, "kid", "other"),
    "exp twice": twice(1, "exp", 1),
    "sub twice": twice(1, "sub", "other"),
    "cut off": lambda mint: mint.good()[:-10],
    "signature missing": parts(lambda each: [*each[:2], ""]),
    "two parts": parts(lambda each: each[:2]),
    "four parts": parts(lambda each: [*each, ""]),
    "five parts": parts(lambda each: [*each, "a", "b"]),
    "empty header": parts(lambda each: ["", *each[1:]]),
    "empty claims": parts(lambda each: [each[0], "", each[2]]),
    "header no object": parts(lambda each: [encode([1]), *each[1:]]),
    "header no JSON": parts(lambda each: [encode(b"\xff{"), *each[1:]]),
    "header not base64url": parts(lambda each: ["e30+/", *each[1:]]),
    "claims no object": parts(lambda each: [each[0], encode("text"), each[2]]),
    "header of another": parts(lambda each: [encode({"alg": "Ed25519", "typ": "at+jwt"}), *each[1:]]),
    "claims swapped": swapped,
    "signature of another key": lambda mint: ".".join([*mint.good().split(".")[:2], Mint.new().good().split(".")[2]]),
    "nested": nested,
    "deep": parts(lambda each: [encode(b"[" * 800), *each[1:]]),
    "huge": lambda mint: mint.signed(claims={"more": "x" * 2000}),
    "spaces": lambda mint: f" {mint.good()}",
    "padded": parts(lambda each: [each[0] + "==", *each[1:]]),
    "a line break": lambda mint: mint.good() + "\n",
}


def test_there_are_at_least_sixty_forged_tokens() -> None:
    assert len(FORGED) >= 60


@pytest.mark.practice(27)
def test_a_good_token_is_let_in() -> None:
    mint = Mint.new()

    assert accepts(mint, mint.good())
    assert accepts(mint, mint.signed())


@pytest.mark.practice(27)
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused(name: str) -> None:
    mint = Mint.new()

    assert not accepts(mint, FORGED[name](mint))


@pytest.mark.practice(27)
@pytest.mark.parametrize(("name", "seconds"), [("exp", -29), ("nbf", 29), ("iat", 29)])
def test_clocks_may_differ_by_thirty_seconds(name: str, seconds: int) -> None:
    mint = Mint.new()

    assert accepts(mint, moment(name, seconds)(mint))


# -- mutants: the same program with one guard less lets the forged token in ---


@pytest.mark.parametrize(
    ("name", "mutant"),
    [
        ("another audience", replace(RULES, audience="urn:other")),
        ("another issuer", replace(RULES, issuer="urn:other")),
        ("typ JWT", replace(RULES, type="JWT")),
        ("typ of a refresh token", replace(RULES, type="rt+jwt")),
        ("expired", replace(RULES, skew=timedelta(seconds=60))),
        ("nbf in the future", replace(RULES, skew=timedelta(seconds=60))),
    ],
)
def test_each_rule_is_what_refuses(name: str, mutant: Rules) -> None:
    mint = Mint.new()
    forged = FORGED[name](mint)

    assert not accepts(mint, forged)
    assert accepts(mint, forged, mutant)


class BytesAsKey:
    """What a broken program takes a key for: any bytes, good for any algorithm."""

    from_public_bytes = bytes


def test_the_pinned_algorithm_is_what_refuses_the_public_key_as_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant that takes the algorithm from the token and the key as bytes, as broken programs do, is fooled."""
    mint = Mint.new()
    forged = by_hmac("HS256")(mint)

    assert not accepts(mint, forged)
    assert not accepts(mint, forged, replace(RULES, algorithm="HS256"))  # the type of the key refuses as well
    monkeypatch.setattr(access_tokens, "OKPKey", OctKey)
    monkeypatch.setattr(access_tokens, "Ed25519PublicKey", BytesAsKey)
    assert accepts(mint, forged, replace(RULES, algorithm="HS256"))
