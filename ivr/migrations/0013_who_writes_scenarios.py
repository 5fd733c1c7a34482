"""Who writes flows writes their scenarios; publishing although some fail is up to administrators."""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
ROLES = {"Administrator": ALL, "Flow editor": ALL, "Supervisor": ("view",), "Auditor": ("view",)}
DESPITE = ("publish_despite_scenarios", "Can publish flows whose scenarios fail")


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="ivr", model="scenario")

    def permission(codename, name):
        return Permission.objects.get_or_create(content_type=model, codename=codename, defaults={"name": name})[0]

    for role, verbs in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        for verb in verbs:
            group.permissions.add(permission(f"{verb}_scenario", f"Can {verb} scenario"))
    Group.objects.get(name="Administrator").permissions.add(permission(*DESPITE))


class Migration(migrations.Migration):
    dependencies = [("ivr", "0012_scenarios"), ("agents", "0002_roles")]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
