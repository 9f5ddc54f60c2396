-- What other modules' statements may know of a store, its business and its currency.
CREATE VIEW shop_selling_store AS
SELECT
    store.id AS store_id, store.code, store.name, store.time_zone, store.day_cutoff, store.prices_include_tax,
    store.rounding_level, store.rounding_mode,
    CASE WHEN store.cash_increment_minor IS NOT NULL THEN jsonb_build_object(
        'increment_minor', store.cash_increment_minor, 'due_tie', store.cash_due_tie,
        'change_tie', store.cash_change_tie, 'above_minor', store.cash_above_minor
    ) END AS cash_rounding,
    store.negative_stock, store.receipt_header, store.receipt_footer, business.currency
FROM shop_store AS store
CROSS JOIN shop_business AS business;

-- The currency of every price, for statements that show prices.
CREATE VIEW shop_currency AS
SELECT currency FROM shop_business;
