"""Who may hear what, and who has listened so far: the plays become the first entries of the log of access.

What the roles may do is written out as words, as in `agents` 0002. An administrator hears every team's recordings and
what the redaction hides, and takes files out of the house. A supervisor hears those of the own teams, and shares them by
links, which run out and can be taken back.
"""

from django.db import migrations

from compliance import chain

AT_ONCE = 1000
LISTENING = {
    "listen_everywhere": ("recording", "Can listen to recordings of every team"),
    "share": ("recording", "Can share recordings by links"),
    "export": ("recording", "Can take recordings out as files"),
    "read_original": ("transcript", "Can read and hear what the redaction hides"),
}
ROLES = {"Administrator": tuple(LISTENING), "Supervisor": ("share",)}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, codenames in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, codename) for codename in codenames))


def permission(apps, codename):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, sentence = LISTENING[codename]
    kind, _ = ContentType.objects.get_or_create(app_label="recordings", model=model)
    return Permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": sentence})[0]


def move_plays(apps, _schema_editor):
    AccessEntry = apps.get_model("compliance", "AccessEntry")
    Play = apps.get_model("recordings", "Play")
    last = AccessEntry.objects.order_by("-id").values_list("hash", flat=True).first() or chain.BEGINNING
    entries = []
    for play in Play.objects.order_by("at", "id").select_related("user").iterator(chunk_size=AT_ONCE):
        said = {
            "at": play.at,
            "who": play.user.username,
            "address": play.address,
            "action": "played",
            "subject": "recording",
            "subject_id": str(play.recording_id),
            "reason": "",
            "detail": {},
        }
        now = chain.following(last, chain.canonical(user=play.user_id, **said))
        entries.append(AccessEntry(user_id=play.user_id, previous=last, hash=now, **said))
        last = now
        if len(entries) == AT_ONCE:
            AccessEntry.objects.bulk_create(entries)
            entries = []
    AccessEntry.objects.bulk_create(entries)


def forget_the_kind(apps, _schema_editor):
    """The permissions on plays go with it."""
    apps.get_model("contenttypes", "ContentType").objects.filter(app_label="recordings", model="play").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0002_roles"),
        ("compliance", "0004_who_reads_the_log"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("recordings", "0006_who_may_hear"),
    ]

    operations = [
        migrations.RunPython(add_permissions, migrations.RunPython.noop),
        migrations.RunPython(move_plays, migrations.RunPython.noop),
        migrations.RunPython(forget_the_kind, migrations.RunPython.noop),
    ]
