"""The reasons to begin with, for not being ready; and the one that the system sets."""

from django.db import migrations

# name, minutes until supervisors see it, minutes until the agent is reminded
REASONS = (
    ("Break", 15, 12),
    ("Lunch", 60, 50),
    ("Meeting", None, None),
    ("Training", None, None),
)
AUTOMATIC = "Missed calls"


def make_reasons(apps, _schema_editor):
    Reason = apps.get_model("agents", "Reason")
    for position, (name, limit, warning) in enumerate(REASONS):
        Reason.objects.get_or_create(
            name=name, defaults={"limit_minutes": limit, "warn_minutes": warning, "position": position}
        )
    Reason.objects.get_or_create(name=AUTOMATIC, defaults={"is_automatic": True, "position": len(REASONS)})


class Migration(migrations.Migration):
    dependencies = [("agents", "0004_idle_since_and_one_automatic_reason")]

    operations = [migrations.RunPython(make_reasons, migrations.RunPython.noop)]
