"""Consents, notices and the log of access are evidence: nothing may change them.

They go only with what they are evidence of, and then by an action that says so for its transaction: it sets
`compliance.erasing`. The log of access never goes.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION compliance_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_ARGV[0] = 'goes' AND current_setting('compliance.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'An entry of % is never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER consent_never_changes BEFORE UPDATE OR DELETE ON compliance_consent
    FOR EACH ROW EXECUTE FUNCTION compliance_refuse_change('goes');
CREATE TRIGGER notice_never_changes BEFORE UPDATE OR DELETE ON compliance_notice
    FOR EACH ROW EXECUTE FUNCTION compliance_refuse_change('goes');
CREATE TRIGGER access_never_changes BEFORE UPDATE OR DELETE ON compliance_accessentry
    FOR EACH ROW EXECUTE FUNCTION compliance_refuse_change('stays');
"""

BACKWARD = """
DROP TRIGGER access_never_changes ON compliance_accessentry;
DROP TRIGGER notice_never_changes ON compliance_notice;
DROP TRIGGER consent_never_changes ON compliance_consent;
DROP FUNCTION compliance_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_rules_and_evidence")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
