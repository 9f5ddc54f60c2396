"""What the fixture for fuzzing is made of: who calls, and that a case leaves nothing."""

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay.testing.client import Client
from mainstay.testing.fuzz.fixtures import headers_of, undone_in
from mainstay.work import UnitOfWork

COUNT = "SELECT count(*) FROM probe_note"
ADD = "INSERT INTO probe_note (id, code, amount, text) VALUES (gen_random_uuid(), 'A', 1, '')"


async def test_a_browser_is_known_by_its_cookies_its_token_and_where_it_comes_from() -> None:
    async with Client("http://localhost", transport=httpx2.MockTransport(lambda _: httpx2.Response(200))) as client:
        client.cookies.set("a", "1", domain="localhost.local")
        client.csrf_token = "token"

        assert headers_of(client) == (
            (b"cookie", b"a=1"),
            (b"x-csrf-token", b"token"),
            (b"origin", b"http://localhost"),
        )


async def test_work_is_undone_and_its_statements_are_noted(engine: AsyncEngine, uow: UnitOfWork) -> None:
    async with undone_in(engine)() as statements:
        await uow.write(ADD)
        await uow.commit()
        inside = await uow.read_value(COUNT)
        await uow.close()

    assert (inside, await uow.read_value(COUNT)) == (1, 0)
    assert ADD in statements
