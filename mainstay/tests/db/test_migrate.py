"""Migrations: up, down and up again, one after the other however many start, and equal to the models."""

import importlib.resources
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from alembic.util import CommandError
from psycopg.errors import RestrictViolation
from sample.main import make_program
from sample.notes import MODULE as NOTES
from sqlalchemy import Column, Integer, Table, Text

from mainstay.bootstrap.program import Program
from mainstay.db import migrate
from mainstay.db.migrate import Scope
from mainstay.db.models import Base
from mainstay.errors import ConfigurationError
from mainstay.modules.identity.module import IDENTITY
from mainstay.testing.database import plain

MAINSTAY = ("mainstay.migrations",)
ADD_EVENT = """
INSERT INTO mainstay_event (id, name, payload, request_id, happened_at)
VALUES (gen_random_uuid(), 'sample.note_written', '{}', '-', now())
"""
TABLES = "SELECT array_agg(tablename::text ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'"
PARTS = """
SELECT array_agg(part ORDER BY part) FROM (
    SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
) AS present (part)
"""
FUNCTIONS = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
TYPES = "SELECT count(*) FROM pg_type WHERE typnamespace = 'public'::regnamespace"


@pytest.fixture(scope="session")
def program() -> Program:
    """The sample program with identity, whose tables Mainstay's migrations make."""
    return replace(make_program(), modules=(IDENTITY, NOTES))


def ask(url: str, sql: str) -> object:
    """Run one statement that is committed, and return the first value it gives."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


@pytest.fixture
def extra_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A distribution `bakery` with one migration, for tests that add to it."""
    versions = tmp_path / "bakery_migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "__init__.py").write_text('"""Migrations of a bakery."""\n')
    monkeypatch.delitem(sys.modules, "bakery_migrations", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    write_migration(versions, "b0001", None, "op.create_table('bakery_loaf', sa.Column('id', sa.Integer()))")
    return "bakery_migrations"


def write_migration(versions: Path, revision: str, before: str | None, body: str) -> None:
    labels = "('bakery_migrations',)" if before is None else "None"
    (versions / f"{revision}.py").write_text(
        f'"""A migration."""\nimport sqlalchemy as sa\nfrom alembic import op\n'
        f"revision = {revision!r}\ndown_revision = {before!r}\nbranch_labels = {labels}\ndepends_on = None\n"
        f"def upgrade():\n    {body}\ndef downgrade():\n    pass\n"
    )


# -- up and down -------------------------------------------------------------------------------------------------------


@pytest.mark.practice(34)
def test_an_empty_database_built_by_migrations_alone_equals_the_models(
    program: Program, empty_database_url: str
) -> None:
    assert migrate.pending(empty_database_url, program.migrations) != []

    migrate.upgrade(empty_database_url, program.migrations)

    assert migrate.pending(empty_database_url, program.migrations) == []
    assert migrate.drift(empty_database_url, program.migrations, program.scope) == []


@pytest.mark.practice(34)
def test_up_down_and_up_again_keeps_the_data_of_what_was_not_taken_down(
    program: Program, fresh_database_url: str
) -> None:
    ask(fresh_database_url, ADD_EVENT)

    migrate.downgrade(fresh_database_url, program.migrations, "sample@base")
    assert ask(fresh_database_url, "SELECT to_regclass('sample_note')") is None
    migrate.upgrade(fresh_database_url, program.migrations)

    assert ask(fresh_database_url, "SELECT count(*) FROM mainstay_event") == 1
    assert migrate.drift(fresh_database_url, program.migrations, program.scope) == []


def test_going_all_the_way_down_leaves_nothing_and_up_again_makes_the_same(fresh_database_url: str) -> None:
    before = [ask(fresh_database_url, sql) for sql in (TABLES, FUNCTIONS, TYPES)]
    packages = (*MAINSTAY, "sample.migrations")

    migrate.downgrade(fresh_database_url, packages, "sample@base")
    migrate.downgrade(fresh_database_url, packages, "mainstay@base")
    assert ask(fresh_database_url, TABLES) == ["mainstay_migration"]
    assert ask(fresh_database_url, FUNCTIONS) == 0
    migrate.upgrade(fresh_database_url, packages)

    assert [ask(fresh_database_url, sql) for sql in (TABLES, FUNCTIONS, TYPES)] == before


def test_each_of_mainstays_migrations_can_be_taken_back_alone(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url, MAINSTAY)
    whole = ask(empty_database_url, PARTS)

    migrate.downgrade(empty_database_url, MAINSTAY, "mainstay@-1")
    assert ask(empty_database_url, PARTS) != whole
    migrate.upgrade(empty_database_url, MAINSTAY)

    assert ask(empty_database_url, PARTS) == whole


def test_a_single_revision_can_be_the_aim(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url, MAINSTAY, "m0001")

    assert ask(empty_database_url, "SELECT to_regclass('mainstay_event')::text") == "mainstay_event"
    assert ask(empty_database_url, "SELECT to_regclass('identity_person')") is None
    assert migrate.pending(empty_database_url, MAINSTAY) == ["m0032"]


def test_programs_that_start_together_migrate_once(program: Program, empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as programs:
        list(programs.map(lambda _: migrate.upgrade(empty_database_url, program.migrations), range(4)))

    assert migrate.pending(empty_database_url, program.migrations) == []
    assert ask(empty_database_url, "SELECT count(*) FROM mainstay_migration") == 2


def test_a_failing_migration_leaves_nothing_of_itself_and_frees_the_lock(
    extra_package: str, empty_database_url: str
) -> None:
    versions = Path(str(importlib.resources.files(extra_package))) / "versions"
    write_migration(versions, "b0002", "b0001", "op.create_table('bakery_bun'); op.execute('SELECT 1 / 0')")

    for _ in range(2):
        with pytest.raises(Exception, match=r"division by zero"):
            migrate.upgrade(empty_database_url, (*MAINSTAY, extra_package))

    assert ask(empty_database_url, "SELECT to_regclass('bakery_loaf')::text") == "bakery_loaf"
    assert ask(empty_database_url, "SELECT to_regclass('bakery_bun')") is None
    assert "b0002" in migrate.pending(empty_database_url, (*MAINSTAY, extra_package))


def test_every_migration_runs_with_limits_on_locks_and_statements(extra_package: str, empty_database_url: str) -> None:
    versions = Path(str(importlib.resources.files(extra_package))) / "versions"
    body = "op.execute(\"CREATE TABLE bakery_limit AS SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement\")"  # noqa: E501  a line of a migration
    write_migration(versions, "b0002", "b0001", body)

    migrate.upgrade(empty_database_url, (*MAINSTAY, extra_package))

    assert ask(empty_database_url, "SELECT array[lock, statement] FROM bakery_limit") == ["200ms", "10min"]


def test_a_migration_gives_every_watched_table_a_new_mark_with_its_commit(
    extra_package: str, empty_database_url: str
) -> None:
    """A view or a column's type that it changes is no row that a trigger would see."""
    versions = Path(str(importlib.resources.files(extra_package))) / "versions"
    migrate.upgrade(empty_database_url, (*MAINSTAY, extra_package))
    add = "INSERT INTO mainstay_topic (name) VALUES ('bakery_loaf'), ('bakery_flour')"
    marks = "SELECT array_agg(mark::text ORDER BY name) FROM mainstay_topic"
    ask(empty_database_url, add)
    seen = [ask(empty_database_url, marks)]
    migrate.upgrade(empty_database_url, (*MAINSTAY, extra_package))
    write_migration(versions, "b0002", "b0001", "op.execute('CREATE VIEW bakery_view AS SELECT 1')")
    seen.append(ask(empty_database_url, marks))

    migrate.upgrade(empty_database_url, (*MAINSTAY, extra_package))

    renewed = ask(empty_database_url, marks)
    assert seen[0] == seen[1]
    assert isinstance(renewed, list)
    assert isinstance(seen[0], list)
    assert not set(renewed) & set(seen[0])
    assert len(renewed) == len(seen[0]) == 2


# -- drift -------------------------------------------------------------------------------------------------------------


@pytest.mark.practice(35)
def test_a_model_without_its_migration_is_reported(program: Program, fresh_database_url: str) -> None:
    forgotten = Table("sample_forgotten", Base.metadata, Column("id", Integer, primary_key=True))
    try:
        found = migrate.drift(
            fresh_database_url, program.migrations, replace(program.scope, tables={*program.tables, "sample_forgotten"})
        )
    finally:
        Base.metadata.remove(forgotten)

    assert len(found) == 1
    assert "add_table" in found[0]
    assert "sample_forgotten" in found[0]


@pytest.mark.practice(35)
@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ("ALTER TABLE sample_note DROP COLUMN text", "add_column"),
        ("ALTER TABLE sample_note ADD COLUMN colour text", "remove_column"),
        ("ALTER TABLE sample_note ALTER COLUMN text DROP NOT NULL", "modify_nullable"),
        ("ALTER TABLE sample_note ALTER COLUMN text TYPE integer USING 1", "modify_type"),
        ("ALTER TABLE mainstay_event DROP CONSTRAINT uq_mainstay_event_id", "add_constraint"),
        ("DROP INDEX ix_mainstay_event_name_position", "add_index"),
        ("ALTER TABLE mainstay_job_done ALTER COLUMN done_at DROP DEFAULT", "modify_default"),
        ("CREATE TABLE sample_stray (id integer)", "remove_table"),
        ("CREATE TABLE mainstay_stray (id integer)", "remove_table"),
    ],
)
def test_a_database_that_differs_from_the_models_is_reported(
    program: Program, fresh_database_url: str, change: str, sign: str
) -> None:
    ask(fresh_database_url, change)

    found = migrate.drift(fresh_database_url, program.migrations, program.scope)

    assert len(found) == 1
    assert sign in found[0]


def test_models_of_other_programs_in_the_same_process_are_no_drift(program: Program, fresh_database_url: str) -> None:
    foreign = Table("bakery_loaf", Base.metadata, Column("id", Integer, primary_key=True))
    try:
        assert migrate.drift(fresh_database_url, program.migrations, program.scope) == []
    finally:
        Base.metadata.remove(foreign)


def test_tables_of_others_in_the_same_database_are_no_drift(fresh_database_url: str) -> None:
    """Mainstay's own migrations make the tables of modules that a program leaves out, here identity's."""
    ask(fresh_database_url, "CREATE TABLE bakery_loaf (id integer)")
    sample = make_program()

    assert migrate.drift(fresh_database_url, sample.migrations, sample.scope) == []
    assert ask(fresh_database_url, "SELECT to_regclass('identity_person') IS NOT NULL")


def test_a_branch_with_two_heads_is_refused_in_one_sentence(extra_package: str, empty_database_url: str) -> None:
    versions = Path(str(importlib.resources.files(extra_package))) / "versions"
    for revision in ("b0002", "b0003"):
        write_migration(versions, revision, "b0001", "pass")

    with pytest.raises(ConfigurationError, match=r"one migration head per distribution, found: .*b0002.*b0003"):
        migrate.drift(empty_database_url, (*MAINSTAY, extra_package), Scope(set(), ()))


def test_a_database_of_a_newer_program_is_not_taken_for_a_current_one(program: Program) -> None:
    with pytest.raises(CommandError):
        migrate.missing(["m9999"], program.migrations)


# -- tools for migrations ----------------------------------------------------------------------------------------------


def test_a_written_revision_holds_what_the_models_have_and_the_database_has_not(
    extra_package: str, empty_database_url: str
) -> None:
    packages = (*MAINSTAY, extra_package)
    migrate.upgrade(empty_database_url, packages)
    loaf = Table("bakery_roll", Base.metadata, Column("id", Integer, primary_key=True), Column("name", Text))
    try:
        scope = Scope({"bakery_roll"}, ("bakery_",))
        migrate.make_revision(empty_database_url, packages, scope, extra_package, "rolls")
    finally:
        Base.metadata.remove(loaf)

    versions = Path(str(importlib.resources.files(extra_package))) / "versions"
    written = next(path for path in versions.glob("*_rolls.py")).read_text()
    assert "op.create_table('bakery_roll'" in written
    assert "down_revision: str | None = 'b0001'" in written
    assert "drop_table('bakery_loaf')" in written


@pytest.mark.parametrize(
    "change",
    ["UPDATE mainstay_event SET name = 'other'", "DELETE FROM mainstay_event", "TRUNCATE mainstay_event"],
    ids=["update", "delete", "truncate"],
)
def test_rows_of_an_append_only_table_cannot_be_changed_or_removed(fresh_database_url: str, change: str) -> None:
    ask(fresh_database_url, ADD_EVENT)

    with pytest.raises(RestrictViolation, match=r"rows of mainstay_event are append-only"):
        ask(fresh_database_url, change)

    assert ask(fresh_database_url, "SELECT count(*) FROM mainstay_event WHERE name = 'sample.note_written'") == 1


def queue_scripts() -> list[tuple[str, str]]:
    """The names and the text of the job engine's own scripts."""
    folder = importlib.resources.files("procrastinate.sql.migrations")
    return sorted((entry.name, entry.read_text()) for entry in folder.iterdir() if entry.name.endswith(".sql"))


def test_the_queues_scripts_come_in_order_up_to_the_named_one() -> None:
    scripts = queue_scripts()

    part = migrate.procrastinate_scripts(up_to=scripts[3][0], after=scripts[0][0])

    assert part == [text for _, text in scripts[1:4]]
    assert len(migrate.procrastinate_scripts(up_to=scripts[-1][0])) == len(scripts)


def test_the_queues_enum_types_are_made_whole() -> None:
    """PostgreSQL 15 and 16 cannot use a value of an enum type in the transaction that added it."""
    scripts = queue_scripts()
    added = re.findall(r"^ALTER TYPE \w+ ADD VALUE '(\w+)'", "".join(text for _, text in scripts), re.MULTILINE)
    assert len(added) > 3

    whole = "".join(migrate.procrastinate_scripts(up_to=scripts[-1][0]))

    assert "ADD VALUE" not in whole
    made = "".join(re.findall(r"AS ENUM \((.*?)\);", whole, re.DOTALL))
    assert all(f"'{value}'" in made for value in added)
    later = migrate.procrastinate_scripts(up_to=scripts[-1][0], after=scripts[0][0])
    assert "".join(later).count("ADD VALUE") == len(added)
