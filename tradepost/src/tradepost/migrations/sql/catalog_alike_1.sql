-- Variants whose text holds words like those of `wanted` (folded), the most alike first; at most `most` of them.
--
-- The operator <% compares with a setting of pg_trgm, hence a function that sets it: half of the wanted trigrams find
-- one wrong letter in words of five letters. (Not by CREATE FUNCTION ... SET, which a restored dump may not do.)
-- `distance` is 0 for the same words and 10000 for nothing in common.
CREATE FUNCTION catalog_alike(wanted text, most integer)
RETURNS TABLE (id uuid, product_id uuid, name_key text, is_active boolean, distance integer)
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    PERFORM set_config('pg_trgm.word_similarity_threshold', '0.5', true);
    RETURN QUERY
    SELECT
        variant.id, variant.product_id, variant.name_key, variant.is_active,
        (10000 * (1 - word_similarity(wanted, variant.search)))::integer AS distance
    FROM catalog_variant AS variant
    WHERE wanted <% variant.search
    ORDER BY 5, 3, 1
    LIMIT most;
END
$$;
