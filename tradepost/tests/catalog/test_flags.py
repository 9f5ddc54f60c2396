"""Files of products are taken for the stores in which imports are on."""

from uuid import UUID

from fastapi import FastAPI

from mainstay import ids
from mainstay.flags.rules import Rule, Steering
from mainstay.testing.client import Client
from mainstay.work import WorkOpener
from tradepost.catalog.flags import IMPORTS

ADDRESS = "/api/v1/catalog/imports"


async def test_a_file_for_a_store_in_which_imports_are_off_is_refused_and_not_kept(
    owner: Client, store_id: UUID, app: FastAPI
) -> None:
    opener: WorkOpener = app.state.edge.open_work
    params = {"id": str(ids.new_id()), "store_id": str(store_id), "filename": "a.csv"}
    opener.setup.flags.steer({IMPORTS.key: Steering((Rule(False, places=frozenset({store_id})),))}, {})

    refused = await owner.post(ADDRESS, params=params, content=b"Name,Price\nBun,1.00\n")
    elsewhere = await owner.post(ADDRESS, params={**params, "store_id": str(ids.new_id())}, content=b"x")
    opener.setup.flags.steer({}, {})
    taken = await owner.post(ADDRESS, params=params, content=b"Name,Price\nBun,1.00\n")

    assert (refused.status_code, refused.json()["code"]) == (503, "flags.switched_off")
    assert elsewhere.status_code == 404
    assert taken.status_code == 202
