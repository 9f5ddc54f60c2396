-- Keeps crm_contact.has_phone and has_email what its rows in crm_phone and crm_email say, whoever writes those.
-- The row's version stays: that is counted by whoever changes the contact.
CREATE OR REPLACE FUNCTION crm_note_phones() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE crm_contact AS contact SET has_phone = NOT has_phone
    WHERE contact.id IN (SELECT contact_id FROM touched)
        AND has_phone <> EXISTS (SELECT FROM crm_phone WHERE contact_id = contact.id);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION crm_note_emails() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE crm_contact AS contact SET has_email = NOT has_email
    WHERE contact.id IN (SELECT contact_id FROM touched)
        AND has_email <> EXISTS (SELECT FROM crm_email WHERE contact_id = contact.id);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER crm_phone_added AFTER INSERT ON crm_phone REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION crm_note_phones();

CREATE OR REPLACE TRIGGER crm_phone_removed AFTER DELETE ON crm_phone REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION crm_note_phones();

CREATE OR REPLACE TRIGGER crm_email_added AFTER INSERT ON crm_email REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION crm_note_emails();

CREATE OR REPLACE TRIGGER crm_email_removed AFTER DELETE ON crm_email REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION crm_note_emails();
