-- Counts a sign-in before it is checked, so that tries at the same moment are counted too, on the database's clock.
-- A device that has signed in to the account before (`device`) has an allowance of its own, which strangers cannot use
-- up; all others share the account's, their address's and the one over all accounts.
-- Returns the id of the attempt, or in how many seconds the next may be made.
CREATE FUNCTION identity_begin_attempt(
    account bytea, device bytea, source text,
    spans interval[], limits integer[], source_span interval, source_limit integer, overall_limit integer
) RETURNS TABLE (attempt_id bigint, retry_after integer) LANGUAGE plpgsql AS $$
DECLARE
    open_at timestamptz;
BEGIN
    -- All strangers queue behind one lock, for the limit over all accounts is theirs together; it is held for this
    -- one statement. A known device never waits for them.
    PERFORM pg_advisory_xact_lock(hashtextextended('identity_attempt/' || coalesce(encode(device, 'hex'), ''), 0));
    IF device IS NOT NULL THEN
        SELECT max(nth.attempted_at + rule.span) INTO open_at
        FROM unnest(spans, limits) AS rule (span, most) CROSS JOIN LATERAL (
            SELECT attempted_at FROM identity_attempt
            WHERE device_digest = device AND attempted_at > clock_timestamp() - rule.span
            ORDER BY attempted_at DESC OFFSET rule.most - 1 LIMIT 1
        ) AS nth;
    ELSE
        SELECT max(counted.free_at) INTO open_at FROM (
            SELECT nth.attempted_at + rule.span AS free_at
            FROM unnest(spans, limits) AS rule (span, most) CROSS JOIN LATERAL (
                SELECT attempted_at FROM identity_attempt
                WHERE account_digest = account AND device_digest IS NULL
                  AND attempted_at > clock_timestamp() - rule.span
                ORDER BY attempted_at DESC OFFSET rule.most - 1 LIMIT 1
            ) AS nth
            UNION ALL
            (SELECT attempted_at + source_span FROM identity_attempt
             WHERE address = source AND device_digest IS NULL AND attempted_at > clock_timestamp() - source_span
             ORDER BY attempted_at DESC OFFSET source_limit - 1 LIMIT 1)
            UNION ALL
            (SELECT attempted_at + source_span FROM identity_attempt
             WHERE device_digest IS NULL AND attempted_at > clock_timestamp() - source_span
             ORDER BY attempted_at DESC OFFSET overall_limit - 1 LIMIT 1)
        ) AS counted;
    END IF;
    IF open_at IS NOT NULL THEN
        retry_after := greatest(1, ceil(extract(epoch FROM open_at - clock_timestamp())));
    ELSE
        INSERT INTO identity_attempt (account_digest, device_digest, address) VALUES (account, device, source)
        RETURNING id INTO attempt_id;
    END IF;
    RETURN NEXT;
END
$$;
