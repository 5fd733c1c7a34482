"""The line of every address that has none of its own, so that no caller ever meets silence."""

from django.db import migrations

SENTENCE = "We cannot take your call right now. Please try again later."


def make_line(apps, _schema_editor):
    apps.get_model("ivr", "Line").objects.get_or_create(
        address="*",
        defaults={"name": "Everything else", "emergency_text": SENTENCE, "emergency_language": "en-US"},
    )


class Migration(migrations.Migration):
    dependencies = [("ivr", "0002_versions_never_change")]

    operations = [migrations.RunPython(make_line, migrations.RunPython.noop)]
