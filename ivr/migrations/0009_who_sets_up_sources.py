"""Who says which computers flows ask: administrators, as what is known of callers goes there. Flow editors choose."""

from django.db import migrations

ROLES = {"Administrator": ("view", "add", "change", "delete"), "Flow editor": ("view",), "Auditor": ("view",)}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="ivr", model="source")
    for name, verbs in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        for verb in verbs:
            named = {"codename": f"{verb}_source", "defaults": {"name": f"Can {verb} source"}}
            group.permissions.add(Permission.objects.get_or_create(content_type=model, **named)[0])


class Migration(migrations.Migration):
    dependencies = [("ivr", "0008_look_ups"), ("agents", "0002_roles")]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
