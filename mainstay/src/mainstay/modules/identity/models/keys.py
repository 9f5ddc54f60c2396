"""API keys, personal and of services."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId


class ApiKey(HasId, Base):
    """A key for programs: a person's own, or a service's where `person_id` is null.

    It has 256 random bits, so a fast digest hides it as well as a slow one would: there is nothing to guess.
    """

    __tablename__ = "identity_api_key"
    __table_args__ = (
        CheckConstraint("cardinality(permissions) > 0", name="permits_something"),
        CheckConstraint("expires_at > created_at", name="lives_for_a_while"),
        Index(None, "created_at", "id"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    hint: Mapped[str] = mapped_column(Text)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("identity_person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
