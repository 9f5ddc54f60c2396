"""A shop with a past: 100,000 lines sold on 100 days at four tills of two stores, made by a few statements."""

import hashlib
from datetime import date
from uuid import UUID

import asyncpg

LINES = 100_800
SALES = 33_600
DAYS = 100
FIRST_DAY, LAST_DAY = date(2026, 8, 1), date(2026, 11, 8)
BUSY_TABLES = (
    "pos_sale", "pos_sale_line", "pos_sale_tax", "pos_payment", "pos_journal", "stock_movement", "stock_level",
    "mainstay_event", "catalog_variant", "catalog_product", "catalog_barcode",
)  # fmt: skip

# Ids are made of a word and a number, as `named` makes them.
_SHOP = """
CREATE FUNCTION pg_temp.named(word text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN
    md5(word || number)::uuid;
INSERT INTO shop_business VALUES (true, 'Big', 'EUR', 'FR', 'UTC');
INSERT INTO shop_tax_rate VALUES (20, 'VAT', 0);
INSERT INTO shop_store (
    id, code, name, time_zone, day_cutoff, prices_include_tax, rounding_level, rounding_mode, negative_stock,
    receipt_header, receipt_footer
)
SELECT pg_temp.named('store', n), 'S' || n, 'Store ' || n, 'Europe/Paris', '04:00', true, 'document', 'half_up',
    'allow', '{Big}', '{}'
FROM generate_series(1, 2) AS n;
INSERT INTO catalog_product (id, name) SELECT pg_temp.named('product', n), 'Product ' || n
FROM generate_series(1, 3000) AS n;
INSERT INTO catalog_variant (id, product_id, position, name, name_key, search, options, price, tax_rate)
SELECT pg_temp.named('variant', n), pg_temp.named('product', n), 0, 'Product ' || n, 'product ' || n,
    ' product ' || n || ' ', '{}', 2.49, 20
FROM generate_series(1, 3000) AS n;
INSERT INTO pos_register (id, store_id, code, name, next_number, journal_sequence)
SELECT pg_temp.named('register', n), pg_temp.named('store', 1 + n % 2), 'R' || n, 'Till ' || n, 8401, 8600
FROM generate_series(1, 4) AS n;
"""
# Sale n is at till 1 + n % 4 on day n / 336, so that a day has 336 sales and a shift 84.
_SALES = """
CREATE TEMP TABLE sold AS
SELECT n, pg_temp.named('sale', n) AS id, 1 + n % 4 AS till, n / 336 AS day, n / 4 AS place,
    '2026-08-01 06:00Z'::timestamptz + n / 336 * interval '1 day' + n % 336 * interval '2 min' AS moment
FROM generate_series(0, 33599) AS n;
INSERT INTO pos_shift
SELECT pg_temp.named('shift', 4 * day + till), pg_temp.named('register', till), 'EUR', moment, NULL, 'Ann', 10000,
    moment + interval '12 hours', NULL, 'Ann', 10000, 10000, 0
FROM (
    SELECT till, day, '2026-08-01 05:00Z'::timestamptz + day * interval '1 day' AS moment
    FROM generate_series(1, 4) AS till, generate_series(0, 99) AS day
) AS opened;
INSERT INTO pos_sale (
    id, register_id, shift_id, store_id, number, receipt_number, content_hash, cashier_id, cashier_name, register_name,
    sold_at, device_at, business_day, currency, prices_include_tax, rounding_level, rounding_mode, lines_count,
    subtotal_minor, discount_minor, net_minor, tax_minor, total_minor, cash_rounding_minor, payable_minor, cash_minor,
    card_minor, change_minor
)
SELECT id, pg_temp.named('register', till), pg_temp.named('shift', 4 * day + till),
    pg_temp.named('store', 1 + till % 2), place + 1,
    'R' || till || '-' || lpad((place + 1)::text, 6, '0'), '', pg_temp.named('person', 1), 'Ann',
    'Till ' || till, moment, moment, date '2026-08-01' + day::int, 'EUR', true, 'document', 'half_up', 3,
    747, 0, 622, 125, 747, 0, 747, 747, 0, 0
FROM sold;
INSERT INTO pos_sale_line
SELECT id, position, pg_temp.named('line', 3 * n + position),
    pg_temp.named('variant', 1 + (n * 7 + position * 31) % 3000),
    'Product', NULL, NULL, 1, 'piece', 2.49, NULL, 20, 249, 0, 0, 249, 207, 42
FROM sold, generate_series(0, 2) AS position;
INSERT INTO pos_sale_tax SELECT id, 20, 622, 125, 747 FROM sold;
INSERT INTO pos_payment SELECT id, 0, pg_temp.named('payment', n), 'cash', 747, NULL, NULL, NULL FROM sold;
INSERT INTO pos_journal
SELECT pg_temp.named('register', till), place + 1, 'sale', id, moment, '{}', repeat('0', 64), repeat('0', 64) FROM sold;
INSERT INTO stock_movement (
    store_id, variant_id, kind, quantity, balance, source_kind, source_id, actor_name, happened_at
)
SELECT pg_temp.named('store', 1 + till % 2), pg_temp.named('variant', 1 + (n * 7 + position * 31) % 3000), 'sale', -1,
    0, 'sale', id, 'Ann', moment
FROM sold, generate_series(0, 2) AS position;
SET stock.posting = 'on';
INSERT INTO stock_level (store_id, variant_id, on_hand, is_oversold)
SELECT store_id, variant_id, sum(quantity), true FROM stock_movement GROUP BY 1, 2;
RESET stock.posting;
INSERT INTO mainstay_event (id, name, payload, request_id, happened_at)
SELECT pg_temp.named('event', n), 'pos.sale_completed', '{}', 'past', moment FROM sold;
"""


def named(word: str, number: int) -> UUID:
    """Return the id of a store, register (from 1), shift (4 * day + till), sale (from 0), variant or person."""
    return UUID(hex=hashlib.md5(f"{word}{number}".encode(), usedforsecurity=False).hexdigest())


async def fill(connection: asyncpg.Connection) -> None:
    """Fill an empty shop."""
    await connection.execute(_SHOP)
    await connection.execute(_SALES)
    await connection.execute(f"VACUUM ANALYZE pos_register, pos_shift, shop_store, {', '.join(BUSY_TABLES)}")
