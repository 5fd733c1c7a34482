"""Who may write the items of a wait: whoever writes flows. Written out as words, as the roles themselves."""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
ROLES = {"Administrator": ALL, "Flow editor": ALL, "Supervisor": ("view",), "Auditor": ("view",)}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="ivr", model="waititem")
    for name, verbs in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        for verb in verbs:
            named = {"codename": f"{verb}_waititem", "defaults": {"name": f"Can {verb} wait item"}}
            group.permissions.add(Permission.objects.get_or_create(content_type=model, **named)[0])


class Migration(migrations.Migration):
    dependencies = [("ivr", "0004_queues_and_rooms_in_flows"), ("agents", "0002_roles")]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
