import django.db.models.deletion
from django.db import migrations, models

STAGES = ["fetch", "verify", "store", "clear", "transcribe", "redact", "index"]
KINDS = ["original", "redacted"]


class Migration(migrations.Migration):
    dependencies = [("recordings", "0002_recorders_and_transcripts")]

    operations = [
        migrations.RemoveConstraint(model_name="recording", name="fetched_recording_has_audio"),
        migrations.RemoveConstraint(model_name="recording", name="recording_state_known"),
        migrations.RemoveIndex(model_name="recording", name="recording_unsettled"),
        migrations.RenameField(model_name="recording", old_name="fetched_at", new_name="stored_at"),
        migrations.AddField(
            model_name="recording",
            name="stage",
            field=models.CharField(
                blank=True,
                choices=[(one, one) for one in STAGES],
                default="",
                help_text="What is to be done next; empty: nothing, or it is Twilio's turn.",
                max_length=16,
                verbose_name="next",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recording",
            name="clears",
            field=models.BooleanField(
                default=False, help_text="Once it is stored here.", verbose_name="deleted at Twilio"
            ),
        ),
        migrations.AddField(
            model_name="recording",
            name="transcribes",
            field=models.BooleanField(default=False, verbose_name="transcribed"),
        ),
        migrations.AddField(
            model_name="recording",
            name="cleared_at",
            field=models.DateTimeField(blank=True, help_text="When it was seen to be gone at Twilio.", null=True),
        ),
        migrations.AlterField(
            model_name="recording",
            name="retry_at",
            field=models.DateTimeField(
                blank=True, help_text="Not before then. After the last try: when somebody says so.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="recording",
            name="leased_until",
            field=models.DateTimeField(
                blank=True, help_text="A worker works on it until then; later, its claim is void.", null=True
            ),
        ),
        migrations.CreateModel(
            name="Copy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[(one, one) for one in KINDS], max_length=16)),
                ("name", models.CharField(max_length=255)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("seconds", models.FloatField(blank=True, null=True)),
                ("key_id", models.CharField(blank=True, max_length=32)),
                ("sealed_key", models.BinaryField(blank=True, default=b"")),
                ("made_at", models.DateTimeField()),
                (
                    "recording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copies", to="recordings.recording"
                    ),
                ),
            ],
            options={"verbose_name_plural": "copies"},
        ),
        migrations.AddConstraint(
            model_name="copy",
            constraint=models.UniqueConstraint(fields=("recording", "kind"), name="one_copy_of_a_kind"),
        ),
        migrations.AddConstraint(
            model_name="copy",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="copy_kind_known"),
        ),
        migrations.AddConstraint(
            model_name="copy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("key_id", ""), ("sealed_key", b"")),
                    models.Q(models.Q(("key_id", ""), _negated=True), models.Q(("sealed_key", b""), _negated=True)),
                    _connector="OR",
                ),
                name="copy_has_a_whole_key",
            ),
        ),
    ]
