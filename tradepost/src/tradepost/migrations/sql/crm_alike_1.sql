-- The statement that finds contacts with words like those of `wanted` (folded), for crm_alike and for EXPLAIN.
--
-- Each word stands for itself, for what it is when two neighbouring letters change places (which leaves too few
-- trigrams as they were), and for words that have about half of its trigrams. A word of digits is a part of a number.
CREATE FUNCTION crm_alike_query(wanted text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    one text;
    meant text[];
    alike text := 'true';
BEGIN
    FOREACH one IN ARRAY wanted LOOP
        IF one ~ '^[0-9]+$' THEN
            alike := alike || format(' AND search LIKE %L', '%' || one || '%');
        ELSE
            SELECT array_agg(DISTINCT '% ' || spelling || '%') INTO meant
            FROM (
                SELECT one AS spelling
                UNION ALL
                SELECT left(one, place - 1) || substr(one, place + 1, 1) || substr(one, place, 1) || substr(one, place + 2)
                FROM generate_series(1, length(one) - 1) AS place
                WHERE length(one) BETWEEN 4 AND 20
            ) AS spellings;
            alike := alike || format(' AND (alike LIKE ANY (%L::text[]) OR %L <%% alike)', meant, one);
        END IF;
    END LOOP;
    RETURN format(
        'SELECT id, (10000 * (1 - word_similarity(%L, alike)))::integer AS distance FROM crm_contact WHERE %s'
        ' ORDER BY distance, name_key, id',
        array_to_string(wanted, ' '), alike
    );
END
$$;

-- Contacts with words like those of `wanted`, the most alike first; at most `most` of them. `distance` is 0 for the same
-- words and 10000 for nothing in common.
--
-- The operator <% compares with a setting of pg_trgm, hence a function that sets it. (Not by CREATE FUNCTION ... SET,
-- which whoever restores a dump may not be allowed to do.)
CREATE FUNCTION crm_alike(wanted text[], most integer) RETURNS TABLE (id uuid, distance integer)
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    PERFORM set_config('pg_trgm.word_similarity_threshold', '0.45', true);
    RETURN QUERY EXECUTE crm_alike_query(wanted) || ' LIMIT ' || most;
END
$$;
