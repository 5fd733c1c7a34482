"""The standard limits, who sets them, and who reads what was dialed. Written out as words, as in `agents` 0002."""

from django.db import migrations

VIEW = ("view",)
LIMITS = ("dialing", "limits")
ATTEMPTS = ("dialing", "attempt")

ROLES = {
    "Administrator": {LIMITS: ("view", "change"), ATTEMPTS: VIEW},
    "Supervisor": {LIMITS: VIEW, ATTEMPTS: VIEW},
    "Auditor": {LIMITS: VIEW, ATTEMPTS: VIEW},
    "Compliance officer": {LIMITS: ("view", "change"), ATTEMPTS: VIEW},
}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, kinds in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        for (app, kind), verbs in kinds.items():
            group.permissions.add(*(permission(apps, app, kind, verb) for verb in verbs))


def permission(apps, app, kind, verb):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label=app, model=kind)
    found, _ = Permission.objects.get_or_create(
        content_type=model, codename=f"{verb}_{kind}", defaults={"name": f"Can {verb} {kind}"}
    )
    return found


def set_limits(apps, _schema_editor):
    apps.get_model("dialing", "Limits").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [
        ("dialing", "0001_limits_attempts_rates"),
        ("agents", "0007_words_for_agents"),
        ("retention", "0002_roles_of_keeping"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(add_permissions, migrations.RunPython.noop),
        migrations.RunPython(set_limits, migrations.RunPython.noop),
    ]
