"""People who signed up by themselves and are not here yet. Tokens are kept as digests only."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId


class SignUp(HasId, Base):
    """Somebody who wants to join; `email_key` is the e-mail as it is compared.

    Until the link in a mail was used (`confirmed_at`) it says nothing about whose address it is; then it waits until
    somebody approves or refuses it. It is no person: whatever looks for people does not find it.
    """

    __tablename__ = "identity_sign_up"
    __table_args__ = (
        CheckConstraint("language IN ('en', 'ru')", name="language_known"),
        CheckConstraint("confirmed_at IS NULL OR token_digest IS NULL", name="link_used_up"),
        Index(
            "uq_identity_sign_up_email_key_confirmed",
            "email_key",
            unique=True,
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        Index(None, "confirmed_at", "id"),
    )

    email: Mapped[str] = mapped_column(Text)
    email_key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
