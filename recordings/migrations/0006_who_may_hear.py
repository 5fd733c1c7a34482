import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("recordings", "0005_sound_lies_in_copies"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="recording",
            options={
                "permissions": [
                    ("listen", "Can listen to recordings"),
                    ("listen_everywhere", "Can listen to recordings of every team"),
                    ("share", "Can share recordings by links"),
                    ("export", "Can take recordings out as files"),
                ]
            },
        ),
        migrations.AddField(
            model_name="copy",
            name="waves",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="How loud each channel gets, from beginning to end, once somebody asked.",
            ),
        ),
        migrations.CreateModel(
            name="GivenReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("of_original", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "recording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reasons", to="recordings.recording"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("recording", "user", "of_original"), name="one_reason_at_a_time")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="sharelink",
            index=models.Index(fields=["recording", "-at"], name="share_of_recording"),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("at"))), name="share_expires_after_it_was_made"
            ),
        ),
    ]
