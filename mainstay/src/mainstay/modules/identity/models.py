"""People, sessions, invitations and sign-in attempts. Tokens are kept as digests only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId

ROLE_IS_KNOWN = "role IN ('owner', 'cashier')"


class Person(HasId, Base):
    """Somebody who can sign in; `email_key` is the e-mail as it is compared."""

    __tablename__ = "identity_person"
    __table_args__ = (CheckConstraint(ROLE_IS_KNOWN, name="role_known"), Index(None, "created_at", "id"))

    email: Mapped[str] = mapped_column(Text)
    email_key: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Session(HasId, Base):
    """A signed-in browser; it ends at `expires_at` or when it was not used for as long as the settings say."""

    __tablename__ = "identity_session"
    __table_args__ = (Index(None, "expires_at"),)

    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class Invitation(HasId, Base):
    """A one-time link to join with a role; the first owner's has no inviter, and there is one such row at most."""

    __tablename__ = "identity_invitation"
    __table_args__ = (
        CheckConstraint(ROLE_IS_KNOWN, name="role_known"),
        CheckConstraint("is_first_owner = (created_by IS NULL)", name="first_owner_uninvited"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted_by_somebody"),
        Index(
            "uq_identity_invitation_is_first_owner",
            "is_first_owner",
            unique=True,
            postgresql_where=text("is_first_owner"),
        ),
    )

    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    is_first_owner: Mapped[bool] = mapped_column(server_default=text("false"))
    role: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("identity_person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("identity_person.id"), index=True)


class Attempt(Base):
    """A sign-in that is being checked or was wrong; a right one takes its row away."""

    __tablename__ = "identity_attempt"
    __table_args__ = (Index(None, "account_digest", "attempted_at"), Index(None, "address", "attempted_at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_digest: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[str] = mapped_column(Text)
    attempted_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
