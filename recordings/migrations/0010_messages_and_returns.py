import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0007_words_for_agents"),
        ("calls", "0003_consent_and_recorders_in_histories"),
        ("conferences", "0006_roles_in_conversations"),
        ("recordings", "0009_deletions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="missedcall",
            name="done_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="missedcall",
            name="returned_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The call by which somebody has called back.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="calls.call",
            ),
        ),
        # What was missed before missed calls were anybody's work is no work now.
        migrations.AddField(
            model_name="missedcall",
            name="status",
            field=models.CharField(
                choices=[("new", "new"), ("heard", "heard"), ("done", "done")], default="done", max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="missedcall",
            name="status",
            field=models.CharField(
                choices=[("new", "new"), ("heard", "heard"), ("done", "done")], default="new", max_length=8
            ),
        ),
        migrations.AddField(
            model_name="missedcall",
            name="taken_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="voicemail",
            name="done_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(blank=True, help_text="E.164; wiped when it is over.", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ringing", "ringing"),
                            ("calling", "calling"),
                            ("talking", "talking"),
                            ("talked", "talked"),
                            ("broken", "broken"),
                            ("unreached", "unreached"),
                            ("untaken", "untaken"),
                        ],
                        default="ringing",
                        max_length=16,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("declined", "declined"),
                            ("no-answer", "no-answer"),
                            ("busy", "busy"),
                            ("failed", "failed"),
                            ("not-accepted", "not-accepted"),
                            ("withdrawn", "withdrawn"),
                            ("hung-up", "hung-up"),
                            ("released", "released"),
                            ("lost", "lost"),
                        ],
                        help_text="Why it is over.",
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("talked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="returns", to="agents.agent"
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="calls.call",
                    ),
                ),
                (
                    "conference",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="returning",
                        to="conferences.conference",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="missedcall",
            name="returning",
            field=models.ForeignKey(
                blank=True,
                help_text="The last time that somebody called back.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="%(class)ss",
                to="recordings.return",
            ),
        ),
        migrations.AddField(
            model_name="voicemail",
            name="returning",
            field=models.ForeignKey(
                blank=True,
                help_text="The last time that somebody called back.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="%(class)ss",
                to="recordings.return",
            ),
        ),
        migrations.AddIndex(
            model_name="missedcall",
            index=models.Index(
                condition=models.Q(("status", "done"), _negated=True), fields=["mailbox"], name="missed_open"
            ),
        ),
        migrations.AddIndex(
            model_name="missedcall",
            index=models.Index(condition=models.Q(("status", "done")), fields=["-done_at"], name="missed_done"),
        ),
        migrations.AddIndex(
            model_name="voicemail",
            index=models.Index(
                condition=models.Q(("status", "done"), _negated=True), fields=["mailbox"], name="voicemail_open"
            ),
        ),
        migrations.AddIndex(
            model_name="voicemail",
            index=models.Index(condition=models.Q(("status", "done")), fields=["-done_at"], name="voicemail_done"),
        ),
        migrations.AddConstraint(
            model_name="missedcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["new", "done"])), name="missed_call_new_or_done"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["calling", "ringing", "talking"])),
                fields=("number",),
                name="one_live_return_per_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["ringing", "calling", "talking", "talked", "broken", "unreached", "untaken"])
                ),
                name="return_state_known",
            ),
        ),
    ]
