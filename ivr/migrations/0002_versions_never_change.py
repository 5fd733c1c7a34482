"""A published version is what callers were promised: the database itself refuses to change or delete it."""

from django.db import migrations

CREATE = """
CREATE FUNCTION ivr_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'version % of flow % is published and never changes', OLD.number, OLD.flow_id
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER ivr_version_never_changes BEFORE UPDATE ON ivr_version FOR EACH ROW
    WHEN ((OLD.id, OLD.flow_id, OLD.number, OLD.document) IS DISTINCT FROM (NEW.id, NEW.flow_id, NEW.number, NEW.document))
    EXECUTE FUNCTION ivr_version_stays();
CREATE TRIGGER ivr_version_never_goes BEFORE DELETE ON ivr_version FOR EACH ROW EXECUTE FUNCTION ivr_version_stays();
"""

DROP = """
DROP TRIGGER ivr_version_never_goes ON ivr_version;
DROP TRIGGER ivr_version_never_changes ON ivr_version;
DROP FUNCTION ivr_version_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("ivr", "0001_flows_and_visits")]

    operations = [migrations.RunSQL(CREATE, DROP)]
