-- A dump that is loaded into another cluster brings transaction numbers that are still to come there: new events would
-- stand before old ones, and readers would pass over them. Then all events get the number 0, in the order of their
-- positions, and the place to which the log was read follows; what it is too early by, deliveries know by their event.
-- Returns whether there was anything to do. It runs with the rights of the log's owner; see mainstay_forget_events.
CREATE FUNCTION webhooks_renumber() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    -- First, so that of two who come at once the later one sees what the other has done.
    PERFORM pg_advisory_xact_lock(hashtextextended('webhooks_renumber', 0));
    -- Each in one statement: what commits between two looks would seem to be still to come.
    IF NOT EXISTS (
        SELECT FROM mainstay_event WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    ) AND NOT EXISTS (
        SELECT FROM webhooks_cursor WHERE transaction_id > pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    ) THEN
        RETURN false;
    END IF;
    UPDATE webhooks_cursor AS place SET transaction_id = 0, position = least(place.position, (
        SELECT min(event.position) - 1 FROM mainstay_event AS event
        WHERE (event.transaction_id, event.position) > (place.transaction_id, place.position)
    ));
    PERFORM set_config('mainstay.forgetting', 'on', true);
    UPDATE mainstay_event SET transaction_id = 0 WHERE transaction_id <> 0;
    PERFORM set_config('mainstay.forgetting', 'off', true);
    RETURN true;
END
$$;
