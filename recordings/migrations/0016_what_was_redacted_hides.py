"""What was redacted before hides something: it has a copy in which it is silent, or a transcript that says what."""

from django.db import migrations

HIDES = """
UPDATE recordings_recording AS recording SET hides = true
WHERE EXISTS (
    SELECT FROM recordings_transcript AS transcript
    WHERE transcript.recording_id = recording.id AND transcript.is_current AND transcript.findings <> '[]'
) OR EXISTS (
    SELECT FROM recordings_copy AS copy WHERE copy.recording_id = recording.id AND copy.kind = 'redacted'
)
"""


class Migration(migrations.Migration):
    dependencies = [("recordings", "0015_recordings_know_whether_they_hide")]

    operations = [migrations.RunSQL(HIDES, migrations.RunSQL.noop)]
