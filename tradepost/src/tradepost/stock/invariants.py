"""What holds of stock and its ledger, and what no migration may alter of them."""

from mainstay.db.invariants import Figure, Invariant

LEVELS_ARE_SUMS = Invariant(
    "stock.levels_are_sums",
    "What is on hand is the sum of what was moved, for each variant in each store.",
    """
    SELECT variant_id FROM stock_level FULL JOIN (
        SELECT store_id, variant_id, sum(quantity) AS moved FROM stock_movement GROUP BY store_id, variant_id
    ) AS ledger USING (store_id, variant_id)
    WHERE coalesce(on_hand, 0) <> coalesce(moved, 0)
    """,
)
BALANCES_FOLLOW = Invariant(
    "stock.balances_follow",
    "The balance of each movement is that of the one before and its quantity.",
    """
    SELECT id FROM (
        SELECT id, quantity, balance, lag(balance, 1, 0) OVER up AS before
        FROM stock_movement WINDOW up AS (PARTITION BY store_id, variant_id ORDER BY id)
    ) AS movement
    WHERE balance <> before + quantity
    """,
)
MOVED = Figure(
    "stock.moved",
    "The number of movements and the sum of their quantities stay the same.",
    "SELECT count(*) || ' and ' || trim_scale(coalesce(sum(quantity), 0)) FROM stock_movement",
)
ALL = (LEVELS_ARE_SUMS, BALANCES_FOLLOW, MOVED)
