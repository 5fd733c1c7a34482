"""Who makes keys of the API, and who sees those of everybody. Written out as words, as in `agents` 0002."""

from django.db import migrations

MAKE = (("view_key", "Can view API key"), ("add_key", "Can add API key"))
WATCH = (("see_every_key", "Can see and take back everybody's keys"),)
ROLES = {
    "Administrator": (*MAKE, *WATCH),
    "Flow editor": MAKE,
    "Supervisor": MAKE,
    "Auditor": (MAKE[0], *WATCH),
    "Compliance officer": MAKE,
}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="crm", model="key")
    for name, permissions in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        for codename, sentence in permissions:
            permission, _ = Permission.objects.get_or_create(
                content_type=model, codename=codename, defaults={"name": sentence}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0002_roles"),
        ("crm", "0002_keys_and_kept_answers"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
