"""People who can sign in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId


class Person(HasId, Base):
    """Somebody who can sign in, or could; `email_key` is the e-mail as it is compared.

    `place_ids` are the places, such as stores, that they are limited to; null: to none.
    Who was deleted stays as a name that documents refer to, without an address and for ever inactive.
    """

    __tablename__ = "identity_person"
    __table_args__ = (
        CheckConstraint("deleted_at IS NULL OR NOT is_active", name="deleted_is_inactive"),
        CheckConstraint("cardinality(place_ids) > 0", name="limited_to_something"),
        CheckConstraint("role <> 'owner' OR place_ids IS NULL", name="owner_everywhere"),
        Index(None, "created_at", "id"),
    )

    email: Mapped[str] = mapped_column(Text)
    email_key: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(ForeignKey("identity_role.key"), index=True)
    password_hash: Mapped[str] = mapped_column(Text)
    password_changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    place_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
