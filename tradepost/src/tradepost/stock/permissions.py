"""The rights of the stock module."""

from mainstay.permission import Permission

READ = Permission("stock.read", "See stock", frozenset({"cashier"}))
ADJUST = Permission("stock.adjust", "Correct stock")
