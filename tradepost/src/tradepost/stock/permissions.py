"""The rights of the stock module."""

from mainstay.permission import Permission

READ = Permission("stock.read", "See stock", frozenset({"manager", "cashier", "employee", "read_only"}))
ADJUST = Permission("stock.adjust", "Correct stock", frozenset({"manager", "employee"}))
