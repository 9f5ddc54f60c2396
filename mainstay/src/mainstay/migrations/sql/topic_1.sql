-- Marks of watched tables. A product's migrations may come before Mainstay's own, so both run this.
CREATE TABLE IF NOT EXISTS mainstay_topic (
    name text NOT NULL,
    transaction_id bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    mark uuid NOT NULL DEFAULT gen_random_uuid(),
    touched_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_mainstay_topic PRIMARY KEY (name, transaction_id)
);
-- The trigger of watched tables: a statement that changes rows gives its table a new mark, one for each transaction.
CREATE OR REPLACE FUNCTION mainstay_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'TRUNCATE' THEN
        IF NOT EXISTS (SELECT FROM changed) THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO mainstay_topic (name) VALUES (TG_TABLE_NAME)
    ON CONFLICT (name, transaction_id) DO UPDATE SET mark = gen_random_uuid(), touched_at = now();
    RETURN NULL;
END
$$;
