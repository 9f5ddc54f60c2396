"""Links that reset a password, and requests for one. Tokens are kept as digests only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId


class Reset(HasId, Base):
    """A one-time link by which a person sets a new password; a newer one replaces it, and using it deletes it."""

    __tablename__ = "identity_reset"

    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), unique=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("identity_person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class ResetRequest(HasId, Base):
    """An address, as it is compared, for which somebody asked for such a link; a job answers and deletes it."""

    __tablename__ = "identity_reset_request"

    email_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
