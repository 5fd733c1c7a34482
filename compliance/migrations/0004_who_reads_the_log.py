"""Who may read and export the log of access. Written out as words, as in `agents` 0002.

It tells who heard whom in every team: supervisors see on each recording's page who had access to that one.
"""

from django.db import migrations

SPECIAL = {"view_accessentry": "Can view access entry", "export_log": "Can export the log of access"}
ROLES = ("Administrator", "Auditor")


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name in ROLES:
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, codename, sentence) for codename, sentence in SPECIAL.items()))


def permission(apps, codename, sentence):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="compliance", model="accessentry")
    return Permission.objects.get_or_create(content_type=model, codename=codename, defaults={"name": sentence})[0]


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0002_roles"),
        ("compliance", "0003_policies_of_queues"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="accessentry",
            options={
                "permissions": [("export_log", "Can export the log of access")],
                "verbose_name_plural": "access entries",
            },
        ),
        migrations.RunPython(add_permissions, migrations.RunPython.noop),
    ]
