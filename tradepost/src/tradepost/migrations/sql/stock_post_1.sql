-- The only writer of stock: appends ledger rows and keeps the cached levels, in the caller's transaction.
--
-- Argument: {store_id, kind, source_kind, source_id, actor_id, actor_name, happened_at, note,
--            negative ("refuse" | "allow"), starts_keeping (bool), items: [{variant_id, quantity (text)}]}.
-- Demand is summed per variant over the whole document and rows are locked in variant order (rule 11). A variant that
-- was never counted in the store is passed over unless starts_keeping is set. Falling below zero is refused with
-- SQLSTATE TS001 and the shortages as DETAIL, or recorded as oversold where the store allows it (rule 12).
CREATE FUNCTION stock_post(posting jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    store uuid := (posting ->> 'store_id')::uuid;
    may_oversell boolean := posting ->> 'negative' = 'allow';
    variants uuid[];
    quantities numeric[];
    shortages jsonb;
BEGIN
    SELECT array_agg(variant_id ORDER BY variant_id), array_agg(quantity ORDER BY variant_id)
    INTO variants, quantities
    FROM (
        SELECT (item ->> 'variant_id')::uuid AS variant_id, sum((item ->> 'quantity')::numeric) AS quantity
        FROM jsonb_array_elements(posting -> 'items') AS item
        GROUP BY 1
    ) AS demand
    WHERE quantity <> 0;
    IF variants IS NULL THEN
        RETURN;
    END IF;
    PERFORM set_config('stock.posting', 'on', true);
    IF (posting ->> 'starts_keeping')::boolean THEN
        INSERT INTO stock_level (store_id, variant_id, on_hand)
        SELECT store, variant_id, 0 FROM unnest(variants) AS variant_id
        ORDER BY variant_id
        ON CONFLICT DO NOTHING;
    END IF;
    PERFORM FROM stock_level
    WHERE store_id = store AND variant_id = ANY (variants)
    ORDER BY variant_id
    FOR UPDATE;
    IF NOT may_oversell THEN
        SELECT jsonb_agg(
            jsonb_build_object(
                'variant_id', level.variant_id, 'on_hand', trim_scale(level.on_hand)::text,
                'wanted', trim_scale(-demand.quantity)::text
            )
            ORDER BY level.variant_id
        ) INTO shortages
        FROM unnest(variants, quantities) AS demand (variant_id, quantity)
        JOIN stock_level AS level ON level.store_id = store AND level.variant_id = demand.variant_id
        WHERE demand.quantity < 0 AND level.on_hand + demand.quantity < 0;
        IF shortages IS NOT NULL THEN
            RAISE EXCEPTION 'not enough stock' USING ERRCODE = 'TS001', DETAIL = shortages::text;
        END IF;
    END IF;
    WITH moved AS (
        UPDATE stock_level AS level
        SET on_hand = level.on_hand + demand.quantity,
            is_oversold = level.on_hand + demand.quantity < 0
        FROM unnest(variants, quantities) AS demand (variant_id, quantity)
        WHERE level.store_id = store AND level.variant_id = demand.variant_id
        RETURNING level.variant_id, demand.quantity, level.on_hand
    )
    INSERT INTO stock_movement (
        store_id, variant_id, kind, quantity, balance, source_kind, source_id, note, actor_id, actor_name, happened_at
    )
    SELECT
        store, moved.variant_id, posting ->> 'kind', moved.quantity, moved.on_hand,
        posting ->> 'source_kind', (posting ->> 'source_id')::uuid, posting ->> 'note',
        (posting ->> 'actor_id')::uuid, posting ->> 'actor_name', (posting ->> 'happened_at')::timestamptz
    FROM moved
    ORDER BY moved.variant_id;
    PERFORM set_config('stock.posting', '', true);
END
$$;
