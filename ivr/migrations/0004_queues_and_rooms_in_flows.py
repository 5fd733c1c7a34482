"""Steps in which callers wait, are called back, or meet in a room; and what they hear while they wait."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0001_conferences_and_participants"),
        ("ivr", "0003_line_for_everything_else"),
        ("queues", "0001_queues_entries_offers"),
    ]

    operations = [
        migrations.AddField(
            model_name="step",
            name="queue",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="queues.queue",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="conferences.room",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="kind",
            field=models.CharField(
                choices=[
                    ("message", "Message"),
                    ("menu", "Menu"),
                    ("collect", "Collect digits"),
                    ("hours", "Opening hours"),
                    ("language", "Language choice"),
                    ("queue", "Queue"),
                    ("call_back", "Call back"),
                    ("ring", "Ring people"),
                    ("voicemail", "Voicemail"),
                    ("conference_room", "Conference room"),
                    ("go_to", "Go to flow"),
                    ("hang_up", "Hang up"),
                    ("reject", "Reject"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="WaitItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("message", "Message"),
                            ("music", "Music"),
                            ("position", "Place in line"),
                            ("estimate", "Estimated wait"),
                            ("pause", "Silence"),
                        ],
                        default="message",
                        max_length=16,
                    ),
                ),
                (
                    "seconds",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="How long the silence lasts.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                    ),
                ),
                (
                    "prompt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waits",
                        to="ivr.prompt",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wait_items", to="ivr.step"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind", "pause"), ("prompt__isnull", False), _connector="OR"),
                        name="wait_item_has_prompt_or_pauses",
                    )
                ],
            },
        ),
    ]
