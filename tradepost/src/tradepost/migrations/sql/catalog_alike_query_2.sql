-- The statement that finds variants with words like those of `wanted` (folded), for catalog_alike and for EXPLAIN.
--
-- A word with digits is compared with the text of the variant as a whole. Any other word stands for itself, for what it
-- is when two neighbouring letters change places, and for the words of the catalogue that are about as long and have
-- most of its trigrams. One word is looked up by the index, which would try each spelling of it with each spelling of the
-- others; those are compared with what was found. That is a number, since few variants have one like it in their codes, or
-- else the longest word.
CREATE OR REPLACE FUNCTION catalog_alike_query(wanted text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    one text;
    source text := 'search';
    meant text[];
    known text[];
    near text := 'true';
    alike text := 'true';
BEGIN
    PERFORM set_config('pg_trgm.similarity_threshold', '0.3', true);
    FOR one IN
        SELECT word FROM unnest(wanted) AS word ORDER BY word ~ '^[0-9]{4,}$' DESC, length(word) DESC, word
    LOOP
        IF one ~ '[0-9]' THEN
            near := near || format(' AND search LIKE %L', '% ' || one || '%');
            alike := alike || format(' AND %L <%% %s', one, source);
        ELSE
            SELECT array_agg('% ' || spelling || '%') INTO meant
            FROM (
                SELECT one AS spelling
                UNION
                SELECT swapped
                FROM generate_series(1, length(one) - 1) AS place,
                    concat(left(one, place - 1), substr(one, place + 1, 1), substr(one, place, 1), substr(one, place + 2))
                    AS swapped
                WHERE length(one) BETWEEN 4 AND 20 AND EXISTS (
                    SELECT FROM catalog_word WHERE word >= swapped AND word < swapped || U&'\+10FFFF'
                )
            ) AS spellings;
            near := near || format(' AND search LIKE ANY (%L::text[])', meant);
            SELECT array_agg('% ' || word || ' %') INTO known
            FROM (
                SELECT word FROM catalog_word WHERE word % one AND abs(length(word) - length(one)) <= 2
                ORDER BY similarity(word, one) DESC, word LIMIT 5
            ) AS words;
            alike := alike || format(' AND %s LIKE ANY (%L::text[])', source, meant || known);
        END IF;
        source := '(search || '''')';
    END LOOP;
    RETURN format(
        'SELECT id, product_id, name_key, is_active,'
        ' CASE WHEN %s THEN 0 ELSE (10000 * (1 - word_similarity(%L, search)))::integer END AS distance'
        ' FROM catalog_variant WHERE %s ORDER BY distance, name_key, id',
        near, array_to_string(wanted, ' '), alike
    );
END
$$;
