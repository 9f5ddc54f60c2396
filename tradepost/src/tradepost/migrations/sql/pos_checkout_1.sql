-- Writes one sale: sale, lines, taxes, payments, stock, receipt number, journal, event and its jobs, all or nothing.
--
-- Arguments: the sale as priced by the service (see tradepost/pos/checkout), and the events for mainstay_publish.
-- Returns {outcome: "sold", number, receipt_number, sequence, hash}, or {outcome: "known"} when the id is taken
-- (then nothing was written; the service compares contents), or {outcome: "shift_closed"}.
-- Locks: the register's row first, then stock rows in variant order; every writer keeps this order.
CREATE FUNCTION pos_checkout(sale jsonb, events jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    register pos_register;
    entry pos_journal;
    receipt text;
    sale_uuid uuid := (sale ->> 'id')::uuid;
    moment timestamptz := (sale ->> 'sold_at')::timestamptz;
BEGIN
    SELECT * INTO register FROM pos_register WHERE id = (sale ->> 'register_id')::uuid FOR UPDATE;
    IF EXISTS (SELECT FROM pos_sale WHERE id = sale_uuid) THEN
        RETURN jsonb_build_object('outcome', 'known');
    END IF;
    IF register.open_shift_id IS DISTINCT FROM (sale ->> 'shift_id')::uuid THEN
        RETURN jsonb_build_object('outcome', 'shift_closed');
    END IF;
    receipt := register.code || '-' || lpad(register.next_number::text, 6, '0');
    INSERT INTO pos_sale (
        id, register_id, shift_id, store_id, number, receipt_number, content_hash, cashier_id, cashier_name,
        register_name, sold_at, device_at, business_day, currency, prices_include_tax, rounding_level, rounding_mode,
        lines_count, subtotal_minor, discount_minor, net_minor, tax_minor, total_minor, cash_rounding_minor,
        payable_minor, cash_minor, card_minor, change_minor
    )
    SELECT
        sale_uuid, register.id, shift_id, register.store_id, register.next_number, receipt, content_hash, cashier_id,
        cashier_name, register.name, moment, device_at, business_day, currency, prices_include_tax, rounding_level,
        rounding_mode, lines_count, subtotal_minor, discount_minor, net_minor, tax_minor, total_minor,
        cash_rounding_minor, payable_minor, cash_minor, card_minor, change_minor
    FROM jsonb_to_record(sale) AS head (
        shift_id uuid, content_hash text, cashier_id uuid, cashier_name text, device_at timestamptz,
        business_day date, currency text, prices_include_tax boolean, rounding_level text, rounding_mode text,
        lines_count integer, subtotal_minor bigint, discount_minor bigint, net_minor bigint, tax_minor bigint,
        total_minor bigint, cash_rounding_minor bigint, payable_minor bigint, cash_minor bigint, card_minor bigint,
        change_minor bigint
    );
    INSERT INTO pos_sale_line (
        sale_id, position, id, variant_id, name, sku, barcode, quantity, unit, unit_price, cost, tax_rate,
        list_minor, discount_minor, ticket_discount_minor, total_minor, net_minor, tax_minor
    )
    SELECT sale_uuid, line.*
    FROM jsonb_to_recordset(sale -> 'lines') AS line (
        position integer, id uuid, variant_id uuid, name text, sku text, barcode text, quantity numeric, unit text,
        unit_price numeric, cost numeric, tax_rate numeric, list_minor bigint, discount_minor bigint,
        ticket_discount_minor bigint, total_minor bigint, net_minor bigint, tax_minor bigint
    );
    INSERT INTO pos_sale_tax (sale_id, rate, net_minor, tax_minor, gross_minor)
    SELECT sale_uuid, tax.*
    FROM jsonb_to_recordset(sale -> 'taxes') AS tax (
        rate numeric, net_minor bigint, tax_minor bigint, gross_minor bigint
    );
    INSERT INTO pos_payment (sale_id, position, id, kind, amount_minor, reference, card_brand, card_last4)
    SELECT sale_uuid, tender.*
    FROM jsonb_to_recordset(sale -> 'tenders') AS tender (
        position integer, id uuid, kind text, amount_minor bigint, reference text, card_brand text, card_last4 text
    );
    PERFORM pos_assert_sums(sale_uuid);
    PERFORM stock_post(
        jsonb_build_object(
            'store_id', register.store_id, 'kind', 'sale', 'source_kind', 'sale', 'source_id', sale_uuid,
            'actor_id', sale -> 'cashier_id', 'actor_name', sale -> 'cashier_name', 'happened_at', moment,
            'negative', sale -> 'negative_stock', 'items', sale -> 'stock'
        )
    );
    entry := pos_append_journal(
        register, 'sale', sale_uuid, moment,
        jsonb_build_object(
            'receipt_number', receipt, 'content_hash', sale -> 'content_hash', 'business_day', sale -> 'business_day',
            'currency', sale -> 'currency', 'net_minor', sale -> 'net_minor', 'tax_minor', sale -> 'tax_minor',
            'total_minor', sale -> 'total_minor', 'payable_minor', sale -> 'payable_minor',
            'cash_minor', sale -> 'cash_minor', 'card_minor', sale -> 'card_minor', 'change_minor', sale -> 'change_minor'
        ),
        1
    );
    PERFORM mainstay_publish(jsonb_set(events, '{0,payload,receipt_number}', to_jsonb(receipt)));
    RETURN jsonb_build_object(
        'outcome', 'sold', 'number', register.next_number, 'receipt_number', receipt,
        'sequence', entry.sequence, 'hash', entry.hash
    );
END
$$;
