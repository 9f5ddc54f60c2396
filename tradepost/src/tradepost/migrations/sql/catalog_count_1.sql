-- Keeps the number of variants as a sum of changes: writers only ever append and never wait for each other.
CREATE FUNCTION catalog_count_variants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_variant_count (change)
    SELECT CASE WHEN TG_OP = 'INSERT' THEN count(*) ELSE -count(*) END FROM changed HAVING count(*) > 0;
    RETURN NULL;
END
$$;

CREATE TRIGGER catalog_variant_added AFTER INSERT ON catalog_variant REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION catalog_count_variants();

CREATE TRIGGER catalog_variant_removed AFTER DELETE ON catalog_variant REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION catalog_count_variants();
