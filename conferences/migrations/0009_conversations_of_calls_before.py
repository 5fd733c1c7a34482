from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0008_conversations"),
        ("calls", "0005_conversations_of_dialed_legs"),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE conferences_conference AS room SET conversation = customer.conversation"
            " FROM calls_call AS customer WHERE room.customer_id = customer.id",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE calls_call AS leg SET conversation = room.conversation"
            " FROM conferences_participant AS participant, conferences_conference AS room"
            " WHERE participant.call_id = leg.id AND participant.conference_id = room.id AND room.room_id IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
