"""Roles: named sets of rights."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base


class Role(Base):
    """A set of rights that people hold by having the role.

    `known_permissions` are those that were ever decided for it; a built-in role also holds what modules declare for it
    from the start and what is not among them yet (see `mainstay.permission.Roles.effective`). `extents` say of kinds of
    records whose the role reaches, `own` or `team`; of all others, everybody's.
    """

    __tablename__ = "identity_role"
    __table_args__ = (
        CheckConstraint("key ~ '^[a-z][a-z0-9_]{0,39}$'", name="key_is_plain"),
        CheckConstraint(
            """NOT jsonb_path_exists(extents, '$.* ? (@ != "own" && @ != "team")')""", name="extents_known"
        ),
    )

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    is_built_in: Mapped[bool] = mapped_column(server_default=text("false"))
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    known_permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    extents: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
