"""Who writes raw TwiML into flows: administrators."""

from django.db import migrations

MAY = ("use_raw_twiml", "Can use raw TwiML in flows")


def let_administrators(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="ivr", model="step")
    codename, name = MAY
    found, _ = Permission.objects.get_or_create(content_type=model, codename=codename, defaults={"name": name})
    group, _ = Group.objects.get_or_create(name="Administrator")
    group.permissions.add(found)


class Migration(migrations.Migration):
    dependencies = [("ivr", "0021_raw_twiml"), ("agents", "0002_roles")]

    operations = [migrations.RunPython(let_administrators, migrations.RunPython.noop)]
