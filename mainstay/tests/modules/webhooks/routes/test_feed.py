"""The feed: in order, without gaps, and honest about what is gone. `service/test_feed.py` has real commits."""

from mainstay.testing.client import Client


async def test_a_position_that_is_not_there_is_said_to_be_gone(owner: Client) -> None:
    answer = await owner.get("/api/v1/events", params={"after": 9_000_000_000})
    assert (answer.status_code, answer.json()["code"]) == (410, "webhooks.position_gone")
    assert "oldest" in answer.json()


async def test_the_beginning_is_always_there(owner: Client) -> None:
    answer = await owner.get("/api/v1/events", params={"names": ["identity.person_changed"]})
    assert answer.status_code == 200
    assert answer.json()["next_after"] == 0
