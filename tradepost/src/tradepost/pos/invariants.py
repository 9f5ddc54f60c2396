"""What holds of everything that was sold and given back, and what no migration may alter of it."""

from mainstay.db.invariants import Figure, Invariant

# As `pos_assert_sums` says it of one sale (rules 4 to 7), for all of them at once.
PARTS_ADD_UP = Invariant(
    "pos.parts_add_up",
    "The lines, taxes and payments of each sale add up to its figures.",
    """
    SELECT head.receipt_number FROM pos_sale AS head
    LEFT JOIN (
        SELECT sale_id, count(*) AS lines, sum(list_minor) AS subtotal,
            sum(discount_minor + ticket_discount_minor) AS off, sum(net_minor) AS net, sum(tax_minor) AS tax
        FROM pos_sale_line GROUP BY sale_id
    ) AS line ON line.sale_id = head.id
    LEFT JOIN (
        SELECT sale_id, sum(net_minor) AS net, sum(tax_minor) AS tax FROM pos_sale_tax GROUP BY sale_id
    ) AS taxed ON taxed.sale_id = head.id
    LEFT JOIN (
        SELECT sale_id, coalesce(sum(amount_minor) FILTER (WHERE kind = 'cash'), 0) AS cash,
            coalesce(sum(amount_minor) FILTER (WHERE kind = 'card'), 0) AS card
        FROM pos_payment GROUP BY sale_id
    ) AS paid ON paid.sale_id = head.id
    WHERE (line.lines, line.subtotal, line.off, line.net, line.tax, coalesce(taxed.net, 0), coalesce(taxed.tax, 0))
            IS DISTINCT FROM (
                head.lines_count::bigint, head.subtotal_minor, head.discount_minor, head.net_minor, head.tax_minor,
                head.net_minor, head.tax_minor
            )
        OR (coalesce(paid.cash, 0), coalesce(paid.card, 0)) IS DISTINCT FROM (head.cash_minor, head.card_minor)
        OR head.cash_minor + head.card_minor - head.change_minor <> head.payable_minor
    """,
)
NUMBERS_FOLLOW = Invariant(
    "pos.numbers_follow",
    "The receipts of each register, of sales and refunds, are numbered from one, without a gap, up to its next number.",
    """
    SELECT register.code FROM pos_register AS register LEFT JOIN (
        SELECT register_id, number FROM pos_sale UNION ALL SELECT register_id, number FROM pos_refund
    ) AS receipt ON receipt.register_id = register.id
    GROUP BY register.id
    HAVING count(receipt.number) <> register.next_number - 1
        OR count(DISTINCT receipt.number) <> register.next_number - 1
        OR coalesce(max(receipt.number), 0) <> register.next_number - 1 OR coalesce(min(receipt.number), 1) <> 1
    """,
)
# As `pos_append_journal` writes it (rule 40).
JOURNAL_IS_WHOLE = Invariant(
    "pos.journal_is_whole",
    "The journal of each register is one chain of hashes, up to the entry that the register names.",
    """
    SELECT register.code || ' ' || entry.sequence FROM (
        SELECT *, lag(sequence, 1, 0::bigint) OVER up AS last, lag(hash, 1, '') OVER up AS last_hash
        FROM pos_journal WINDOW up AS (PARTITION BY register_id ORDER BY sequence)
    ) AS entry JOIN pos_register AS register ON register.id = entry.register_id
    WHERE entry.sequence <> entry.last + 1 OR entry.previous_hash <> entry.last_hash
        OR entry.hash <> encode(sha256(convert_to(entry.previous_hash || E'\\n' || entry.payload, 'UTF8')), 'hex')
    UNION ALL
    SELECT register.code || ' end' FROM pos_register AS register
    LEFT JOIN pos_journal AS entry ON entry.register_id = register.id AND entry.sequence = register.journal_sequence
    WHERE coalesce(entry.hash, '') <> register.journal_hash
    """,
)
# As the triggers of `pos_refund_limits` say it of each new refund (rule 14), for all of them at once.
REFUNDS_WITHIN_SALES = Invariant(
    "pos.refunds_within_sales",
    "What was given back of each sale is no more than was sold and paid, and all of it once all goods are back.",
    """
    SELECT sale.receipt_number || ' ' || sold.position
    FROM (
        SELECT sale_id, sale_position, sum(quantity) AS quantity, sum(net_minor) AS net, sum(tax_minor) AS tax
        FROM pos_refund_line GROUP BY sale_id, sale_position
    ) AS back
    JOIN pos_sale_line AS sold ON sold.sale_id = back.sale_id AND sold.position = back.sale_position
    JOIN pos_sale AS sale ON sale.id = back.sale_id
    WHERE back.quantity > sold.quantity OR back.net + back.tax > sold.net_minor + sold.tax_minor
        OR back.tax > sold.tax_minor
        OR back.quantity = sold.quantity AND (back.net, back.tax) <> (sold.net_minor, sold.tax_minor)
    UNION ALL
    SELECT sale.receipt_number FROM pos_sale AS sale JOIN (
        SELECT sale_id, sum(payable_minor) AS payable, sum(card_minor) AS card FROM pos_refund GROUP BY sale_id
    ) AS back ON back.sale_id = sale.id
    WHERE back.payable > sale.payable_minor OR back.card > sale.card_minor
    """,
)
REFUND_PARTS_ADD_UP = Invariant(
    "pos.refund_parts_add_up",
    "The lines, taxes and payments of each refund add up to its figures.",
    """
    SELECT head.receipt_number FROM pos_refund AS head
    LEFT JOIN (
        SELECT refund_id, count(*) AS lines, sum(net_minor) AS net, sum(tax_minor) AS tax
        FROM pos_refund_line GROUP BY refund_id
    ) AS line ON line.refund_id = head.id
    LEFT JOIN (
        SELECT refund_id, sum(net_minor) AS net, sum(tax_minor) AS tax FROM pos_refund_tax GROUP BY refund_id
    ) AS taxed ON taxed.refund_id = head.id
    LEFT JOIN (
        SELECT refund_id, coalesce(sum(amount_minor) FILTER (WHERE kind = 'cash'), 0) AS cash,
            coalesce(sum(amount_minor) FILTER (WHERE kind = 'card'), 0) AS card
        FROM pos_refund_payment GROUP BY refund_id
    ) AS paid ON paid.refund_id = head.id
    WHERE (line.lines, line.net, line.tax, taxed.net, taxed.tax, coalesce(paid.cash, 0), coalesce(paid.card, 0))
        IS DISTINCT FROM (
            head.lines_count::bigint, head.net_minor, head.tax_minor, head.net_minor, head.tax_minor, head.cash_minor,
            head.card_minor
        )
    """,
)
DRAWERS_ADD_UP = Invariant(
    "pos.drawers_add_up",
    "What was expected in the drawer at each close is float and cash that was kept, less cash that was given back.",
    """
    SELECT register.code || ' ' || shift.opened_at FROM pos_shift AS shift
    JOIN pos_register AS register ON register.id = shift.register_id
    LEFT JOIN (
        SELECT shift_id, sum(cash_minor - change_minor) AS cash FROM pos_sale GROUP BY shift_id
    ) AS kept ON kept.shift_id = shift.id
    LEFT JOIN (SELECT shift_id, sum(cash_minor) AS cash FROM pos_refund GROUP BY shift_id) AS back
        ON back.shift_id = shift.id
    WHERE shift.expected_minor <> shift.float_minor + coalesce(kept.cash, 0) - coalesce(back.cash, 0)
    """,
)
GIVEN_BACK = Figure(
    "pos.given_back",
    "What was given back, by currency, stays the same.",
    """
    SELECT jsonb_object_agg(currency, figures) FROM (
        SELECT currency, jsonb_build_object(
            'refunds', count(*), 'net', sum(net_minor), 'tax', sum(tax_minor), 'payable', sum(payable_minor),
            'cash', sum(cash_minor), 'card', sum(card_minor)
        ) AS figures
        FROM pos_refund GROUP BY currency
    ) AS refunded
    """,
)
TAKEN = Figure(
    "pos.taken",
    "What was sold, taxed and paid, by currency, stays the same.",
    """
    SELECT jsonb_object_agg(currency, figures) FROM (
        SELECT currency, jsonb_build_object(
            'sales', count(*), 'net', sum(net_minor), 'tax', sum(tax_minor), 'payable', sum(payable_minor),
            'cash', sum(cash_minor), 'card', sum(card_minor), 'change', sum(change_minor)
        ) AS figures
        FROM pos_sale GROUP BY currency
    ) AS sold
    """,
)
ALL = (
    PARTS_ADD_UP,
    NUMBERS_FOLLOW,
    JOURNAL_IS_WHOLE,
    REFUNDS_WITHIN_SALES,
    REFUND_PARTS_ADD_UP,
    DRAWERS_ADD_UP,
    TAKEN,
    GIVEN_BACK,
)
