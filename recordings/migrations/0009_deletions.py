import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recordings", "0008_plays_are_in_the_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="Discard",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("failure", models.TextField(blank=True)),
                ("retry_at", models.DateTimeField(blank=True, null=True)),
                (
                    "leased_until",
                    models.DateTimeField(
                        blank=True, help_text="A worker deletes it until then; later, its claim is void.", null=True
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="recording",
            name="deleted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="recording",
            name="deleted_for",
            field=models.CharField(
                blank=True, help_text="What deleted it: a run of a rule, an erasure, a person.", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="recording",
            name="purged_at",
            field=models.DateTimeField(
                blank=True, help_text="When its files and Twilio's audio were gone, too.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("purged_at__isnull", True), ("state", "deleted")),
                fields=["deleted_at"],
                name="recording_purging",
            ),
        ),
        migrations.AddField(
            model_name="discard",
            name="recording",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="discards",
                to="recordings.recording",
            ),
        ),
        migrations.AddIndex(
            model_name="discard",
            index=models.Index(fields=["at"], name="discard_oldest"),
        ),
    ]
