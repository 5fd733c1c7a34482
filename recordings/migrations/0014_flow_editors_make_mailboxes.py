"""Whoever writes a menu may make the mailbox that a new option leads to: a new one holds nobody's messages yet."""

from django.db import migrations


def let_them(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    mailbox, _ = ContentType.objects.get_or_create(app_label="recordings", model="mailbox")
    add, _ = Permission.objects.get_or_create(
        content_type=mailbox, codename="add_mailbox", defaults={"name": "Can add mailbox"}
    )
    Group.objects.get_or_create(name="Flow editor")[0].permissions.add(add)


class Migration(migrations.Migration):
    dependencies = [("recordings", "0013_unwanted_recordings"), ("agents", "0002_roles")]

    operations = [migrations.RunPython(let_them, migrations.RunPython.noop)]
