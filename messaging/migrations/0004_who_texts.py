"""Who reads and sends texts, looks at what came with them, and writes what is said by itself.

Written out as words, as in `agents` 0002. Agents work at the desk, which asks for these permissions and for no page of
the admin.
"""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)
TEXTS = dict.fromkeys(("thread", "message", "media"), VIEW)
SET_UP = ("sender", "keyword", "fallback rule")

SPECIAL = {
    "send_text": ("thread", "Can send texts"),
    "see_every_thread": ("thread", "Can read texts of every queue"),
    "look_at_media": ("media", "Can look at pictures and files that people have texted"),
}

ROLES = {
    "Administrator": ({**TEXTS, **dict.fromkeys(SET_UP, ALL)}, tuple(SPECIAL)),
    "Flow editor": (dict.fromkeys(("keyword", "fallback rule"), ALL) | {"sender": VIEW}, ()),
    "Supervisor": ({**TEXTS, **dict.fromkeys(SET_UP, VIEW)}, ("send_text", "look_at_media")),
    "Agent": (TEXTS, ("send_text", "look_at_media")),
    "Auditor": ({**TEXTS, **dict.fromkeys(SET_UP, VIEW)}, ("see_every_thread",)),
    "Compliance officer": ({**TEXTS, **dict.fromkeys(SET_UP, VIEW)}, ("see_every_thread", "look_at_media")),
}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, (kinds, special) in ROLES.items():
        wanted = [
            (kind, f"{verb}_{kind.replace(' ', '')}", f"Can {verb} {kind}")
            for kind, verbs in kinds.items()
            for verb in verbs
        ]
        wanted += [(SPECIAL[one][0], one, SPECIAL[one][1]) for one in special]
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, *one) for one in wanted))


def permission(apps, kind, codename, sentence):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="messaging", model=kind.replace(" ", ""))
    return Permission.objects.get_or_create(content_type=model, codename=codename, defaults={"name": sentence})[0]


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_of_which_thread_a_removal_was"),
        ("retention", "0002_roles_of_keeping"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
