from django.db import migrations, models

STATES = ["asked", "answered", "written"]


class Migration(migrations.Migration):
    dependencies = [("recordings", "0010_messages_and_returns")]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="transcriber",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Chosen for this one. Empty: its queue's, or that of all.",
                max_length=32,
                verbose_name="speech to text",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="transcript",
            name="state",
            field=models.CharField(choices=[(one, one) for one in STATES], default="written", max_length=8),
        ),
        migrations.AddField(
            model_name="transcript",
            name="request_id",
            field=models.CharField(
                blank=True, default="", help_text="The provider's, where it answers later.", max_length=80
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="transcript",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", False), ("redacted_at__isnull", True)),
                fields=("recording",),
                name="one_transcript_in_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="transcript",
            constraint=models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="transcript_state_known"),
        ),
    ]
