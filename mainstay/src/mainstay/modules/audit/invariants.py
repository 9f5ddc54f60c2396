"""What holds of the audit trail, and what no migration may alter of it: docs/decisions/0021-audit-trail.md."""

from mainstay.db.invariants import Figure, Invariant

# The JSON list that `service.chain` hashes, as PostgreSQL writes it: strings are escaped alike.
_JSON = """'["mainstay-audit-1",' || link.sequence || ',' || (
        SELECT string_agg(coalesce(to_json(value)::text, 'null'), ',' ORDER BY place)
        FROM unnest(ARRAY[
            encode(link.previous, 'hex'), entry.id::text,
            to_char(entry.happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
            entry.act, entry.object_type, entry.object_id, entry.actor_kind, entry.actor_id::text, entry.actor_role,
            entry.approver_id::text, entry.request_id, encode(entry.actor_digest, 'hex'),
            encode(entry.change_digest, 'hex')
        ]) WITH ORDINALITY AS field (value, place)
    ) || ']'"""
CHAIN_IS_WHOLE = Invariant(
    "audit.chain_is_whole",
    "Each sealed act has the hash of its content and of the act before.",
    f"""
    SELECT link.sequence FROM audit_link AS link JOIN audit_entry AS entry USING (position)
    LEFT JOIN audit_link AS before ON before.sequence = link.sequence - 1
    LEFT JOIN audit_checkpoint AS checkpoint ON checkpoint.sequence = link.sequence - 1
    WHERE link.hash <> sha256(convert_to({_JSON}, 'UTF8')) OR link.previous IS DISTINCT FROM coalesce(
        before.hash, checkpoint.hash, CASE WHEN link.sequence = 1 THEN decode(repeat('00', 32), 'hex') END
    )
    """,  # noqa: S608  a constant above
)
EVERY_ACT_HAS_A_PLACE = Invariant(
    "audit.every_act_has_a_place",
    "Each act is sealed, or waits for it.",
    """
    SELECT entry.position FROM audit_entry AS entry
    WHERE NOT EXISTS (SELECT FROM audit_link AS link WHERE link.position = entry.position)
        AND NOT EXISTS (SELECT FROM audit_pending AS pending WHERE pending.position = entry.position)
    """,
)
HEAD = Figure(
    "audit.head",
    "The chain of acts ends where it ended.",
    "SELECT sequence || ':' || encode(hash, 'hex') FROM audit_link ORDER BY sequence DESC LIMIT 1",
)
ALL = (CHAIN_IS_WHOLE, EVERY_ACT_HAS_A_PLACE, HEAD)
