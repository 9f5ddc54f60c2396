-- Appends events to the log and defers the jobs that answer them, in the caller's transaction.
-- Argument: [{id, name, payload, actor_id, request_id, happened_at, trace?, jobs: [{queue, task, priority, lock}]}].
-- Returns the position of the last event.
CREATE OR REPLACE FUNCTION mainstay_publish(entries jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    entry jsonb;
    last_position bigint;
    deferred procrastinate_job_to_defer_v1[];
BEGIN
    FOR entry IN SELECT value FROM jsonb_array_elements(entries) LOOP
        INSERT INTO mainstay_event (id, name, payload, actor_id, request_id, happened_at, trace)
        VALUES (
            (entry ->> 'id')::uuid, entry ->> 'name', entry -> 'payload', (entry ->> 'actor_id')::uuid,
            entry ->> 'request_id', (entry ->> 'happened_at')::timestamptz, entry ->> 'trace'
        )
        RETURNING position INTO last_position;
        IF jsonb_array_length(entry -> 'jobs') > 0 THEN
            SELECT array_agg(
                ROW(
                    job ->> 'queue', job ->> 'task', (job ->> 'priority')::integer, job ->> 'lock', NULL,
                    jsonb_build_object('event', (entry - 'jobs') || jsonb_build_object('position', last_position)),
                    NULL
                )::procrastinate_job_to_defer_v1
            ) INTO deferred
            FROM jsonb_array_elements(entry -> 'jobs') AS job;
            PERFORM procrastinate_defer_jobs_v1(deferred);
        END IF;
    END LOOP;
    RETURN last_position;
END
$$;
