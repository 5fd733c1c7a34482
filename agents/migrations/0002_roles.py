"""The five roles as groups, with what each may do.

Written out as words, not read from the models: on a fresh database the permissions do not exist yet at this point, so they
are made here under the very names that Django gives them, and Django's own making of permissions finds them done.
"""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)

DRAFTS = ("flow", "flow language", "step", "step prompt", "exit", "prompt", "wording", "audio")
HOURS = ("schedule", "interval", "dated exception")
FLOWS = {("ivr", model): VIEW for model in (*DRAFTS, *HOURS, "version", "line", "visit")}
CALLS = {("calls", "call"): VIEW, ("calls", "call event"): VIEW}
VOICEMAIL = {
    ("recordings", "mailbox"): VIEW,
    ("recordings", "voicemail"): ("view", "change"),
    ("recordings", "missed call"): VIEW,
}
MEDIA = {("recordings", "recording"): VIEW, ("recordings", "play"): VIEW}
NUMBERS = {("telephony", "phone number"): VIEW}
EVIDENCE = {("telephony", "delivery"): VIEW, ("admin", "log entry"): VIEW}

SEE_NUMBERS = ("calls", "call", "view_numbers", "Can see full phone numbers")
LISTEN = ("recordings", "recording", "listen", "Can listen to recordings")
SEE_MAILBOXES = ("recordings", "mailbox", "see_every_mailbox", "Can see what lies in every mailbox")
PUBLISH = ("ivr", "flow", "publish_flow", "Can publish flows")

ROLES = {
    "Administrator": (
        {
            **FLOWS,
            **{("ivr", model): ALL for model in (*DRAFTS, *HOURS, "line")},
            **CALLS,
            **VOICEMAIL,
            ("recordings", "mailbox"): ALL,
            **MEDIA,
            ("telephony", "phone number"): ("view", "change"),
            **EVIDENCE,
            ("agents", "user"): ALL,
            ("auth", "group"): VIEW,
        },
        (SEE_NUMBERS, SEE_MAILBOXES, LISTEN, PUBLISH),
    ),
    "Flow editor": (
        {
            **FLOWS,
            **{("ivr", model): ALL for model in (*DRAFTS, *HOURS)},
            **CALLS,
            ("recordings", "mailbox"): VIEW,
            **NUMBERS,
        },
        (PUBLISH,),
    ),
    "Supervisor": (
        {
            **FLOWS,
            ("ivr", "schedule"): ("view", "change"),
            ("ivr", "interval"): ALL,
            ("ivr", "dated exception"): ALL,
            **CALLS,
            **VOICEMAIL,
            ("recordings", "mailbox"): ("view", "change"),
            **MEDIA,
            **NUMBERS,
        },
        (SEE_NUMBERS, SEE_MAILBOXES, LISTEN),
    ),
    # An agent rings back the people who left a voicemail in the agent's own mailboxes, which needs their numbers.
    "Agent": (
        {
            **CALLS,
            ("recordings", "voicemail"): ("view", "change"),
            ("recordings", "missed call"): VIEW,
            ("recordings", "recording"): VIEW,
        },
        (SEE_NUMBERS,),
    ),
    # An auditor sees what is set and who did what, but neither callers' numbers nor their voices.
    "Auditor": (
        {
            **FLOWS,
            **CALLS,
            **dict.fromkeys(VOICEMAIL, VIEW),
            **MEDIA,
            **NUMBERS,
            **EVIDENCE,
            ("agents", "user"): VIEW,
            ("auth", "group"): VIEW,
        },
        (SEE_MAILBOXES,),
    ),
}


def make_roles(apps, _schema_editor):
    Group = apps.get_model("auth", "Group")
    for name, (models, special) in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        for (app, model), verbs in models.items():
            for verb in verbs:
                codename = f"{verb}_{model.replace(' ', '')}"
                group.permissions.add(permission(apps, app, model, codename, f"Can {verb} {model}"))
        for app, model, codename, sentence in special:
            group.permissions.add(permission(apps, app, model, codename, sentence))


def permission(apps, app, model, codename, sentence):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    kind, _ = ContentType.objects.get_or_create(app_label=app, model=model.replace(" ", ""))
    return Permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": sentence})[0]


def remove_roles(apps, _schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [("agents", "0001_accounts"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [migrations.RunPython(make_roles, remove_roles)]
