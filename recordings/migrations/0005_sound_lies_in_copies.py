from django.db import migrations, models

STATES = [
    *("announced", "ready", "fetched", "verified", "stored", "cleared", "transcribed", "redacted", "indexed"),
    *("absent", "deleted"),
]
STAGES = ["fetch", "verify", "store", "clear", "transcribe", "redact", "index"]


class Migration(migrations.Migration):
    dependencies = [("recordings", "0004_copies_of_what_was_fetched")]

    operations = [
        migrations.RemoveField(model_name="recording", name="audio"),
        migrations.RemoveField(model_name="recording", name="size"),
        migrations.RemoveField(model_name="recording", name="sha256"),
        migrations.AlterField(
            model_name="recording",
            name="state",
            field=models.CharField(choices=[(one, one) for one in STATES], default="announced", max_length=16),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("stage", ""), _negated=True), fields=["announced_at"], name="recording_in_work"
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("state", "announced")), fields=["announced_at"], name="recording_unsettled"
            ),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="recording_state_known"),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["", *STAGES])), name="recording_stage_known"
            ),
        ),
    ]
