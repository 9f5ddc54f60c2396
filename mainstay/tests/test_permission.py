"""The owner holds every right, other roles those that name them, unknown roles none."""

from mainstay.permission import OWNER, Permission, Roles

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
