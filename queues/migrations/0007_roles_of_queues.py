"""Who sets queues up, who moves people between them, and who sees who waited. Written out as words."""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)
SET_UP = ("queue", "queue skill", "membership", "disposition")
HAPPENED = ("entry", "offer", "handling")

ROLES = {
    "Administrator": {**dict.fromkeys(SET_UP, ALL), **dict.fromkeys(HAPPENED, VIEW)},
    "Flow editor": dict.fromkeys(("queue", "queue skill"), VIEW),
    # A supervisor moves people between queues, and leaves the rules of a queue as they are.
    "Supervisor": {**dict.fromkeys((*SET_UP, *HAPPENED), VIEW), "membership": ALL},
    "Auditor": dict.fromkeys((*SET_UP, *HAPPENED), VIEW),
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
    model, _ = ContentType.objects.get_or_create(app_label="queues", model=kind.replace(" ", ""))
    codename, sentence = f"{verb}_{kind.replace(' ', '')}", f"Can {verb} {kind}"
    return Permission.objects.get_or_create(content_type=model, codename=codename, defaults={"name": sentence})[0]


class Migration(migrations.Migration):
    dependencies = [("queues", "0006_one_accepted_offer_at_a_time"), ("agents", "0006_roles_at_the_desk")]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
