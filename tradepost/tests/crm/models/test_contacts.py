"""What the database itself refuses of contacts."""

import asyncpg
import pytest

from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.work import SYSTEM, WorkOpener

CONTACTS = "/api/v1/crm/contacts"
BODY = {
    "name": "Zoë",
    "phones": [{"written": "+33 1 23 45 67 89"}],
    "emails": [{"address": "zoe@example.com"}],
    "websites": [{"url": "example.com"}],
    "addresses": [{"text": "Brest"}],
}
ID = "018f5a3e-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE crm_contact SET kind = 'dog'", "ck_crm_contact_kind_known"),
        ("UPDATE crm_contact SET name = ''", "ck_crm_contact_name_given"),
        ("UPDATE crm_contact SET name = repeat('x', 301)", "ck_crm_contact_lengths_in_range"),
        ("UPDATE crm_contact SET notes = repeat('x', 20001)", "ck_crm_contact_lengths_in_range"),
        ("UPDATE crm_contact SET company_id = id", "ck_crm_contact_company_is_another"),
        ("UPDATE crm_contact SET company_id = gen_random_uuid()", "fk_crm_contact_company_id"),
        ("UPDATE crm_contact SET company_id = gen_random_uuid(), company_name = 'x'", "ck_crm_contact_one_company"),
        ("UPDATE crm_contact SET kind = 'company', company_name = 'x'", "ck_crm_contact_company_has_none"),
        ("UPDATE crm_contact SET language = 'German!'", "ck_crm_contact_language_form"),
        ("UPDATE crm_contact SET source = 'fax'", "ck_crm_contact_source_known"),
        ("UPDATE crm_contact SET foreign_properties = '{}'", "ck_crm_contact_foreign_properties_list"),
        ("UPDATE crm_phone SET e164 = '0123456789'", "ck_crm_phone_e164_form"),
        ("UPDATE crm_phone SET e164 = '+1234567890123456'", "ck_crm_phone_e164_form"),
        ("UPDATE crm_phone SET written = ''", "ck_crm_phone_written_in_range"),
        ("UPDATE crm_phone SET kind = 'car'", "ck_crm_phone_kind_known"),
        ("UPDATE crm_email SET address = 'zoe'", "ck_crm_email_address_form"),
        ("UPDATE crm_email SET address_key = '@x'", "ck_crm_email_address_key_form"),
        ("UPDATE crm_email SET kind = 'fax'", "ck_crm_email_kind_known"),
        ("UPDATE crm_website SET url = ''", "ck_crm_website_url_in_range"),
        ("UPDATE crm_address SET text = ''", "ck_crm_address_text_in_range"),
        ("UPDATE crm_address SET city = repeat('x', 2001)", "ck_crm_address_parts_in_range"),
        ("UPDATE crm_address SET kind = 'boat'", "ck_crm_address_kind_known"),
        ("DELETE FROM crm_contact", "fk_crm_phone_contact_id"),
        ("INSERT INTO crm_timeline (contact_id, version, what, actor_name) SELECT id, 1, 'No!', '' FROM crm_contact",
         "ck_crm_timeline_what_form"),
    ],
)  # fmt: skip
async def test_what_breaks_a_rule_is_refused(
    owner: Client, open_work: WorkOpener, statement: str, constraint: str
) -> None:
    """Rules 30, 31 and 33, whoever writes."""
    assert (await owner.post(CONTACTS, json={"id": ID, **BODY})).status_code == 201

    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        async with open_work(SYSTEM) as uow:
            await uow.write(statement)

    assert refused.value.constraint_name == constraint


@pytest.mark.parametrize(
    "statement", ["UPDATE crm_timeline SET what = 'other'", "DELETE FROM crm_timeline", "TRUNCATE crm_timeline"]
)
async def test_what_happened_is_refused_to_be_changed_even_to_the_owner_of_the_table(
    owner: Client, open_work: WorkOpener, statement: str
) -> None:
    """Rule 39: a trigger says no where rights do not."""
    assert (await owner.post(CONTACTS, json={"id": ID, **BODY})).status_code == 201

    with pytest.raises(asyncpg.PostgresError, match="append"):
        async with open_work(SYSTEM) as uow, as_owner(uow):
            await uow.write(statement)


@pytest.mark.parametrize("statement", ["UPDATE crm_timeline SET what = 'other'", "DELETE FROM crm_timeline"])
async def test_what_happened_is_only_ever_added_to(owner: Client, open_work: WorkOpener, statement: str) -> None:
    """Rule 39: the running program has no right to change it."""
    assert (await owner.post(CONTACTS, json={"id": ID, **BODY})).status_code == 201

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with open_work(SYSTEM) as uow:
            await uow.write(statement)
