-- The one way in which events leave the log. The program's role has no right to delete there: this function runs with the
-- rights of the table's owner, and does nothing else. Its search_path is fixed by the migration, so that no table of the
-- caller's stands in for ours.

-- Deletes events from before `cutoff`, those that lie up to (last_transaction, last_position), or all where that is null.
-- Nothing younger than a day goes, whoever asks. Returns how many went.
CREATE FUNCTION mainstay_forget_events(cutoff timestamptz, last_transaction bigint, last_position bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    removed bigint;
BEGIN
    IF cutoff > now() - interval '1 day' THEN
        RAISE EXCEPTION 'events are kept for a day at least' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM set_config('mainstay.forgetting', 'on', true);
    DELETE FROM mainstay_event AS event WHERE event.happened_at < cutoff
        AND (last_transaction IS NULL OR (event.transaction_id, event.position) <= (last_transaction, last_position));
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM set_config('mainstay.forgetting', 'off', true);
    RETURN removed;
END
$$;
