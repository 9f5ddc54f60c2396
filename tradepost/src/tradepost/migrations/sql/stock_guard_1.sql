-- Levels are a cache of the ledger: nothing but stock_post may change them (rule 10).
CREATE FUNCTION stock_guard_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('stock.posting', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'stock levels change only through ledger rows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;

CREATE TRIGGER stock_level_guard BEFORE INSERT OR UPDATE OR DELETE ON stock_level
FOR EACH ROW EXECUTE FUNCTION stock_guard_level();

CREATE TRIGGER stock_level_no_truncate BEFORE TRUNCATE ON stock_level
FOR EACH STATEMENT EXECUTE FUNCTION stock_guard_level();
