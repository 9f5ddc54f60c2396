"""Steps on the way: sign-ins that wait for their second factor, and challenges for passkeys. Tokens as digests only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base


class PendingSignIn(Base):
    """A browser whose person gave the right password and not yet the second factor: this is no session."""

    __tablename__ = "identity_pending_sign_in"
    __table_args__ = (Index(None, "expires_at"),)

    token_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), index=True)
    ends_with_browser: Mapped[bool] = mapped_column(server_default=text("false"))
    tries: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class Challenge(Base):
    """What a passkey is to sign, for one browser (`bound_to`) and one purpose; it is taken away by its first use."""

    __tablename__ = "identity_challenge"
    __table_args__ = (Index(None, "expires_at"),)

    bound_to: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, primary_key=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
