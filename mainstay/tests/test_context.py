"""What is in hand: an id for whatever has none, and nothing left behind."""

from mainstay import context
from mainstay.context import in_request


def test_the_request_id_is_carried_and_put_back() -> None:
    before = context.request_id.get()

    with in_request("request-17") as present:
        assert (present, context.request_id.get()) == ("request-17", "request-17")

    assert context.request_id.get() == before


def test_a_job_without_a_request_gets_an_id_of_its_own() -> None:
    with in_request(None) as first, in_request(None) as second:
        assert first.startswith("job-")
        assert first != second
