"""Invitations. Tokens are kept as digests only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId
from mainstay.modules.identity.models.people import ROLE_IS_KNOWN


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
