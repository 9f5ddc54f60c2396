-- Refuses a sale whose parts do not add up (rules 4 to 7); the last word of the database on money.
CREATE FUNCTION pos_assert_sums(sale uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pos_sale AS head
        CROSS JOIN LATERAL (
            SELECT
                count(*) AS lines, coalesce(sum(list_minor), 0) AS subtotal,
                coalesce(sum(discount_minor + ticket_discount_minor), 0) AS discount,
                coalesce(sum(net_minor), 0) AS net, coalesce(sum(tax_minor), 0) AS tax
            FROM pos_sale_line WHERE sale_id = head.id
        ) AS line
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(net_minor), 0) AS net, coalesce(sum(tax_minor), 0) AS tax
            FROM pos_sale_tax WHERE sale_id = head.id
        ) AS groups
        CROSS JOIN LATERAL (
            SELECT
                coalesce(sum(amount_minor) FILTER (WHERE kind = 'cash'), 0) AS cash,
                coalesce(sum(amount_minor) FILTER (WHERE kind = 'card'), 0) AS card
            FROM pos_payment WHERE sale_id = head.id
        ) AS paid
        WHERE head.id = sale
            AND (line.lines, line.subtotal, line.discount, line.net, line.tax, groups.net, groups.tax, paid.cash, paid.card)
            IS DISTINCT FROM (
                head.lines_count, head.subtotal_minor, head.discount_minor, head.net_minor, head.tax_minor,
                head.net_minor, head.tax_minor, head.cash_minor, head.card_minor
            )
    ) THEN
        RAISE EXCEPTION 'the parts of sale % do not add up', sale USING ERRCODE = 'check_violation';
    END IF;
END
$$;
