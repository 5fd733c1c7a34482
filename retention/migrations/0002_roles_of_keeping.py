"""Who sets rules, holds and erasures, and who reads of them; and a role for those whose work that is.

Written out as words, as in `agents` 0002. A hold's reason may concern people who work here: supervisors see the rules,
and of holds only that there is one.
"""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)

HOLDS = {("compliance", "hold"): ("view", "add", "change")}
RULES = {("compliance", "retention rule"): ALL}
CARRIED_OUT = {("retention", kind): VIEW for kind in ("run", "erasure item", "comparison")}
ERASURES = {("retention", "erasure"): ("view", "add", "change")}
FINDINGS = {("retention", "finding"): ("view", "change")}
WORK = {**HOLDS, **RULES, **CARRIED_OUT, **ERASURES, **FINDINGS}
READ = dict.fromkeys(WORK, VIEW)

LIFT = ("compliance", "hold", "lift_hold", "Can lift legal holds")
APPROVE = ("retention", "run", "approve_run", "Can let a large first run of a rule begin")
EXPORT = ("compliance", "access entry", "export_log", "Can export the log of access")
SEE_NUMBERS = ("calls", "call", "view_numbers", "Can see full phone numbers")
SEE_MAILBOXES = ("recordings", "mailbox", "see_every_mailbox", "Can see what lies in every mailbox")
SEE_TEAMS = ("agents", "agent", "see_every_team", "Can see every team")

# What a compliance officer reads; of policies also writes.
EVERYTHING_ELSE = {
    **{("compliance", kind): ALL for kind in ("policy", "notice")},
    **{("compliance", kind): VIEW for kind in ("consent", "scope", "access entry")},
    **{("calls", kind): VIEW for kind in ("call", "call event")},
    **{("conferences", kind): VIEW for kind in ("conference", "participant", "supervision")},
    **{("queues", kind): VIEW for kind in ("queue", "entry", "offer", "handling", "callback", "disposition")},
    **{
        ("recordings", kind): VIEW for kind in ("voicemail", "missed call", "mailbox", "copy", "transcript", "recorder")
    },
    ("recordings", "recording"): ("view", "delete"),
    **{("ivr", kind): VIEW for kind in ("flow", "version", "line", "visit")},
    **{("telephony", kind): VIEW for kind in ("delivery", "phone number")},
    **{("agents", kind): VIEW for kind in ("user", "agent", "team")},
    ("auth", "group"): VIEW,
    ("admin", "log entry"): VIEW,
}

ROLES = {
    "Administrator": ({**WORK, ("recordings", "recording"): ("delete",)}, (LIFT, APPROVE)),
    "Supervisor": ({("compliance", "retention rule"): VIEW}, ()),
    "Auditor": (READ, ()),
    "Compliance officer": (
        {**EVERYTHING_ELSE, **WORK},
        (LIFT, APPROVE, EXPORT, SEE_NUMBERS, SEE_MAILBOXES, SEE_TEAMS),
    ),
}


def add_permissions(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, (kinds, special) in ROLES.items():
        wanted = [
            (app, kind, f"{verb}_{kind.replace(' ', '')}", f"Can {verb} {kind}")
            for (app, kind), verbs in kinds.items()
            for verb in verbs
        ]
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, *one) for one in (*wanted, *special)))


def permission(apps, app, kind, codename, sentence):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    model, _ = ContentType.objects.get_or_create(app_label=app, model=kind.replace(" ", ""))
    return Permission.objects.get_or_create(content_type=model, codename=codename, defaults={"name": sentence})[0]


def remove_role(apps, _schema_editor):
    apps.get_model("auth", "Group").objects.filter(name="Compliance officer").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0001_runs_erasures_findings"),
        ("agents", "0006_roles_at_the_desk"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_permissions, remove_role)]
