"""What the five roles may do at the desk, at the board, and with agents. Written out as words, as in 0002."""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)
KINDS = ("agent", "agent skill", "endpoint", "team", "skill", "reason", "presence change")

SEEN = dict.fromkeys(KINDS, VIEW)
SPECIAL = {
    "use_desk": "Can work at the desk",
    "watch_board": "Can watch the board",
    "supervise": "Can listen, coach, barge in and take over",
    "see_every_team": "Can see every team",
}

ROLES = {
    "Administrator": ({**dict.fromkeys(KINDS, ALL), "presence change": VIEW}, tuple(SPECIAL)),
    # A supervisor moves people between skills, and neither makes nor moves the people.
    "Supervisor": ({**SEEN, "agent skill": ALL}, ("use_desk", "watch_board", "supervise")),
    "Agent": ({}, ("use_desk",)),
    # Seeing every team is of what the pages of the admin show: an auditor may not watch the board.
    "Auditor": (SEEN, ("see_every_team",)),
}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, (kinds, special) in ROLES.items():
        wanted = [
            (kind, f"{verb}_{kind.replace(' ', '')}", f"Can {verb} {kind}")
            for kind, verbs in kinds.items()
            for verb in verbs
        ]
        wanted += [("agent", codename, SPECIAL[codename]) for codename in special]
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, *one) for one in wanted))


def permission(apps, kind, codename, sentence):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="agents", model=kind.replace(" ", ""))
    return Permission.objects.get_or_create(content_type=model, codename=codename, defaults={"name": sentence})[0]


class Migration(migrations.Migration):
    dependencies = [("agents", "0005_reasons")]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
