"""How agents stood last is found at once among all that is kept of it. Built while calls go on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("agents", "0007_words_for_agents")]

    operations = [
        AddIndexConcurrently(
            model_name="presencechange",
            index=models.Index(fields=["-at", "-id"], name="presence_newest"),
        ),
    ]
