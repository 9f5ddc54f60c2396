"""The rights of the till."""

from mainstay.permission import Permission

SELL = Permission("pos.sell", "Sell at a till", frozenset({"manager", "cashier"}), is_for_stations=True)
DISCOUNT = Permission("pos.discount", "Give discounts", frozenset({"manager", "cashier"}), is_for_stations=True)
READ_SALES = Permission(
    "pos.read_sales", "See sales", frozenset({"manager", "cashier", "read_only"}), is_for_stations=True
)
MANAGE = Permission("pos.manage", "Set up registers", frozenset({"manager"}))
