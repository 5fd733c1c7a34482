"""Who sees and works on callbacks. Written out as words, as in the roles of `agents`."""

from django.db import migrations

WORK = ("view", "change")
ROLES = {"Administrator": WORK, "Supervisor": WORK, "Agent": WORK, "Auditor": ("view",)}


def add_permissions(apps, _schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="queues", model="callback")
    for name, verbs in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        for verb in verbs:
            defaults = {"name": f"Can {verb} callback"}
            permission, _ = Permission.objects.get_or_create(
                content_type=model, codename=f"{verb}_callback", defaults=defaults
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("queues", "0003_places_told_and_conversations_handled"),
        ("agents", "0006_roles_at_the_desk"),
    ]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
