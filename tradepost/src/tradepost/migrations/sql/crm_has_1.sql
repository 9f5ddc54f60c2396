-- Keeps crm_contact.has_phone and has_email what its rows in crm_phone and crm_email say, whoever writes those.
-- The row's version stays: that is counted by whoever changes the contact.
CREATE OR REPLACE FUNCTION crm_note_reach() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE crm_contact AS contact SET has_phone = truly.has_phone, has_email = truly.has_email
    FROM (
        SELECT
            contact_id, EXISTS (SELECT FROM crm_phone WHERE contact_id = changed.contact_id) AS has_phone,
            EXISTS (SELECT FROM crm_email WHERE contact_id = changed.contact_id) AS has_email
        FROM (SELECT DISTINCT contact_id FROM touched) AS changed
    ) AS truly
    WHERE contact.id = truly.contact_id
        AND (contact.has_phone, contact.has_email) <> (truly.has_phone, truly.has_email);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER crm_phone_added AFTER INSERT ON crm_phone REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION crm_note_reach();

CREATE OR REPLACE TRIGGER crm_phone_removed AFTER DELETE ON crm_phone REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION crm_note_reach();

CREATE OR REPLACE TRIGGER crm_email_added AFTER INSERT ON crm_email REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION crm_note_reach();

CREATE OR REPLACE TRIGGER crm_email_removed AFTER DELETE ON crm_email REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION crm_note_reach();
