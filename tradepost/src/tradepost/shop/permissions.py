"""The rights of the shop module."""

from mainstay.permission import Permission

READ = Permission(
    "shop.read",
    "See the business and its stores",
    frozenset({"manager", "cashier", "employee", "read_only"}),
    is_for_stations=True,
)
MANAGE = Permission("shop.manage", "Set up the business and its stores")
