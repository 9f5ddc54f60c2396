-- Writes one refund: document, lines, taxes, payments, stock, receipt number and journal, all or nothing.
--
-- Argument: the refund as worked out by the service (see tradepost/pos/service/refunding). Returns {outcome:
-- "refunded", receipt_number} or {outcome: "shift_closed"}; then nothing was written.
-- Locks: the sale first (`pos_lock_sale`), then the register's row, then stock rows in variant order.
CREATE FUNCTION pos_refund(refund jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    register pos_register;
    receipt text;
    refund_uuid uuid := (refund ->> 'id')::uuid;
    sale_uuid uuid := (refund ->> 'sale_id')::uuid;
    moment timestamptz := (refund ->> 'refunded_at')::timestamptz;
BEGIN
    PERFORM pos_lock_sale(sale_uuid);
    SELECT * INTO register FROM pos_register WHERE id = (refund ->> 'register_id')::uuid FOR UPDATE;
    IF register.open_shift_id IS DISTINCT FROM (refund ->> 'shift_id')::uuid THEN
        RETURN jsonb_build_object('outcome', 'shift_closed');
    END IF;
    receipt := register.code || '-' || lpad(register.next_number::text, 6, '0');
    INSERT INTO pos_refund (
        id, sale_id, register_id, shift_id, store_id, number, receipt_number, content_hash, cashier_id, cashier_name,
        register_name, refunded_at, device_at, business_day, currency, reason, lines_count, net_minor, tax_minor,
        total_minor, cash_rounding_minor, payable_minor, cash_minor, card_minor
    )
    SELECT
        refund_uuid, sale_uuid, register.id, shift_id, register.store_id, register.next_number, receipt, content_hash,
        cashier_id, cashier_name, register.name, moment, device_at, business_day, currency, reason, lines_count,
        net_minor, tax_minor, total_minor, cash_rounding_minor, payable_minor, cash_minor, card_minor
    FROM jsonb_to_record(refund) AS head (
        shift_id uuid, content_hash text, cashier_id uuid, cashier_name text, device_at timestamptz,
        business_day date, currency text, reason text, lines_count integer, net_minor bigint, tax_minor bigint,
        total_minor bigint, cash_rounding_minor bigint, payable_minor bigint, cash_minor bigint, card_minor bigint
    );
    INSERT INTO pos_refund_line (
        refund_id, position, sale_id, sale_position, variant_id, quantity, goods, total_minor, net_minor, tax_minor
    )
    SELECT refund_uuid, line.position, sale_uuid, line.sale_position, line.variant_id, line.quantity, line.goods,
        line.total_minor, line.net_minor, line.tax_minor
    FROM jsonb_to_recordset(refund -> 'lines') AS line (
        position integer, sale_position integer, variant_id uuid, quantity numeric, goods text, total_minor bigint,
        net_minor bigint, tax_minor bigint
    );
    INSERT INTO pos_refund_tax (refund_id, rate, net_minor, tax_minor, gross_minor)
    SELECT refund_uuid, tax.*
    FROM jsonb_to_recordset(refund -> 'taxes') AS tax (
        rate numeric, net_minor bigint, tax_minor bigint, gross_minor bigint
    );
    INSERT INTO pos_refund_payment (refund_id, position, id, kind, amount_minor, reference, card_brand, card_last4)
    SELECT refund_uuid, tender.*
    FROM jsonb_to_recordset(refund -> 'tenders') AS tender (
        position integer, id uuid, kind text, amount_minor bigint, reference text, card_brand text, card_last4 text
    );
    PERFORM pos_assert_refund_sums(refund_uuid);
    PERFORM stock_post(
        jsonb_build_object(
            'store_id', register.store_id, 'kind', 'refund', 'source_kind', 'refund', 'source_id', refund_uuid,
            'note', refund -> 'reason', 'actor_id', refund -> 'cashier_id', 'actor_name', refund -> 'cashier_name',
            'happened_at', moment, 'negative', 'refuse', 'items', refund -> 'stock'
        )
    );
    PERFORM pos_append_journal(
        register, 'refund', refund_uuid, moment,
        jsonb_build_object(
            'receipt_number', receipt, 'sale_id', refund -> 'sale_id', 'content_hash', refund -> 'content_hash',
            'business_day', refund -> 'business_day', 'currency', refund -> 'currency',
            'net_minor', refund -> 'net_minor', 'tax_minor', refund -> 'tax_minor',
            'total_minor', refund -> 'total_minor', 'payable_minor', refund -> 'payable_minor',
            'cash_minor', refund -> 'cash_minor', 'card_minor', refund -> 'card_minor'
        ),
        1
    );
    RETURN jsonb_build_object('outcome', 'refunded', 'receipt_number', receipt);
END
$$;
