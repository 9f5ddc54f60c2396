"""The rules of tags that the routes do not reach by themselves."""

import pytest

from mainstay import ids
from mainstay.work import UnitOfWork
from tradepost.tagging import service
from tradepost.tagging.errors import TooManyTags
from tradepost.tagging.schemas import TagIn

FILL = """
INSERT INTO tagging_tag (id, kind, name, name_key)
SELECT gen_random_uuid(), 'tag', 'n' || number, 'n' || number FROM generate_series(1, $1::integer) AS number
"""


async def test_the_vocabulary_has_an_end(uow: UnitOfWork) -> None:
    await uow.write(FILL, service.MOST_TAGS - 1)

    await service.make_tags(uow, "tag", ["One", "n1", "n2"])

    with pytest.raises(TooManyTags, match="at most 2000"):
        await service.make_tags(uow, "tag", ["Two"])
    with pytest.raises(TooManyTags):
        await service.create_tag(uow, TagIn(id=ids.new_id(), name="Two"))
    assert set(await service.make_tags(uow, "tag", ["ONE"])) == {"one"}


async def test_of_several_forms_of_a_name_the_first_one_stands(uow: UnitOfWork) -> None:
    made = await service.make_tags(uow, "group", ["Fair  2026", "fair 2026", "FAIR 2026"])
    assert [row["name"] for row in made.values()] == ["Fair  2026"]
    assert await service.make_tags(uow, "tag", []) == {}


async def test_a_long_compatibility_form_still_has_a_key_that_fits(uow: UnitOfWork) -> None:
    """One sign may stand for eighteen letters."""
    name = "\ufdfa" * 100
    made = await service.make_tags(uow, "tag", [name])
    assert [row["name"] for row in made.values()] == [name]
