-- Appends entries to the audit trail, in the caller's transaction and at the database's moment.
-- Argument: [{id, act, object_type, object_id, actor_kind, actor_id, actor_role, approver_id, request_id,
--             private: {part: {salt, content, digest}}}], binary values in hexadecimal.
-- Returns the position of the last entry.
CREATE FUNCTION audit_append(entries jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    entry jsonb;
    last_position bigint;
BEGIN
    FOR entry IN SELECT value FROM jsonb_array_elements(entries) LOOP
        INSERT INTO audit_entry (
            id, act, object_type, object_id, actor_kind, actor_id, actor_role, approver_id, request_id,
            actor_digest, change_digest
        )
        VALUES (
            (entry ->> 'id')::uuid, entry ->> 'act', entry ->> 'object_type', entry ->> 'object_id',
            entry ->> 'actor_kind', (entry ->> 'actor_id')::uuid, entry ->> 'actor_role',
            (entry ->> 'approver_id')::uuid, entry ->> 'request_id',
            decode(entry #>> '{private,actor,digest}', 'hex'), decode(entry #>> '{private,change,digest}', 'hex')
        )
        RETURNING position INTO last_position;
        INSERT INTO audit_private (position, part, salt, content)
        SELECT last_position, key, decode(value ->> 'salt', 'hex'), value -> 'content'
        FROM jsonb_each(entry -> 'private');
        INSERT INTO audit_pending (position) VALUES (last_position);
    END LOOP;
    RETURN last_position;
END
$$;
