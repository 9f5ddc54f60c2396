"""What routes say of their version and of going away."""

from datetime import UTC, datetime

import pytest

from mainstay.web.versions import Outdated, outdated, outdated_of, prefix_of, version


def route() -> None:
    """Stand for a route."""


def test_a_route_is_of_the_first_version_unless_it_says_otherwise() -> None:
    @version(3)
    def third() -> None: ...

    assert prefix_of(route, "/api/v1") == "/api/v1"
    assert prefix_of(third, "/api/v1") == "/api/v3"
    assert not prefix_of(third, "")


def test_a_route_stays_unless_it_says_otherwise() -> None:
    @outdated(since="2026-11-30", until="2027-06-30", successor="/api/v2/notes")
    def leaving() -> None: ...

    moments = datetime(2026, 11, 30, tzinfo=UTC), datetime(2027, 6, 30, tzinfo=UTC)
    assert outdated_of(route) is None
    assert outdated_of(leaving) == Outdated(*moments, "/api/v2/notes")


@pytest.mark.parametrize(("since", "until"), [("2026-11-30", "2026-11-30"), ("2026-11-30", "2026-11-29")])
def test_nothing_ends_before_it_is_outdated(since: str, until: str) -> None:
    with pytest.raises(ValueError, match=f"outdated since {since} cannot end on {until}"):
        outdated(since=since, until=until)


def test_only_what_is_known_is_told() -> None:
    bare = Outdated(datetime(2026, 11, 30, tzinfo=UTC), None, None)

    assert bare.headers({}) == [(b"deprecation", b"@1795996800")]


def test_the_successor_is_an_address_whatever_the_caller_wrote_into_this_one() -> None:
    sly = Outdated(datetime(2026, 11, 30, tzinfo=UTC), None, "/api/v2/notes/{name}")

    (_, (name, link)) = sly.headers({"name": 'a>; rel="next"\r\nX: y/..'})

    assert name == b"link"
    assert link == b'</api/v2/notes/a%3E%3B%20rel%3D%22next%22%0D%0AX%3A%20y%2F..>; rel="successor-version"'
