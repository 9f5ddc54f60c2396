"""What the database itself refuses of tags."""

import asyncpg
import pytest

from mainstay import ids
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.tagging import api


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE tagging_tag SET kind = 'label'", "ck_tagging_tag_kind_known"),
        ("UPDATE tagging_tag SET colour = 'beige'", "ck_tagging_tag_colour_known"),
        ("UPDATE tagging_tag SET name = ''", "ck_tagging_tag_name_in_range"),
        ("UPDATE tagging_tag SET name = repeat('x', 101)", "ck_tagging_tag_name_in_range"),
        ("UPDATE tagging_tag SET name_key = ''", "ck_tagging_tag_name_key_given"),
        ("UPDATE tagging_tag SET name_key = 'same'", "uq_tagging_tag_kind_name_key"),
        ("UPDATE tagging_link SET entity = 'Contact'", "ck_tagging_link_entity_form"),
        ("UPDATE tagging_link SET tag_id = gen_random_uuid()", "fk_tagging_link_tag_id"),
        ("INSERT INTO tagging_link SELECT * FROM tagging_link", "pk_tagging_link"),
    ],
)
async def test_what_breaks_a_rule_is_refused(
    open_work: WorkOpener, uow: UnitOfWork, statement: str, constraint: str
) -> None:
    red, _ = (await api.make(uow, "tag", ["Red", "Blue"])).values()
    await api.add(uow, "crm.contact", [red.id], [ids.new_id()])

    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        async with open_work(SYSTEM) as work:
            await work.write(statement)

    assert refused.value.constraint_name == constraint
