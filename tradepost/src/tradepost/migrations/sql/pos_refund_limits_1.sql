-- No more goes back than was sold and paid, whoever asks at the same moment (rule 14); the last word of the database.

-- Have everybody else who gives something of a sale back wait until this transaction ends.
CREATE FUNCTION pos_lock_sale(sale uuid) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(sale::text, 0))
$$;

-- What each line of the sale has given back: never above what it cost, and exactly that once all of it is back.
CREATE FUNCTION pos_limit_refunded_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sold record;
    back record;
BEGIN
    PERFORM pos_lock_sale(NEW.sale_id);
    SELECT quantity, net_minor, tax_minor, net_minor + tax_minor AS gross_minor INTO sold
    FROM pos_sale_line WHERE sale_id = NEW.sale_id AND position = NEW.sale_position;
    SELECT sum(quantity) AS quantity, sum(net_minor) AS net_minor, sum(tax_minor) AS tax_minor,
        sum(net_minor + tax_minor) AS gross_minor
    INTO back
    FROM pos_refund_line WHERE sale_id = NEW.sale_id AND sale_position = NEW.sale_position;
    IF back.quantity > sold.quantity OR back.gross_minor > sold.gross_minor OR back.tax_minor > sold.tax_minor
        OR back.quantity = sold.quantity
            AND (back.net_minor, back.tax_minor) IS DISTINCT FROM (sold.net_minor, sold.tax_minor)
    THEN
        RAISE EXCEPTION 'line % of sale % would give back more than it cost', NEW.sale_position, NEW.sale_id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER pos_refund_line_limit AFTER INSERT ON pos_refund_line
FOR EACH ROW EXECUTE FUNCTION pos_limit_refunded_line();

-- The money of all refunds of a sale: never above what was paid for it, nor on cards above what was paid by card.
CREATE FUNCTION pos_limit_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pos_lock_sale(NEW.sale_id);
    IF EXISTS (
        SELECT FROM pos_sale AS sale
        CROSS JOIN LATERAL (
            SELECT sum(payable_minor) AS payable_minor, sum(card_minor) AS card_minor
            FROM pos_refund WHERE sale_id = sale.id
        ) AS back
        WHERE sale.id = NEW.sale_id
            AND (back.payable_minor > sale.payable_minor OR back.card_minor > sale.card_minor)
    ) THEN
        RAISE EXCEPTION 'sale % would give back more than was paid', NEW.sale_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER pos_refund_limit AFTER INSERT ON pos_refund
FOR EACH ROW EXECUTE FUNCTION pos_limit_refund();
