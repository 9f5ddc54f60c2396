"""A few thousand rows for each list, made by a few statements: most are alike, and some few are not."""

import hashlib
from collections.abc import Iterator
from uuid import UUID

MANY = 4000
# As many at most have what few have.
FEW = 60

# What no list needs to be read: rows refer to others that are not there.
FREE = """
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT conrelid::regclass AS name, conname FROM pg_constraint WHERE contype = 'f' LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.name, found.conname);
    END LOOP;
    FOR found IN SELECT DISTINCT tgrelid::regclass AS name FROM pg_trigger WHERE NOT tgisinternal LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', found.name);
    END LOOP;
END
$$
"""
# `n % 400 = 9` is rare. Moments and numbers are scattered, so that rows which come later lie between those before.
_BASE = """
WITH numbers AS (
    SELECT n, n % 400 = 9 AS rare, timestamptz '2026-01-01Z' + n * 2657 % {spread} * interval '30 min' AS moment
    FROM generate_series({first}, {last}) AS n
)
"""


def _id(word: str, number: str = "n") -> str:
    return f"md5('{word}' || {number})::uuid"


_RARE_OR_FEW = "CASE WHEN rare THEN 9 ELSE n % 4 END"
_SALES = f"""
INSERT INTO pos_sale (
    id, register_id, shift_id, store_id, number, receipt_number, content_hash, cashier_id, cashier_name, register_name,
    sold_at, device_at, business_day, currency, prices_include_tax, rounding_level, rounding_mode, lines_count,
    subtotal_minor, discount_minor, net_minor, tax_minor, total_minor, cash_rounding_minor, payable_minor, cash_minor,
    card_minor, change_minor
)
SELECT {_id("sale")}, {_id("register", _RARE_OR_FEW)}, {_id("shift", "(n / 40)")}, {_id("store", _RARE_OR_FEW)}, n,
    'R1-' || lpad((n * 2657 % {{spread}})::text, 6, '0'), '', {_id("person", _RARE_OR_FEW)}, 'Ann', 'Till', moment,
    moment, moment::date, 'EUR', true, 'document', 'half_up', 1, n * 10 % 10000, 0, n * 10 % 10000, 0, n * 10 % 10000,
    0, n * 10 % 10000, n * 10 % 10000, 0, 0
FROM numbers
"""
_LINES = f"""
INSERT INTO pos_sale_line
SELECT {_id("sale")}, 0, {_id("line")}, {_id("variant", "(n % 500)")}, 'Product', NULL, NULL, 1, 'piece', 1, NULL, 0,
    0, 0, 0, 0, 0, 0
FROM numbers
"""
_REFUNDS = f"""
INSERT INTO pos_refund (
    id, sale_id, register_id, shift_id, store_id, number, receipt_number, content_hash, cashier_id, cashier_name,
    register_name, refunded_at, device_at, business_day, currency, reason, lines_count, net_minor, tax_minor,
    total_minor, cash_rounding_minor, payable_minor, cash_minor, card_minor
)
SELECT {_id("refund")}, {_id("sale", "CASE WHEN rare THEN 9 ELSE n END")}, {_id("register", _RARE_OR_FEW)},
    {_id("shift", "(5000 + n / 40)")}, {_id("store", _RARE_OR_FEW)}, n,
    'R1-' || lpad((n * 2657 % 8000)::text, 6, '0'), '', {_id("person", _RARE_OR_FEW)}, 'Ann', 'Till', moment, moment,
    moment::date, 'EUR', 'Too small', 1, n * 10 % 10000, 0, n * 10 % 10000, 0, n * 10 % 10000, n * 10 % 10000, 0
FROM numbers
"""
_SHIFTS = f"""
INSERT INTO pos_shift
SELECT {_id("shift")}, {_id("register", _RARE_OR_FEW)}, 'EUR', moment, NULL, 'Ann', 0, moment, NULL, 'Ann', 0, 0, 0
FROM numbers
"""
_SHOP = f"""
INSERT INTO pos_register (id, store_id, code, name)
SELECT {_id("register")}, {_id("store")}, 'R' || n, 'Till' FROM generate_series(0, 9) AS n ON CONFLICT DO NOTHING;
INSERT INTO shop_business VALUES (true, 'Big', 'EUR', 'FR', 'UTC') ON CONFLICT DO NOTHING;
INSERT INTO shop_store (
    id, code, name, time_zone, day_cutoff, prices_include_tax, rounding_level, rounding_mode, negative_stock,
    receipt_header, receipt_footer
)
SELECT {_id("store")}, 'S' || n, 'Store', 'UTC', '04:00', true, 'document', 'half_up', 'allow', '{{{{Big}}}}',
    '{{{{}}}}'
FROM generate_series(0, 9) AS n ON CONFLICT DO NOTHING
"""
_MAILS = f"""
INSERT INTO mail_message (id, name, recipient, recipient_name, letter_sealed, state, created_at, ended_at)
SELECT {_id("mail")}, 'sample.letter', 'ann' || n % 500 || '@shop.example', 'Ann',
    CASE WHEN rare THEN '\\x00'::bytea END, CASE WHEN rare THEN 'given_up' ELSE 'sent' END, moment, moment
FROM numbers
"""
_DELIVERIES = f"""
INSERT INTO webhooks_delivery (
    id, subscription_id, event_id, event_name, position, object_key, body, state, created_at, ended_at
)
SELECT {_id("delivery")}, {_id("subscription", "1")}, {_id("event")}, 'sample.written', n, '', '',
    CASE WHEN rare THEN 'given_up' ELSE 'delivered' END, moment, moment
FROM numbers
"""
_ENTRIES = f"""
INSERT INTO audit_entry (id, happened_at, act, object_type, object_id, actor_kind, actor_id, actor_role, request_id)
SELECT {_id("entry")}, '2026-01-01Z'::timestamptz + n * interval '1 hour',
    CASE WHEN rare THEN 'sample.rare' ELSE 'sample.written' END,
    CASE WHEN rare THEN 'sample.rare' ELSE 'sample.note' END, n % 500, 'person', {_id("person", _RARE_OR_FEW)},
    'owner', ''
FROM numbers
"""
_VARIANTS = f"""
INSERT INTO catalog_product (id, name, tags)
SELECT {_id("product")}, 'Prod ' || n, CASE WHEN n % 400 = 9 THEN '{{{{rare}}}}'::text[] ELSE '{{{{}}}}' END
FROM generate_series({{first}}, {{last}}) AS n;
{_BASE}
INSERT INTO catalog_variant (
    id, product_id, position, name, name_key, search, sku, sku_key, options, price, tax_rate, is_active, updated_at
)
SELECT {_id("variant")}, {_id("product")}, 0, 'Prod ' || n, 'prod ' || n * 2657 % {{spread}}, ' prod ' || n || ' ',
    CASE WHEN n % 2 = 0 THEN 'S' || n END, CASE WHEN n % 2 = 0 THEN 's' || n * 2657 % {{spread}} ELSE '' END,
    '{{{{}}}}',
    n * 10 % 10000, 0, NOT rare, moment
FROM numbers
"""
_CONTACTS = f"""
INSERT INTO tagging_tag (id, kind, name, name_key)
SELECT {_id("", "kind || 9")}, kind, 'Rare', 'rare' FROM unnest('{{{{tag,group}}}}'::text[]) AS kind
ON CONFLICT DO NOTHING;
INSERT INTO tagging_link SELECT {_id("", "kind || 9")}, 'crm.contact', {_id("contact")}
FROM generate_series({{first}}, {{last}}) AS n, unnest('{{{{tag,group}}}}'::text[]) AS kind WHERE n % 400 = 12;
{_BASE}
INSERT INTO crm_contact (
    id, kind, name, source, name_key, search, alike, company_key, company_id, company_name, owner_id, archived_at,
    has_phone, has_email, created_at, updated_at
)
SELECT {_id("contact")}, CASE WHEN n % 400 = 13 THEN 'company' ELSE 'person' END, 'Anna ' || n,
    CASE WHEN n % 400 = 14 THEN 'card' ELSE 'manual' END, 'anna ' || n * 2657 % {{spread}}, ' anna ' || n || ' ',
    ' anna ' || n || ' ', CASE WHEN n % 2 = 0 THEN 'firm ' || n % 50 ELSE '' END,
    CASE WHEN rare THEN {_id("contact", "9")} END, CASE WHEN NOT rare AND n % 400 NOT IN (13, 15) THEN 'Firm' END,
    CASE WHEN n % 400 = 11 THEN {_id("person", "9")} END,
    CASE WHEN n % 400 = 10 THEN moment END, n % 400 <> 16, n % 400 <> 17, moment, moment
FROM numbers WHERE n <> 9
"""
_MOVEMENTS = f"""
INSERT INTO stock_movement (
    store_id, variant_id, kind, quantity, balance, source_kind, source_id, actor_name, happened_at
)
SELECT {_id("store", "1")}, {_id("variant", "1")}, CASE WHEN rare THEN 'adjustment' ELSE 'sale' END, 1, 0, 'sample',
    {_id("movement")}, 'Ann', moment
FROM numbers
"""
_BY_LIST = {
    "GET /api/v1/pos/sales": (_SHOP, _BASE + _SALES, _BASE + _LINES),
    "GET /api/v1/pos/refunds": (_BASE + _REFUNDS,),
    "GET /api/v1/pos/shifts": (_SHOP, _BASE + _SHIFTS),
    "GET /api/v1/mail/messages": (_BASE + _MAILS,),
    "GET /api/v1/webhooks/subscriptions/{subscription_id}/deliveries": (_BASE + _DELIVERIES,),
    "GET /api/v1/audit/entries": (_BASE + _ENTRIES,),
    "GET /api/v1/catalog/variants": (_VARIANTS,),
    "GET /api/v1/crm/contacts": (_CONTACTS,),
    "GET /api/v1/stock/movements": (_BASE + _MOVEMENTS,),
}


def named(word: str, number: int) -> UUID:
    """Return the id of a row."""
    return UUID(hex=hashlib.md5(f"{word}{number}".encode(), usedforsecurity=False).hexdigest())


def rows_of(first: int, last: int, title: str | None = None, spread: int = 2 * MANY) -> Iterator[str]:
    """Yield the statements that add rows for one list, or for all; after `FREE`. The first `spread` rows all differ."""
    for each, statements in _BY_LIST.items():
        if title in {None, each}:
            for sql in statements:
                yield sql.format(first=first, last=last, spread=spread)
