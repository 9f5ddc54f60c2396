"""What is in hand: an id for whatever has none, and nothing left behind."""

from mainstay import context
from mainstay.context import MOST_ABOUT, Story, in_request, note_about, note_actor


def test_the_request_id_is_carried_and_put_back() -> None:
    before = context.request_id.get()

    with in_request("request-17") as present:
        assert (present, context.request_id.get()) == ("request-17", "request-17")

    assert context.request_id.get() == before


def test_a_job_without_a_request_gets_an_id_of_its_own() -> None:
    with in_request(None) as first, in_request(None) as second:
        assert first.startswith("job-")
        assert first != second


def test_the_story_of_a_request_grows_and_ends_with_it() -> None:
    with in_request("r-1", Story("ada", ("first",))):
        note_about(("first", "second"))
        note_actor("bob")
        story = context.story.get()
        with in_request("r-2"):
            note_about(("another",))
    note_about(("late",))

    assert context.story.get() is None
    assert story is not None
    assert (story.actor, story.about) == ("bob", ["first", "second"])


def test_a_story_about_thousands_names_the_first() -> None:
    with in_request(None, Story()):
        note_about(range(1000))
        story = context.story.get()

    assert story is not None
    assert story.about == [str(number) for number in range(MOST_ABOUT)]
