"""Who waited last is found at once among all who ever waited. Built while calls go on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("queues", "0011_newest_handlings_first")]

    operations = [
        AddIndexConcurrently(
            model_name="entry",
            index=models.Index(fields=["-joined_at"], name="entry_joined"),
        ),
    ]
