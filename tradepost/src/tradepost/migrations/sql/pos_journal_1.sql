-- Appends to a register's journal (rule 40) and takes `receipts` numbers (0 or 1) from its series in the same update.
-- The caller holds the lock on the register's row.
--
-- Each entry stores its payload as text, and sha256(previous hash in hex || line feed || payload): anybody with the
-- rows and a sha256 program can verify the chain without this application. No personal data enters the payload.
CREATE FUNCTION pos_append_journal(
    register pos_register, entry_kind text, document uuid, moment timestamptz, figures jsonb, receipts integer
) RETURNS pos_journal LANGUAGE plpgsql AS $$
DECLARE
    entry pos_journal;
BEGIN
    entry.register_id := register.id;
    entry.sequence := register.journal_sequence + 1;
    entry.kind := entry_kind;
    entry.document_id := document;
    entry.happened_at := moment;
    entry.payload := (
        jsonb_build_object(
            'register_id', register.id, 'sequence', entry.sequence, 'kind', entry_kind, 'document_id', document,
            'happened_at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        ) || figures
    )::text;
    entry.previous_hash := register.journal_hash;
    entry.hash := encode(sha256(convert_to(entry.previous_hash || E'\n' || entry.payload, 'UTF8')), 'hex');
    INSERT INTO pos_journal SELECT (entry).*;
    UPDATE pos_register
    SET journal_sequence = entry.sequence, journal_hash = entry.hash, next_number = next_number + receipts
    WHERE id = register.id;
    RETURN entry;
END
$$;
