"""Who says what is recorded, and who reads the ledger of consent. Written out as words, as in `agents` 0002.

An agent notes at the desk what a customer says, and sees nothing of this in the admin.
"""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)

READ = {"policy": VIEW, "notice": VIEW, "consent": VIEW}
ROLES = {
    # texts are never changed, only added
    "Administrator": {**READ, "policy": ALL, "notice": ("view", "add")},
    "Supervisor": READ,
    "Auditor": READ,
}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, kinds in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        for kind, verbs in kinds.items():
            group.permissions.add(*(permission(apps, verb, kind) for verb in verbs))


def permission(apps, verb, kind):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="compliance", model=kind)
    codename, sentence = f"{verb}_{kind}", f"Can {verb} {kind}"
    return Permission.objects.get_or_create(content_type=model, codename=codename, defaults={"name": sentence})[0]


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0002_roles"),
        ("compliance", "0006_holds_bind"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
