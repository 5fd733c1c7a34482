"""Who subscribes to events, and who looks after the subscriptions of everybody. Written out as words, as `agents` 0002."""

from django.db import migrations

OWN = (
    ("subscription", "view_subscription", "Can view subscription"),
    ("subscription", "add_subscription", "Can add subscription"),
    ("subscription", "change_subscription", "Can change subscription"),
    ("subscription", "delete_subscription", "Can delete subscription"),
    ("delivery", "view_delivery", "Can view delivery"),
)
WATCH = (
    ("subscription", "view_subscription", "Can view subscription"),
    ("subscription", "see_every_subscription", "Can see and change the subscriptions of others"),
    ("delivery", "view_delivery", "Can view delivery"),
)
ROLES = {
    "Administrator": (*OWN, WATCH[1]),
    "Flow editor": OWN,
    "Supervisor": OWN,
    "Auditor": WATCH,
    "Compliance officer": WATCH,
}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for name, permissions in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        for model, codename, sentence in permissions:
            content_type, _ = ContentType.objects.get_or_create(app_label="crm", model=model)
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": sentence}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0002_roles"),
        ("crm", "0004_events_name_their_call"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
