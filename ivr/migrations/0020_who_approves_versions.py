"""Who publishes may approve what others want to publish; which flows need that, administrators say."""

from django.db import migrations

APPROVE = ("approve_flow", "Can approve what others want to publish")
REQUIRE = ("require_approval", "Can say which flows need a second person's approval")
ROLES = {"Administrator": (APPROVE, REQUIRE), "Flow editor": (APPROVE,)}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="ivr", model="flow")
    for name, permissions in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        for codename, told in permissions:
            named = {"codename": codename, "defaults": {"name": told}}
            group.permissions.add(Permission.objects.get_or_create(content_type=model, **named)[0])


class Migration(migrations.Migration):
    dependencies = [("ivr", "0019_releases_never_change"), ("agents", "0002_roles")]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
