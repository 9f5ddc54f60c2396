-- Counts a sign-in before it is checked, so that tries at the same moment are counted too, on the database's clock.
-- Returns the id of the attempt, or in how many seconds the account (or the address) may be tried again.
CREATE FUNCTION identity_begin_attempt(
    account bytea, source text, span interval, account_limit integer, source_limit integer
) RETURNS TABLE (attempt_id bigint, retry_after integer) LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz;
    free_at timestamptz;
BEGIN
    -- In a fixed order, so that two attempts never wait for each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('identity_attempt/account/' || encode(account, 'hex'), 0));
    PERFORM pg_advisory_xact_lock(hashtextextended('identity_attempt/address/' || source, 0));
    since := clock_timestamp() - span;
    SELECT max(counted.attempted_at) + span INTO free_at FROM (
        (SELECT attempted_at FROM identity_attempt
         WHERE account_digest = account AND attempted_at > since
         ORDER BY attempted_at DESC OFFSET account_limit - 1 LIMIT 1)
        UNION ALL
        (SELECT attempted_at FROM identity_attempt
         WHERE address = source AND attempted_at > since
         ORDER BY attempted_at DESC OFFSET source_limit - 1 LIMIT 1)
    ) AS counted;
    IF free_at IS NOT NULL THEN
        retry_after := greatest(1, ceil(extract(epoch FROM free_at - clock_timestamp())));
    ELSE
        INSERT INTO identity_attempt (account_digest, address) VALUES (account, source) RETURNING id INTO attempt_id;
    END IF;
    RETURN NEXT;
END
$$;
