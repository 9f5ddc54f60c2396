"""Sessions and sign-in attempts. Tokens are kept as digests only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId


class Session(HasId, Base):
    """A signed-in browser; it ends at `expires_at` or when it was not used for as long as the settings say."""

    __tablename__ = "identity_session"
    __table_args__ = (Index(None, "expires_at"),)

    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class Attempt(Base):
    """A sign-in that is being checked or was wrong; a right one takes its row away."""

    __tablename__ = "identity_attempt"
    __table_args__ = (Index(None, "account_digest", "attempted_at"), Index(None, "address", "attempted_at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_digest: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[str] = mapped_column(Text)
    attempted_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
