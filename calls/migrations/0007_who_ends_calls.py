"""Who ends a call that is not their own. Written out as words, as in `agents` 0002."""

from django.db import migrations

ROLES = ("Administrator", "Supervisor")


def add_permission(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="calls", model="call")
    permission, _ = Permission.objects.get_or_create(
        content_type=model, codename="hang_up", defaults={"name": "Can end calls"}
    )
    for name in ROLES:
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0002_roles"),
        ("calls", "0006_calls_can_be_ended"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_permission, migrations.RunPython.noop)]
