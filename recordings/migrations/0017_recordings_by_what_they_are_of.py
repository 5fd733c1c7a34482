"""Voicemails are found at once among all recordings. Built while calls go on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("recordings", "0016_what_was_redacted_hides")]

    operations = [
        AddIndexConcurrently(
            model_name="recording",
            index=models.Index(fields=["subject", "-announced_at"], name="recording_of_subject"),
        ),
    ]
