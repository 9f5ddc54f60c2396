-- The trigger of append-only tables: no row is changed or removed, whoever asks.
CREATE OR REPLACE FUNCTION mainstay_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
