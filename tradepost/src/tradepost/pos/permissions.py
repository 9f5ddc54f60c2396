"""The rights of the till, and whose sales they reach."""

from mainstay.permission import Permission, Records

SELL = Permission("pos.sell", "Sell at a till", frozenset({"manager", "cashier"}), is_for_stations=True)
DISCOUNT = Permission("pos.discount", "Give discounts", frozenset({"manager", "cashier"}), is_for_stations=True)
REFUND = Permission("pos.refund", "Give money back", frozenset({"manager"}), is_for_stations=True)
READ_SALES = Permission(
    "pos.read_sales", "See sales", frozenset({"manager", "cashier", "read_only"}), is_for_stations=True
)
MANAGE = Permission("pos.manage", "Set up registers", frozenset({"manager"}))

# Sales with their receipts, lists, files and figures; of shifts, those that one opened or closed.
SALES = Records("pos.sales", "Sales and shifts")
