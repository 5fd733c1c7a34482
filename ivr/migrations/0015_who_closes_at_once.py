"""Who writes dates of each year, and who may close at once: those who answer for what callers meet, and supervisors."""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)
KINDS = ("yearly date", "holiday year", "public holiday", "closure", "closure event")
CLOSE_NOW = ("close_now", "Can close at once and open again")
SEEN = dict.fromkeys(KINDS, VIEW)
ROLES = {
    "Administrator": (SEEN | {"yearly date": ALL}, True),
    "Flow editor": (SEEN | {"yearly date": ALL}, True),
    "Supervisor": (SEEN | {"yearly date": ALL}, True),
    "Auditor": (SEEN, False),
}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for role, (kinds, closes) in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        for kind, verbs in kinds.items():
            for verb in verbs:
                codename = f"{verb}_{kind.replace(' ', '')}"
                group.permissions.add(permission(apps, kind, codename, f"Can {verb} {kind}"))
        if closes:
            group.permissions.add(permission(apps, "closure", *CLOSE_NOW))


def permission(apps, kind, codename, name):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="ivr", model=kind.replace(" ", ""))
    return Permission.objects.get_or_create(content_type=model, codename=codename, defaults={"name": name})[0]


class Migration(migrations.Migration):
    dependencies = [("ivr", "0014_layers_of_hours"), ("agents", "0002_roles")]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
