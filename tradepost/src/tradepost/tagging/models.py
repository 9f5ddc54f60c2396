"""Tags and groups, and what they label."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId

PLAIN = Text(collation="C")
COLOURS = "'grey', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'pink'"


class Tag(HasId, Base):
    """A word that labels things, or a group they belong to; `name_key` is the name without case and odd spaces."""

    __tablename__ = "tagging_tag"
    __table_args__ = (
        UniqueConstraint("kind", "name_key"),
        CheckConstraint("kind IN ('tag', 'group')", name="kind_known"),
        CheckConstraint(f"colour IN ({COLOURS})", name="colour_known"),
        CheckConstraint("name <> '' AND char_length(name) <= 100", name="name_in_range"),
        CheckConstraint("name_key <> ''", name="name_key_given"),
    )

    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(PLAIN)
    colour: Mapped[str] = mapped_column(Text, server_default=text("'grey'"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Link(Base):
    """A thing that a tag labels: `entity` says what it is, such as `crm.contact`, and `entity_id` which one."""

    __tablename__ = "tagging_link"
    __table_args__ = (
        CheckConstraint("entity ~ '^[a-z]+[.][a-z_]+$' AND char_length(entity) <= 60", name="entity_form"),
        Index(None, "entity", "entity_id"),
    )

    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tagging_tag.id", ondelete="CASCADE"), primary_key=True)
    entity: Mapped[str] = mapped_column(PLAIN, primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(primary_key=True)
