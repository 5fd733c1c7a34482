from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0004_conversations"),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE calls_call AS leg SET conversation = parent.conversation"
            " FROM calls_call AS parent WHERE leg.parent_id = parent.id",
            migrations.RunSQL.noop,
        ),
    ]
