"""The rights of the shop module."""

from mainstay.permission import Permission

READ = Permission("shop.read", "See the business and its stores", frozenset({"cashier"}))
MANAGE = Permission("shop.manage", "Set up the business and its stores")
