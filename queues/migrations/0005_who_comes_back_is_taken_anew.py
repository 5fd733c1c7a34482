"""An entry that waits again, after a lost agent or a try of a callback, is accepted a second time."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("queues", "0004_roles_and_callbacks"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="offer",
            name="one_accepted_offer_per_entry",
        ),
    ]
