-- Counts a code of a second factor before it is checked, so that tries at the same moment are counted too, on the
-- database's clock. Each of `spans` allows as many as stands in the same place of `limits`.
-- Returns the id of the try, or in how many seconds the person may try again.
CREATE FUNCTION identity_begin_factor_try(
    person uuid, spans interval[], limits integer[]
) RETURNS TABLE (try_id bigint, retry_after integer) LANGUAGE plpgsql AS $$
DECLARE
    free_at timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('identity_factor_try/' || person, 0));
    SELECT max(counted.free_at) INTO free_at
    FROM unnest(spans, limits) AS rule (span, most), LATERAL (
        SELECT tried_at + rule.span AS free_at FROM identity_factor_try
        WHERE person_id = person AND tried_at > clock_timestamp() - rule.span
        ORDER BY tried_at DESC OFFSET rule.most - 1 LIMIT 1
    ) AS counted;
    IF free_at IS NOT NULL THEN
        retry_after := greatest(1, ceil(extract(epoch FROM free_at - clock_timestamp())));
    ELSE
        INSERT INTO identity_factor_try (person_id) VALUES (person) RETURNING id INTO try_id;
    END IF;
    RETURN NEXT;
END
$$;
