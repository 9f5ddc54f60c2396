"""People and companies with what they are reached by, and the story of each record."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base

# Compared byte by byte, so that order and prefixes do not depend on the server's locale.
PLAIN = Text(collation="C")
PLACES = "'work', 'home', 'other'"
LENGTHS = " AND ".join(
    f"char_length({column}) <= {longest}"
    for column, longest in {
        "name": 300, "given": 200, "family": 200, "middle": 200, "prefix": 100, "suffix": 100, "company_name": 300,
        "title": 200, "department": 200, "notes": 20000, "uid": 500,
    }.items()
)  # fmt: skip
ALIVE, ARCHIVED = text("archived_at IS NULL"), text("archived_at IS NOT NULL")
NO_COMPANY = "kind = 'person' AND company_id IS NULL AND company_name IS NULL"
# An index without a list of what is still to enter it, which would have to be read by every search, or merged.
AT_ONCE: dict[str, Any] = {"postgresql_using": "gin", "postgresql_with": {"fastupdate": "off"}}
# A column of addresses is called `text` as well.
EMPTY = text("''")


class Contact(Base):
    """A person or a company; `name` is the whole name as it is written, its parts are null where it came unsplit.

    The company of a person is another contact or a name alone. `name_key` and `company_key` are what lists are sorted
    by; `search` is everything that is searched by beginnings of words, `alike` what mistyped words are compared with:
    all are folded (rule 33). `content_hash` is that of the request which created it (rule 18). What was merged stays as
    it was and leads to the survivor (`merged_into`), which is never merged itself (rule 34). `owner_id` is the person
    whose contact it is, null for the house's.
    """

    __tablename__ = "crm_contact"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'company')", name="kind_known"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint(LENGTHS, name="lengths_in_range"),
        CheckConstraint("num_nonnulls(company_id, company_name) <= 1", name="one_company"),
        CheckConstraint("kind = 'person' OR num_nonnulls(company_id, company_name) = 0", name="company_has_none"),
        CheckConstraint("company_id <> id", name="company_is_another"),
        CheckConstraint("merged_into <> id", name="merged_into_another"),
        CheckConstraint("merged_into IS NULL OR archived_at IS NOT NULL", name="merged_is_put_away"),
        CheckConstraint("language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'", name="language_form"),
        CheckConstraint("source IN ('manual', 'vcard', 'csv', 'card')", name="source_known"),
        CheckConstraint("jsonb_typeof(foreign_properties) = 'array'", name="foreign_properties_list"),
        Index("ix_crm_contact_name", "name_key", "id", postgresql_where=ALIVE),
        # Those without a company come last.
        Index(
            "ix_crm_contact_company",
            text("(company_key = '')"),
            "company_key",
            "name_key",
            "id",
            postgresql_where=ALIVE,
        ),
        Index("ix_crm_contact_updated", "updated_at", "id", postgresql_where=ALIVE),
        Index("ix_crm_contact_created", "created_at", "id", postgresql_where=ALIVE),
        Index("ix_crm_contact_owner", "owner_id", "name_key", "id", postgresql_where=ALIVE),
        Index("ix_crm_contact_kind", "kind", "name_key", "id", postgresql_where=ALIVE),
        Index("ix_crm_contact_source", "source", "name_key", "id", postgresql_where=ALIVE),
        Index("ix_crm_contact_no_phone", "name_key", "id", postgresql_where=text(f"{ALIVE.text} AND NOT has_phone")),
        Index("ix_crm_contact_no_email", "name_key", "id", postgresql_where=text(f"{ALIVE.text} AND NOT has_email")),
        Index("ix_crm_contact_no_company", "name_key", "id", postgresql_where=text(f"{ALIVE.text} AND {NO_COMPANY}")),
        Index("ix_crm_contact_archived", "name_key", "id", postgresql_where=ARCHIVED),
        Index(None, "company_id", postgresql_where=text("company_id IS NOT NULL")),
        Index(None, "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        Index(None, "uid", postgresql_where=text("uid IS NOT NULL")),
        Index(None, "search", postgresql_ops={"search": "gin_trgm_ops"}, **AT_ONCE),
        Index(None, "alike", postgresql_ops={"alike": "gin_trgm_ops"}, **AT_ONCE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    given: Mapped[str | None] = mapped_column(Text)
    family: Mapped[str | None] = mapped_column(Text)
    middle: Mapped[str | None] = mapped_column(Text)
    prefix: Mapped[str | None] = mapped_column(Text)
    suffix: Mapped[str | None] = mapped_column(Text)
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("crm_contact.id"))
    company_name: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    source: Mapped[str] = mapped_column(Text)
    uid: Mapped[str | None] = mapped_column(PLAIN)
    # Lines of a vCard that this program does not know, for the way out (rule 32).
    foreign_properties: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    name_key: Mapped[str] = mapped_column(PLAIN)
    company_key: Mapped[str] = mapped_column(PLAIN, server_default=EMPTY)
    search: Mapped[str] = mapped_column(Text)
    alike: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str | None] = mapped_column(Text)
    # Triggers of those tables see to it.
    has_phone: Mapped[bool] = mapped_column(server_default=text("false"), comment="derived from crm_phone")
    has_email: Mapped[bool] = mapped_column(server_default=text("false"), comment="derived from crm_email")
    owner_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    archived_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("crm_contact.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Phone(Base):
    """A number as it was written, and in E.164 where it is one (rule 30)."""

    __tablename__ = "crm_phone"
    __table_args__ = (
        CheckConstraint("kind IN ('work', 'mobile', 'home', 'fax', 'pager', 'other')", name="kind_known"),
        CheckConstraint("written <> '' AND char_length(written) <= 100", name="written_in_range"),
        CheckConstraint(r"e164 ~ '^\+[1-9][0-9]{1,14}$'", name="e164_form"),
        Index(None, "e164", postgresql_where=text("e164 IS NOT NULL")),
    )

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    written: Mapped[str] = mapped_column(Text)
    e164: Mapped[str | None] = mapped_column(PLAIN)


class Email(Base):
    """An address as it was typed; `address_key` has its domain in IDNA form and lower case (rule 31)."""

    __tablename__ = "crm_email"
    __table_args__ = (
        CheckConstraint(f"kind IN ({PLACES})", name="kind_known"),
        CheckConstraint("char_length(address) <= 320 AND address ~ '.@.'", name="address_form"),
        CheckConstraint("char_length(address_key) <= 400 AND address_key ~ '.@.'", name="address_key_form"),
        Index(None, "address_key"),
    )

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    address_key: Mapped[str] = mapped_column(PLAIN)


class Website(Base):
    """A page as it was written."""

    __tablename__ = "crm_website"
    __table_args__ = (CheckConstraint("url <> '' AND char_length(url) <= 2000", name="url_in_range"),)

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    url: Mapped[str] = mapped_column(Text)


class Address(Base):
    """A place as one reads it (`text`), and in parts where they are known."""

    __tablename__ = "crm_address"
    __table_args__ = (
        CheckConstraint(f"kind IN ({PLACES})", name="kind_known"),
        CheckConstraint("text <> '' AND char_length(text) <= 2000", name="text_in_range"),
        CheckConstraint("char_length(concat(street, postcode, city, region, country)) <= 2000", name="parts_in_range"),
    )

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    street: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    postcode: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    city: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    region: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    country: Mapped[str] = mapped_column(Text, server_default=EMPTY)


class TimelineEntry(Base):
    """What happened to a record: which `version` it made, by whom, and `details` such as values before and after."""

    __tablename__ = "crm_timeline"
    __table_args__ = (
        CheckConstraint("what ~ '^[a-z_]{1,40}$'", name="what_form"),
        CheckConstraint("jsonb_typeof(details) = 'object'", name="details_object"),
        Index(None, "contact_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id"))
    version: Mapped[int] = mapped_column(Integer)
    what: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Key(Base):
    """What a contact is looked up by when another may be the same: derived, and written anew by a job."""

    __tablename__ = "crm_key"
    __table_args__ = (
        CheckConstraint("char_length(value) BETWEEN 1 AND 80", name="value_in_range"),
        Index(None, "contact_id"),
    )

    kind: Mapped[str] = mapped_column(PLAIN, primary_key=True)
    value: Mapped[str] = mapped_column(PLAIN, primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id", ondelete="CASCADE"), primary_key=True)


class Duplicate(Base):
    """Two contacts that may be the same, found by a job: how likely, and why."""

    __tablename__ = "crm_duplicate"
    __table_args__ = (
        CheckConstraint("low_id < high_id", name="each_pair_once"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score_in_range"),
        CheckConstraint("jsonb_typeof(reasons) = 'array'", name="reasons_list"),
        Index(None, "high_id"),
        Index("ix_crm_duplicate_score", "score", "low_id", "high_id"),
    )

    low_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id", ondelete="CASCADE"), primary_key=True)
    high_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    reasons: Mapped[list[Any]] = mapped_column(JSONB)
    found_at: Mapped[datetime] = mapped_column(server_default=func.now())


class NotSame(Base):
    """Two contacts that somebody told apart; it holds while both have the keys they had then (their digests)."""

    __tablename__ = "crm_not_same"
    __table_args__ = (
        CheckConstraint("low_id < high_id", name="each_pair_once"),
        Index(None, "high_id"),
    )

    low_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id", ondelete="CASCADE"), primary_key=True)
    high_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id", ondelete="CASCADE"), primary_key=True)
    low_digest: Mapped[str] = mapped_column(Text)
    high_digest: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Merge(Base):
    """Contacts that became one: what the survivor was and became, which references were moved, and who undid it.

    `moved` has for each table and column the keys of the rows that point to the survivor since, and to whom they did
    before. `content_hash` is that of the request (rule 18).
    """

    __tablename__ = "crm_merge"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(before) = 'object'", name="before_object"),
        CheckConstraint("jsonb_typeof(after) = 'object'", name="after_object"),
        CheckConstraint("jsonb_typeof(moved) = 'array'", name="moved_array"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_name IS NULL)", name="undone_by_somebody"),
        Index(None, "survivor_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    survivor_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    moved: Mapped[list[Any]] = mapped_column(JSONB)
    content_hash: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text)
    merged_at: Mapped[datetime] = mapped_column(server_default=func.now())
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None]
    undone_by_name: Mapped[str | None] = mapped_column(Text)


class MergePart(Base):
    """A contact that was merged, with what is not on its own record any more: its tags, and when it was put away."""

    __tablename__ = "crm_merge_part"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(labels) = 'array'", name="labels_array"),
        Index(None, "contact_id"),
    )

    merge_id: Mapped[UUID] = mapped_column(ForeignKey("crm_merge.id"), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("crm_contact.id"), primary_key=True)
    archived_at: Mapped[datetime | None]
    labels: Mapped[list[Any]] = mapped_column(JSONB)


class Import(Base):
    """A file of contacts and what came of it; kept until it is read.

    The same content is read once in the same way (rule 35): with the same `mapping`, which are the fields of its
    columns as text, empty where they are guessed, and with a header or without. `columns` are those of what is
    rejected. `owner_id` is whose contacts it makes, null for the house's. `scan` says whether a virus scanner
    has looked.
    """

    __tablename__ = "crm_import"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state_known"),
        CheckConstraint(
            "num_nonnulls(problem_code, problem) = CASE state WHEN 'failed' THEN 2 ELSE 0 END",
            name="failed_with_problem",
        ),
        CheckConstraint("format IN ('vcard', 'csv')", name="format_known"),
        CheckConstraint("scan IN ('none', 'clean')", name="scan_known"),
        CheckConstraint("char_length(filename) BETWEEN 1 AND 255", name="filename_in_range"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_form"),
        CheckConstraint("entries_accepted + entries_known + entries_rejected = entries_read", name="every_entry_told"),
        CheckConstraint("(content IS NULL) = (state = 'done')", name="content_until_read"),
        Index(None, "sha256", "mapping", "has_header", unique=True),
        Index(None, "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    format: Mapped[str] = mapped_column(Text)
    country: Mapped[str | None] = mapped_column(Text)
    mapping: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    has_header: Mapped[bool] = mapped_column(server_default=true())
    columns: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(Text, server_default=text("'waiting'"))
    owner_id: Mapped[UUID | None]
    scan: Mapped[str] = mapped_column(Text, server_default=text("'none'"))
    problem_code: Mapped[str | None] = mapped_column(Text)
    problem: Mapped[str | None] = mapped_column(Text)
    entries_read: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    entries_accepted: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    entries_known: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    entries_rejected: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class ImportRow(Base):
    """What came of an entry of a file: the contact that was made or known, or why it was rejected.

    `cells` are what was rejected, to be mended and sent again; those of imports before there were any are null.
    """

    __tablename__ = "crm_import_row"
    __table_args__ = (
        CheckConstraint("outcome IN ('accepted', 'known', 'rejected')", name="outcome_known"),
        CheckConstraint("outcome <> 'rejected' OR num_nulls(code, sentence) = 0", name="rejected_with_reason"),
        CheckConstraint("outcome <> 'rejected' OR contact_id IS NULL", name="rejected_is_none"),
        CheckConstraint("outcome = 'rejected' OR cells IS NULL", name="cells_of_rejected"),
        Index(None, "contact_id", postgresql_where=text("contact_id IS NOT NULL")),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("crm_import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    line: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    sentence: Mapped[str | None] = mapped_column(Text)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("crm_contact.id", ondelete="SET NULL"))
    cells: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
