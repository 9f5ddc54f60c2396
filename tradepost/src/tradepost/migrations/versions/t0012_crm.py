"""People and companies, what they are reached by, the story of each record, and the search over all of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from mainstay.db.migrate import append_only, run_script

revision: str = "t0012"
down_revision: str | None = "t0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

PLAIN = sa.Text(collation="C")
LENGTHS = (
    "char_length(name) <= 300 AND "
    "char_length(given) <= 200 AND "
    "char_length(family) <= 200 AND "
    "char_length(middle) <= 200 AND "
    "char_length(prefix) <= 100 AND "
    "char_length(suffix) <= 100 AND "
    "char_length(company_name) <= 300 AND "
    "char_length(title) <= 200 AND "
    "char_length(department) <= 200 AND "
    "char_length(notes) <= 20000 AND "
    "char_length(uid) <= 500"
)
TABLES = ("timeline", "address", "website", "email", "phone", "contact")


def upgrade() -> None:
    """Create tables, indexes and the function that forgives typing errors."""
    _create_contact()
    _create_contact_indexes()
    _create_phone()
    _create_email()
    _create_places()
    _create_timeline()
    append_only("crm_timeline")
    run_script(("tradepost.migrations.sql", "crm_alike_1.sql"))


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP FUNCTION crm_alike, crm_alike_query")
    for table in TABLES:
        op.drop_table(f"crm_{table}")


def _optional(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=True)


def _contact_checks() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(
            "jsonb_typeof(foreign_properties) = 'array'", name=op.f("ck_crm_contact_foreign_properties_list")
        ),
        sa.CheckConstraint(
            "kind = 'person' OR num_nonnulls(company_id, company_name) = 0",
            name=op.f("ck_crm_contact_company_has_none"),
        ),
        sa.CheckConstraint("kind IN ('person', 'company')", name=op.f("ck_crm_contact_kind_known")),
        sa.CheckConstraint(
            "language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'", name=op.f("ck_crm_contact_language_form")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_crm_contact_name_given")),
        sa.CheckConstraint("source IN ('manual', 'vcard', 'csv', 'card')", name=op.f("ck_crm_contact_source_known")),
        sa.CheckConstraint(LENGTHS, name=op.f("ck_crm_contact_lengths_in_range")),
        sa.CheckConstraint("company_id <> id", name=op.f("ck_crm_contact_company_is_another")),
        sa.CheckConstraint("num_nonnulls(company_id, company_name) <= 1", name=op.f("ck_crm_contact_one_company")),
    ]


def _create_contact() -> None:
    op.create_table(
        "crm_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *map(_optional, ("given", "family", "middle", "prefix", "suffix")),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        *map(_optional, ("company_name", "title", "department", "language")),
        sa.Column("notes", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("uid", PLAIN, nullable=True),
        sa.Column("foreign_properties", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("name_key", PLAIN, nullable=False),
        sa.Column("company_key", PLAIN, server_default=sa.text("''"), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("alike", sa.Text(), nullable=False),
        _optional("content_hash"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *_contact_checks(),
        sa.ForeignKeyConstraint(["company_id"], ["crm_contact.id"], name=op.f("fk_crm_contact_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_contact")),
    )


def _create_contact_indexes() -> None:
    op.create_index(
        op.f("ix_crm_contact_alike"),
        "crm_contact",
        ["alike"],
        postgresql_using="gin",
        postgresql_ops={"alike": "gin_trgm_ops"},
        # What is entered is found at once: no list of what is still to be indexed has to be read or merged.
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index(
        "ix_crm_contact_archived",
        "crm_contact",
        ["name_key", "id"],
        postgresql_where=sa.text("archived_at IS NOT NULL"),
    )
    op.create_index(
        "ix_crm_contact_company",
        "crm_contact",
        [sa.literal_column("(company_key = '')"), "company_key", "name_key", "id"],
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        op.f("ix_crm_contact_company_id"),
        "crm_contact",
        ["company_id"],
        postgresql_where=sa.text("company_id IS NOT NULL"),
    )
    op.create_index(
        "ix_crm_contact_created", "crm_contact", ["created_at", "id"], postgresql_where=sa.text("archived_at IS NULL")
    )
    op.create_index(
        "ix_crm_contact_name", "crm_contact", ["name_key", "id"], postgresql_where=sa.text("archived_at IS NULL")
    )
    op.create_index(
        op.f("ix_crm_contact_search"),
        "crm_contact",
        ["search"],
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index(op.f("ix_crm_contact_uid"), "crm_contact", ["uid"], postgresql_where=sa.text("uid IS NOT NULL"))
    op.create_index(
        "ix_crm_contact_updated", "crm_contact", ["updated_at", "id"], postgresql_where=sa.text("archived_at IS NULL")
    )


def _create_phone() -> None:
    op.create_table(
        "crm_phone",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("e164", PLAIN, nullable=True),
        sa.CheckConstraint(r"e164 ~ '^\+[1-9][0-9]{1,14}$'", name=op.f("ck_crm_phone_e164_form")),
        sa.CheckConstraint(
            "kind IN ('work', 'mobile', 'home', 'fax', 'pager', 'other')", name=op.f("ck_crm_phone_kind_known")
        ),
        sa.CheckConstraint("written <> '' AND char_length(written) <= 100", name=op.f("ck_crm_phone_written_in_range")),
        sa.ForeignKeyConstraint(["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_phone_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", "position", name=op.f("pk_crm_phone")),
    )
    op.create_index(op.f("ix_crm_phone_e164"), "crm_phone", ["e164"], postgresql_where=sa.text("e164 IS NOT NULL"))


def _create_email() -> None:
    op.create_table(
        "crm_email",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", PLAIN, nullable=False),
        sa.CheckConstraint("char_length(address) <= 320 AND address ~ '.@.'", name=op.f("ck_crm_email_address_form")),
        sa.CheckConstraint(
            "char_length(address_key) <= 400 AND address_key ~ '.@.'", name=op.f("ck_crm_email_address_key_form")
        ),
        sa.CheckConstraint("kind IN ('work', 'home', 'other')", name=op.f("ck_crm_email_kind_known")),
        sa.ForeignKeyConstraint(["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_email_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", "position", name=op.f("pk_crm_email")),
    )
    op.create_index(op.f("ix_crm_email_address_key"), "crm_email", ["address_key"])


def _create_places() -> None:
    op.create_table(
        "crm_website",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.CheckConstraint("url <> '' AND char_length(url) <= 2000", name=op.f("ck_crm_website_url_in_range")),
        sa.ForeignKeyConstraint(["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_website_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", "position", name=op.f("pk_crm_website")),
    )
    op.create_table(
        "crm_address",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("postcode", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("city", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("region", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("country", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("kind IN ('work', 'home', 'other')", name=op.f("ck_crm_address_kind_known")),
        sa.CheckConstraint("text <> '' AND char_length(text) <= 2000", name=op.f("ck_crm_address_text_in_range")),
        sa.CheckConstraint(
            "char_length(concat(street, postcode, city, region, country)) <= 2000",
            name=op.f("ck_crm_address_parts_in_range"),
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_address_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", "position", name=op.f("pk_crm_address")),
    )


def _create_timeline() -> None:
    op.create_table(
        "crm_timeline",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("jsonb_typeof(details) = 'object'", name=op.f("ck_crm_timeline_details_object")),
        sa.CheckConstraint("what ~ '^[a-z_]{1,40}$'", name=op.f("ck_crm_timeline_what_form")),
        sa.ForeignKeyConstraint(["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_timeline_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_timeline")),
    )
    op.create_index(op.f("ix_crm_timeline_contact_id_id"), "crm_timeline", ["contact_id", "id"])
