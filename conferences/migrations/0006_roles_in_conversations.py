"""What the roles may do with conversations and standing rooms. Written out as words, as in `agents` 0002."""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)

SEEN = {"conference": VIEW, "participant": VIEW, "supervision": VIEW}

# A room's PINs stand in its form: an auditor does not see rooms.
ROLES = {
    "Administrator": {**SEEN, "room": ALL},
    "Flow editor": {"room": VIEW},
    "Supervisor": {**SEEN, "room": ("view", "change")},
    "Auditor": SEEN,
}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, kinds in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, kind, verb) for kind, verbs in kinds.items() for verb in verbs))


def permission(apps, kind, verb):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="conferences", model=kind)
    return Permission.objects.get_or_create(
        content_type=model, codename=f"{verb}_{kind}", defaults={"name": f"Can {verb} {kind}"}
    )[0]


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0002_roles"),
        ("conferences", "0005_open_and_live_are_found_quickly"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
