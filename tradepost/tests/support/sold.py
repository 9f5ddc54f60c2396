"""A shop with one sale, put into a database by statements, every sum and every hash right."""

import psycopg

from mainstay.testing.database import plain

SHOP = """
INSERT INTO shop_business VALUES (true, 'Big', 'EUR', 'FR', 'UTC');
INSERT INTO shop_tax_rate VALUES (20, 'VAT', 0);
INSERT INTO shop_store (id, code, name, time_zone, day_cutoff, prices_include_tax, rounding_level, rounding_mode,
    negative_stock, receipt_header, receipt_footer)
VALUES (md5('store')::uuid, 'S1', 'Store', 'Europe/Paris', '04:00', true, 'document', 'half_up', 'allow', '{Big}',
    '{}');
INSERT INTO catalog_product (id, name) VALUES (md5('product')::uuid, 'Product');
INSERT INTO catalog_variant (id, product_id, position, name, name_key, search, options, price, tax_rate)
VALUES (md5('variant')::uuid, md5('product')::uuid, 0, 'Product', 'product', ' product ', '{}', 2.40, 20);
INSERT INTO pos_register (id, store_id, code, name) VALUES (md5('till')::uuid, md5('store')::uuid, 'R1', 'Till');
INSERT INTO pos_shift (id, register_id, currency, opened_at, opened_by_name, float_minor)
VALUES (md5('shift')::uuid, md5('till')::uuid, 'EUR', '2026-08-01Z', 'Ann', 10000);
INSERT INTO pos_sale (
    id, register_id, shift_id, store_id, number, receipt_number, content_hash, cashier_id, cashier_name, register_name,
    sold_at, device_at, business_day, currency, prices_include_tax, rounding_level, rounding_mode, lines_count,
    subtotal_minor, discount_minor, net_minor, tax_minor, total_minor, cash_rounding_minor, payable_minor, cash_minor,
    card_minor, change_minor
) VALUES (
    md5('sale')::uuid, md5('till')::uuid, md5('shift')::uuid, md5('store')::uuid, 1, 'R1-000001', '', md5('ann')::uuid,
    'Ann', 'Till', '2026-08-01Z', '2026-08-01Z', '2026-08-01', 'EUR', true, 'document', 'half_up', 1, 240, 0, 200, 40,
    240, 0, 240, 300, 0, 60
);
INSERT INTO pos_sale_line (sale_id, position, id, variant_id, name, quantity, unit, unit_price, tax_rate, list_minor,
    discount_minor, ticket_discount_minor, total_minor, net_minor, tax_minor)
VALUES (md5('sale')::uuid, 0, md5('line')::uuid, md5('variant')::uuid, 'Product', 1, 'piece', 2.4, 20, 240, 0, 0, 240,
    200, 40);
INSERT INTO pos_sale_tax (sale_id, rate, net_minor, tax_minor, gross_minor)
VALUES (md5('sale')::uuid, 20, 200, 40, 240);
INSERT INTO pos_payment (sale_id, position, id, kind, amount_minor)
VALUES (md5('sale')::uuid, 0, md5('payment')::uuid, 'cash', 300);
SELECT pos_append_journal(register, 'shift_opened', md5('shift')::uuid, '2026-08-01Z', '{}', 0)
FROM pos_register AS register;
SELECT pos_append_journal(register, 'sale', md5('sale')::uuid, '2026-08-01Z', '{"payable_minor": 240}', 1)
FROM pos_register AS register;
"""


def sell(url: str) -> None:
    """Fill the empty shop at `url`."""
    with psycopg.connect(plain(url)) as connection:
        connection.execute(SHOP.encode())
