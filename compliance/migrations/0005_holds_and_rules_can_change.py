"""A hold outlives its call once it is lifted, and its owner is told once; a rule keeps for a day at least."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0007_words_for_agents"),
        ("calls", "0003_consent_and_recorders_in_histories"),
        ("compliance", "0004_who_reads_the_log"),
        ("queues", "0009_recording_follows_policies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="hold",
            name="hold_covers_something",
        ),
        migrations.AddField(
            model_name="hold",
            name="told_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When the owner was told by e-mail that the review is due.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="hold",
            name="call",
            field=models.ForeignKey(
                blank=True,
                help_text="The whole conversation.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="calls.call",
            ),
        ),
        migrations.AlterField(
            model_name="retentionrule",
            name="days",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Empty: kept until somebody deletes it.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("caller", ""), _negated=True),
                    models.Q(("number", ""), _negated=True),
                    ("call__isnull", False),
                    ("queue__isnull", False),
                    ("since__isnull", False),
                    ("until__isnull", False),
                    ("lifted_at__isnull", False),
                    _connector="OR",
                ),
                name="hold_covers_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__isnull", True), ("days__gte", 1), _connector="OR"),
                name="rule_keeps_a_day_at_least",
            ),
        ),
    ]
