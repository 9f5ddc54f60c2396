-- The two ways in which something leaves the audit trail. The program's role has no right to delete there: these
-- functions run with the rights of the tables' owner, and do nothing else. Their search_path is fixed by the migration,
-- so that no table of the caller's stands in for one of ours.

-- Erases the private parts that are about one thing: what changed on it, and who the actor was where it is a person.
-- Entries and hashes stay. Returns how many parts went.
CREATE FUNCTION audit_erase(about_type text, about_id text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    removed bigint;
BEGIN
    PERFORM set_config('audit.removing', 'on', true);
    DELETE FROM audit_private AS private USING audit_entry AS entry
    WHERE entry.position = private.position AND (
        (private.part = 'change' AND entry.object_type = about_type AND entry.object_id = about_id)
        OR (private.part = 'actor' AND about_type = 'identity.person' AND entry.actor_id::text = about_id)
    );
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM set_config('audit.removing', 'off', true);
    RETURN removed;
END
$$;

-- Deletes the oldest sealed entries, all from before `cutoff`, and leaves a checkpoint from which the chain goes on.
-- Nothing younger than a year goes, whoever asks. Returns no row when there was nothing to delete.
CREATE FUNCTION audit_expire(cutoff timestamptz)
RETURNS TABLE (through bigint, through_hash bytea, removed bigint) LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    young bigint;
BEGIN
    IF cutoff > now() - interval '1 year' THEN
        RAISE EXCEPTION 'audit entries are kept for a year at least' USING ERRCODE = 'restrict_violation';
    END IF;
    -- As for sealing: one at a time.
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_link', 0));
    SELECT link.sequence INTO young FROM audit_link AS link JOIN audit_entry AS entry USING (position)
    WHERE entry.happened_at >= cutoff ORDER BY link.sequence LIMIT 1;
    SELECT link.sequence, link.hash INTO through, through_hash FROM audit_link AS link
    WHERE young IS NULL OR link.sequence < young ORDER BY link.sequence DESC LIMIT 1;
    IF through IS NULL THEN
        RETURN;
    END IF;
    PERFORM set_config('audit.removing', 'on', true);
    DELETE FROM audit_private AS private USING audit_link AS link
    WHERE link.position = private.position AND link.sequence <= through;
    WITH gone AS (DELETE FROM audit_link AS link WHERE link.sequence <= through RETURNING link.position)
    DELETE FROM audit_entry AS entry USING gone WHERE entry.position = gone.position;
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM set_config('audit.removing', 'off', true);
    INSERT INTO audit_checkpoint (sequence, hash, removed) VALUES (through, through_hash, removed);
    RETURN NEXT;
END
$$;
