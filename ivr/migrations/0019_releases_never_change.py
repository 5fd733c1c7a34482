"""What was proposed, and what is planned, is published as it is or not at all: the database refuses to change it."""

from django.db import migrations

CREATE = """
CREATE FUNCTION ivr_release_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what release % of flow % would publish never changes', OLD.id, OLD.flow_id
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER ivr_release_never_changes BEFORE UPDATE ON ivr_release FOR EACH ROW
    WHEN ((OLD.id, OLD.flow_id, OLD.document, OLD.fingerprint, OLD.restores_id, OLD.publish_at, OLD.proposed_by_id)
        IS DISTINCT FROM
        (NEW.id, NEW.flow_id, NEW.document, NEW.fingerprint, NEW.restores_id, NEW.publish_at, NEW.proposed_by_id))
    EXECUTE FUNCTION ivr_release_stays();
"""

DROP = """
DROP TRIGGER ivr_release_never_changes ON ivr_release;
DROP FUNCTION ivr_release_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("ivr", "0018_releases")]

    operations = [migrations.RunSQL(CREATE, DROP)]
