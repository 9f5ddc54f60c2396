"""What the routes of API clients take and give."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

RefreshToken = Annotated[SecretStr, Field(min_length=20, max_length=100)]


class RefreshIn(BaseModel):
    """A refresh token, which the answer replaces."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: RefreshToken = Field(examples=["rt_the-refresh-token-of-the-last-answer"])


class TokensOut(BaseModel):
    """What an API client holds; send the access token as `Authorization: Bearer`, and keep both secret."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  the name of a scheme
    expires_in: int = Field(description="For how many seconds the access token works", examples=[900])
    refresh_token: str = Field(description="Works once; exchange it before or after the access token has run out")


class PublicKeyOut(BaseModel):
    """A key that verifies access tokens (RFC 7517, RFC 8037, RFC 9864)."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    use: Literal["sig"] = "sig"
    alg: Literal["Ed25519"] = "Ed25519"
    kid: str
    x: str


class KeySetOut(BaseModel):
    """Every key that verifies, the newest first."""

    keys: list[PublicKeyOut]
