"""The ledger of opt-outs is evidence: an entry ends once, and nothing else of it changes.

Only the erasure of a person may do more, by an action that says so for its transaction: it sets `contacts.erasing`.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION contacts_keep_opt_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('contacts.erasing', true) = 'on' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
        AND (OLD.id, OLD.number, OLD.channel, OLD.at, OLD.how, OLD.by_id, OLD.note)
            IS NOT DISTINCT FROM (NEW.id, NEW.number, NEW.channel, NEW.at, NEW.how, NEW.by_id, NEW.note)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'An entry of % only ends', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER opt_out_only_ends BEFORE UPDATE OR DELETE ON contacts_optout
    FOR EACH ROW EXECUTE FUNCTION contacts_keep_opt_out();
"""

BACKWARD = """
DROP TRIGGER opt_out_only_ends ON contacts_optout;
DROP FUNCTION contacts_keep_opt_out();
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_contacts_and_opt_outs")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
