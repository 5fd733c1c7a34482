"""Who a held number belongs to stays known: a hold on somebody, or on one of their calls, binds the number's contact.

A contact goes with its numbers alone, so the trigger on those is one on the contact as well.
"""

from django.db import migrations

LOCK = 0x686F_6C64  # that of 0006

FORWARD = """
CREATE FUNCTION compliance_holding_number(one text) RETURNS SETOF compliance_hold LANGUAGE sql STABLE ROWS 1 AS $$
    -- the active holds that name a number at the other end, or a call that had it there
    SELECT hold.* FROM compliance_hold AS hold
    WHERE hold.lifted_at IS NULL AND (
        hold.caller = $1
        OR EXISTS (SELECT FROM calls_call AS call WHERE call.id = hold.call_id AND $1 IN (call.from_number, call.to_number))
    )
    ORDER BY hold.placed_at, hold.id
$$;

CREATE FUNCTION compliance_hold_binds_number() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hold compliance_hold;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(LOCK);
    SELECT * INTO hold FROM compliance_holding_number(OLD.number) LIMIT 1;
    IF FOUND THEN
        PERFORM compliance_refuse_for(hold);
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER hold_binds BEFORE DELETE ON contacts_contactnumber
    FOR EACH ROW EXECUTE FUNCTION compliance_hold_binds_number();
CREATE TRIGGER hold_binds_losses BEFORE UPDATE ON contacts_contactnumber
    FOR EACH ROW WHEN (NEW.number <> OLD.number) EXECUTE FUNCTION compliance_hold_binds_number();
CREATE TRIGGER hold_binds_all BEFORE TRUNCATE ON contacts_contactnumber
    FOR EACH STATEMENT EXECUTE FUNCTION compliance_hold_binds_all();
""".replace("(LOCK)", f"({LOCK})")

BACKWARD = """
DROP TRIGGER hold_binds ON contacts_contactnumber;
DROP TRIGGER hold_binds_losses ON contacts_contactnumber;
DROP TRIGGER hold_binds_all ON contacts_contactnumber;
DROP FUNCTION compliance_hold_binds_number();
DROP FUNCTION compliance_holding_number(text);
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0010_events_and_their_log_end"), ("contacts", "0001_contacts_and_opt_outs")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
