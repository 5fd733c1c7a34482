"""What the roles may do with contacts and opt-outs. Written out as words: see agents/migrations/0002."""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
EDIT = ("view", "add", "change")
VIEW = ("view",)

SEEN = dict.fromkeys(("contact", "contact number", "external id", "choice", "change", "opt out", "system"), VIEW)
EDITED = SEEN | {"contact": EDIT, "contact number": ALL, "external id": ALL, "choice": ALL, "opt out": EDIT}
SPECIAL = {
    "choose_contact": "Can choose who calls among several contacts",
    "import_contacts": "Can take contacts in from a file, and give them out as one",
    "merge_contacts": "Can merge contacts and split them",
}

ROLES = {
    "Administrator": (EDITED | {"contact": ALL, "system": ALL}, tuple(SPECIAL)),
    "Supervisor": (EDITED, tuple(SPECIAL)),
    "Agent": ({name: VIEW for name in SEEN if name not in ("change", "system")}, ("choose_contact",)),
    "Auditor": (SEEN, ()),
    # objections reach whoever looks after them by letter, too
    "Compliance officer": (SEEN | {"opt out": EDIT}, ()),
}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, (kinds, special) in ROLES.items():
        wanted = [
            (kind, f"{verb}_{kind.replace(' ', '')}", f"Can {verb} {kind}")
            for kind, verbs in kinds.items()
            for verb in verbs
        ]
        wanted += [("contact", codename, SPECIAL[codename]) for codename in special]
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, *one) for one in wanted))


def permission(apps, kind, codename, sentence):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label="contacts", model=kind.replace(" ", ""))
    return Permission.objects.get_or_create(content_type=model, codename=codename, defaults={"name": sentence})[0]


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0002_opt_outs_only_end"),
        ("agents", "0007_words_for_agents"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
