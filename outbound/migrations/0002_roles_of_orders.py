"""Who sees and cancels orders to call somebody, and who makes them. Written out as words, as in `agents` 0002."""

from django.db import migrations

ORDER = ("view", "change", "place")

ROLES = {
    "Administrator": ORDER,
    "Supervisor": ORDER,
    "Agent": ("view", "place"),
    "Auditor": ("view",),
    "Compliance officer": ("view",),
}
SENTENCES = {"view": "Can view order", "change": "Can change order", "place": "Can have somebody called"}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, verbs in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, verb) for verb in verbs))


def permission(apps, verb):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="outbound", model="order")
    found, _ = Permission.objects.get_or_create(
        content_type=model, codename=f"{verb}_order", defaults={"name": SENTENCES[verb]}
    )
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("outbound", "0001_orders"),
        ("agents", "0007_words_for_agents"),
        ("retention", "0002_roles_of_keeping"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
