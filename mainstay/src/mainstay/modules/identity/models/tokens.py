"""What API clients sign in with: the keys that sign access tokens, and families of refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId


class SigningKey(Base):
    """A key pair (Ed25519); one signs, retired ones verify until their last token is dead and have no private half."""

    __tablename__ = "identity_signing_key"
    __table_args__ = (
        CheckConstraint("octet_length(public_key) = 32", name="public_key_whole"),
        CheckConstraint("(private_key_sealed IS NULL) = (retired_at IS NOT NULL)", name="one_half_when_retired"),
        Index(
            "uq_identity_signing_key_signs", text("(true)"), unique=True, postgresql_where=text("retired_at IS NULL")
        ),
    )

    kid: Mapped[str] = mapped_column(Text, primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    private_key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None]


class TokenFamily(HasId, Base):
    """A signed-in API client: all tokens that descend from one sign-in live and die together."""

    __tablename__ = "identity_token_family"
    __table_args__ = (Index(None, "expires_at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class RefreshToken(Base):
    """One refresh token of a family, spent or not; spent ones stay so that their reuse is noticed."""

    __tablename__ = "identity_refresh_token"
    __table_args__ = (CheckConstraint("NOT is_repeated OR spent_at IS NOT NULL", name="repeated_when_spent"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("identity_token_family.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    spent_at: Mapped[datetime | None]
    is_repeated: Mapped[bool] = mapped_column(server_default=text("false"))
