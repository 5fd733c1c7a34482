"""A recorder whose recording is to be deleted, because consent was taken back, says so until it is done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recordings", "0012_search_in_transcripts")]

    operations = [
        migrations.AddField(
            model_name="recorder",
            name="unwanted_at",
            field=models.DateTimeField(
                blank=True, help_text="When consent was taken back: what it has recorded is deleted.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="recorder",
            index=models.Index(
                condition=models.Q(("unwanted_at__isnull", False)), fields=["unwanted_at"], name="recorder_unwanted"
            ),
        ),
    ]
