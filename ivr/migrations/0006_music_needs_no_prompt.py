"""Music in a wait may be the house's own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ivr", "0005_who_writes_what_is_heard_while_waiting"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="waititem",
            name="wait_item_has_prompt_or_pauses",
        ),
        migrations.AddConstraint(
            model_name="waititem",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("music", "pause")), ("prompt__isnull", False), _connector="OR"),
                name="wait_item_has_prompt_or_needs_none",
            ),
        ),
    ]
