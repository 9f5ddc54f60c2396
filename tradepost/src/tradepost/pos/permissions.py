"""The rights of the till."""

from mainstay.permission import Permission

SELL = Permission("pos.sell", "Sell at a till", frozenset({"cashier"}))
DISCOUNT = Permission("pos.discount", "Give discounts", frozenset({"cashier"}))
READ_SALES = Permission("pos.read_sales", "See sales", frozenset({"cashier"}))
MANAGE = Permission("pos.manage", "Set up registers")
