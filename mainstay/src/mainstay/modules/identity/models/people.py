"""People who can sign in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, func, text
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
