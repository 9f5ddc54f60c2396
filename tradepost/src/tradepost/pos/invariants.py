"""What holds of everything that was sold, and what no migration may alter of it."""

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
    "The receipts of each register are numbered from one, without a gap, up to its next number.",
    """
    SELECT register.code FROM pos_register AS register LEFT JOIN pos_sale AS sale ON sale.register_id = register.id
    GROUP BY register.id
    HAVING count(sale.id) <> register.next_number - 1 OR coalesce(max(sale.number), 0) <> register.next_number - 1
        OR coalesce(min(sale.number), 1) <> 1
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
ALL = (PARTS_ADD_UP, NUMBERS_FOLLOW, JOURNAL_IS_WHOLE, TAKEN)
