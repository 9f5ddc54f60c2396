"""Second factors: what a person can prove besides the password, how often codes were tried, which roles need one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId


class Totp(HasId, Base):
    """An authenticator app: its key is sealed; it counts once it is confirmed, and each time step works once."""

    __tablename__ = "identity_totp"
    __table_args__ = (
        Index("uq_identity_totp_begun", "person_id", unique=True, postgresql_where=text("confirmed_at IS NULL")),
        Index("uq_identity_totp_counting", "person_id", unique=True, postgresql_where=text("confirmed_at IS NOT NULL")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), index=True)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    confirmed_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(HasId, Base):
    """A code that works once instead of a lost factor; `selector`, its first character, tells which it is."""

    __tablename__ = "identity_recovery_code"
    __table_args__ = (Index(None, "person_id", "selector", unique=True),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"))
    selector: Mapped[str] = mapped_column(Text)
    code_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime | None]


class Passkey(HasId, Base):
    """A passkey: the public half of a key that a device keeps; `site` is the name of ours that it was made for."""

    __tablename__ = "identity_passkey"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count_counts"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    site: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime | None]


class FactorTry(Base):
    """A code that is being checked or was wrong; a right one takes its row away."""

    __tablename__ = "identity_factor_try"
    __table_args__ = (Index(None, "person_id", "tried_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"))
    tried_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class FactorPolicy(Base):
    """A role whose people must have a second factor."""

    __tablename__ = "identity_factor_policy"

    role: Mapped[str] = mapped_column(ForeignKey("identity_role.key", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Policy(Base):
    """A policy that somebody has stated, and how often: whoever states it anew says which statement they have read."""

    __tablename__ = "identity_policy"
    __table_args__ = (CheckConstraint("version > 0", name="version_counts"),)

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
