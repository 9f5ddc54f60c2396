"""A route that reads secrets says so, and others do not."""

from mainstay.web.keeping import is_unkept, unkept


def test_a_marked_function_is_known_by_its_mark() -> None:
    @unkept
    def read_secret() -> str:
        return "secret"

    def read_news() -> str:
        return "news"

    assert is_unkept(read_secret)
    assert not is_unkept(read_news)
    assert not is_unkept(None)
    assert read_secret() == "secret"
