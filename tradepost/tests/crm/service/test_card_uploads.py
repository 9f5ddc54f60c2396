"""Files of cards that are sent in: refused while they arrive when they are too large or nobody wants them."""

from typing import Any

from mainstay import ids
from mainstay.testing.client import Client
from tradepost.crm.cards.limits import MEBI

PHOTOS = "/api/v1/crm/card-photos"


def sent_as(filename: str) -> dict[str, str]:
    """Return what a file is sent as."""
    return {"id": str(ids.new_id()), "batch_id": str(ids.new_id()), "filename": filename}


async def test_more_than_an_archive_may_have_is_refused_while_it_arrives(owner: Client) -> None:
    async def without_end() -> Any:  # noqa: ANN401  pieces of a body
        piece = bytes(8 * MEBI)
        for _ in range(14):
            yield piece

    answer = await owner.post(PHOTOS, params=sent_as("large.zip"), content=without_end())

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
