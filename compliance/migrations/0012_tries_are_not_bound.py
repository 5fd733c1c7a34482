"""A try of a provider's that nobody has read is no evidence: a hold does not keep the next try from being made.

What is bound are transcripts that people have seen, as before.
"""

from django.db import migrations

OF_RECORDING = "SELECT call_id FROM recordings_recording WHERE id = ($1).recording_id AND state <> ''deleted''"
SEEN = " AND (($1).redacted_at IS NOT NULL OR ($1).is_current)"

TRIGGER = """
DROP TRIGGER hold_binds ON recordings_transcript;
CREATE TRIGGER hold_binds BEFORE DELETE ON recordings_transcript
    FOR EACH ROW EXECUTE FUNCTION compliance_hold_binds('CALLS');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0011_holds_bind_contacts"),
        ("recordings", "0014_flow_editors_make_mailboxes"),
    ]

    operations = [
        migrations.RunSQL(TRIGGER.replace("CALLS", OF_RECORDING + SEEN), TRIGGER.replace("CALLS", OF_RECORDING))
    ]
