-- Some active owner always stays. Whoever would take one away waits for the row of the owner's role, and then looks at
-- what the others have committed: of two requests that would each leave the other as the last, the second is refused.
CREATE OR REPLACE FUNCTION identity_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM identity_role WHERE key = 'owner' FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM identity_person WHERE role = 'owner' AND is_active AND id <> OLD.id) THEN
        RAISE EXCEPTION 'the last owner stays' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'identity_person_last_owner';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
