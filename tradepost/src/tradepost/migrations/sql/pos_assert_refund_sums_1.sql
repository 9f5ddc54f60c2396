-- Refuses a refund whose parts do not add up, as `pos_assert_sums` does a sale (rule 15).
CREATE FUNCTION pos_assert_refund_sums(refund uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pos_refund AS head
        CROSS JOIN LATERAL (
            SELECT
                count(*) AS lines, coalesce(sum(net_minor), 0) AS net, coalesce(sum(tax_minor), 0) AS tax
            FROM pos_refund_line WHERE refund_id = head.id
        ) AS line
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(net_minor), 0) AS net, coalesce(sum(tax_minor), 0) AS tax
            FROM pos_refund_tax WHERE refund_id = head.id
        ) AS groups
        CROSS JOIN LATERAL (
            SELECT
                coalesce(sum(amount_minor) FILTER (WHERE kind = 'cash'), 0) AS cash,
                coalesce(sum(amount_minor) FILTER (WHERE kind = 'card'), 0) AS card
            FROM pos_refund_payment WHERE refund_id = head.id
        ) AS paid
        WHERE head.id = refund
            AND (line.lines, line.net, line.tax, groups.net, groups.tax, paid.cash, paid.card)
            IS DISTINCT FROM (
                head.lines_count, head.net_minor, head.tax_minor, head.net_minor, head.tax_minor, head.cash_minor,
                head.card_minor
            )
    ) THEN
        RAISE EXCEPTION 'the parts of refund % do not add up', refund USING ERRCODE = 'check_violation';
    END IF;
END
$$;
