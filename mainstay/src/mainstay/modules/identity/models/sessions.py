"""Sessions and sign-in attempts. Tokens are kept as digests only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId


class Session(HasId, Base):
    """A signed-in browser; it ends at `expires_at` or when it was not used for as long as the settings say.

    `address` and `user_agent` are what the browser said of itself when the session began; `factor_at` is when a
    second factor was last given in it; `station_id` is the shared device on which it began by a PIN.
    """

    __tablename__ = "identity_session"
    __table_args__ = (Index(None, "expires_at"),)

    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(Text, server_default=text("''"))
    user_agent: Mapped[str] = mapped_column(Text, server_default=text("''"))
    ends_with_browser: Mapped[bool] = mapped_column(server_default=text("false"))
    factor_at: Mapped[datetime | None]
    station_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity_station.id", ondelete="CASCADE"), index=True)


class Attempt(Base):
    """A try that is being checked or was wrong; a right one takes its row away.

    With a `device_digest` it counts for that device alone: one that has signed in to the account before.
    """

    __tablename__ = "identity_attempt"
    __table_args__ = (
        Index(None, "account_digest", "attempted_at"),
        Index(None, "address", "attempted_at"),
        Index(None, "device_digest", "attempted_at"),
        Index(None, "attempted_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_digest: Mapped[bytes] = mapped_column(LargeBinary)
    device_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    address: Mapped[str] = mapped_column(Text)
    attempted_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
