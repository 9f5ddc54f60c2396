"""What holds of contacts, and what no migration may alter of them."""

from mainstay.db.invariants import Figure, Invariant

MERGED_LEAD_SOMEWHERE = Invariant(
    "crm.merged_lead_somewhere",
    "Whoever was merged leads to a contact that was not.",
    """
    WITH RECURSIVE way AS (
        SELECT id AS begin, merged_into AS now, 1 AS steps FROM crm_contact WHERE merged_into IS NOT NULL
        UNION ALL
        SELECT way.begin, contact.merged_into, way.steps + 1
        FROM way JOIN crm_contact AS contact ON contact.id = way.now
        WHERE contact.merged_into IS NOT NULL AND way.steps < 1000
    )
    SELECT DISTINCT begin FROM way WHERE steps = 1000
    """,
)
CONTACTS = Figure(
    "crm.contacts",
    "The number of contacts, of those put away and of cards stays the same.",
    """
    SELECT concat_ws(', ', count(*), count(archived_at), (SELECT count(*) FROM crm_card)) FROM crm_contact
    """,
)
ALL = (MERGED_LEAD_SOMEWHERE, CONTACTS)
