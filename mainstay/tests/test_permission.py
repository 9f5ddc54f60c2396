"""The owner holds every right, other roles those that name them, unknown roles none."""

from uuid import UUID

import pytest

from mainstay.permission import EVERYWHERE, OWNER, Bounds, Extent, Permission, Records, Roles

SELL = Permission("pos.sell", "Sell", frozenset({"cashier"}))
MANAGE = Permission("identity.manage", "Manage people")


def test_the_owner_holds_every_right_and_a_role_those_that_name_it() -> None:
    roles = Roles.of((OWNER, "cashier"), (SELL, MANAGE))

    assert roles.rights_of(OWNER) == {"pos.sell", "identity.manage"}
    assert roles.rights_of("cashier") == {"pos.sell"}


def test_a_role_that_the_program_does_not_have_holds_no_right() -> None:
    assert Roles.of((OWNER,), (SELL,)).rights_of("cashier") == frozenset()
    assert Roles().rights_of(OWNER) == frozenset()


def test_all_permissions_may_be_given_as_an_iterator() -> None:
    """The second role must not find the iterator used up by the first."""
    assert Roles.of((OWNER, "cashier"), iter((SELL,))).rights_of("cashier") == {"pos.sell"}


PLACE, ELSEWHERE = UUID(int=1), UUID(int=2)
VISITS = Records("door.visits", "Visits")


def test_who_is_limited_to_nothing_covers_everybody_and_is_covered_by_nobody_else() -> None:
    here = Bounds(frozenset({PLACE}))

    assert (EVERYWHERE.covers(here), here.covers(EVERYWHERE), EVERYWHERE.is_limited) == (True, False, False)
    assert (here.has(PLACE), here.has(ELSEWHERE), EVERYWHERE.has(ELSEWHERE)) == (True, False, True)
    assert (here.covers(here), here.covers(Bounds(frozenset({PLACE, ELSEWHERE})))) == (True, False)


@pytest.mark.parametrize(
    ("mine", "theirs", "covers"),
    [("own", "own", True), ("own", "team", False), ("team", "own", True), ("team", "all", False), ("all", "all", True)],
)
def test_nobody_gives_more_of_the_records_than_they_reach(mine: Extent, theirs: Extent, covers: bool) -> None:
    assert Bounds(extents={VISITS.name: mine}).covers(Bounds(extents={VISITS.name: theirs})) is covers


def test_kinds_of_records_that_a_program_has_no_more_limit_nobody_and_an_owner_reaches_all() -> None:
    roles = Roles.of(("owner", "cashier"), (), (VISITS,))
    kept: dict[str, Extent] = {"door.visits": "own", "door.moon": "own"}

    assert (roles.extents("cashier", kept), roles.extents("owner", kept)) == ({"door.visits": "own"}, {})
