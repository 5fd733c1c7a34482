"""A part of a number is found among a million calls, and so are the calls that live. Built while calls go on."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, TrigramExtension
from django.db import migrations, models

LIVE = ~models.Q(status__in=["busy", "canceled", "completed", "failed", "no-answer"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("calls", "0007_who_ends_calls")]

    operations = [
        TrigramExtension(),
        AddIndexConcurrently(
            model_name="call", index=models.Index(fields=["-started_at"], name="call_live", condition=LIVE)
        ),
        AddIndexConcurrently(
            model_name="call",
            index=GinIndex(
                OpClass(models.F("from_number"), "gin_trgm_ops"),
                OpClass(models.F("to_number"), "gin_trgm_ops"),
                name="call_number_parts",
            ),
        ),
    ]
