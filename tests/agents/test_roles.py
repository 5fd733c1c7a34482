"""Which pages each role may open and change."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from agents import roles
from agents.models import User
from tests.ivr import rows

pytestmark = pytest.mark.django_db

# what each role may do with each kind of thing: v(iew), a(dd), c(hange), d(elete)
MATRIX = {
    #                        administrator  flow editor  supervisor  agent  auditor
    "ivr.flow": ("vacd", "vacd", "v", "", "v"),
    "ivr.step": ("vacd", "vacd", "v", "", "v"),
    "ivr.exit": ("vacd", "vacd", "v", "", "v"),
    "ivr.prompt": ("vacd", "vacd", "v", "", "v"),
    "ivr.wording": ("vacd", "vacd", "v", "", "v"),
    "ivr.audio": ("vacd", "vacd", "v", "", "v"),
    "ivr.schedule": ("vacd", "vacd", "vc", "", "v"),
    "ivr.interval": ("vacd", "vacd", "vacd", "", "v"),
    "ivr.datedexception": ("vacd", "vacd", "vacd", "", "v"),
    "ivr.line": ("vacd", "v", "v", "", "v"),
    "ivr.version": ("v", "v", "v", "", "v"),
    "ivr.scenario": ("vacd", "vacd", "v", "", "v"),
    "calls.call": ("v", "v", "v", "v", "v"),
    "recordings.mailbox": ("vacd", "va", "vc", "", "v"),
    "recordings.voicemail": ("vc", "", "vc", "vc", "v"),
    "recordings.recording": ("vd", "", "v", "v", "v"),
    "queues.queue": ("vacd", "v", "v", "", "v"),
    "queues.queueskill": ("vacd", "v", "v", "", "v"),
    "queues.membership": ("vacd", "", "vacd", "", "v"),
    "queues.disposition": ("vacd", "", "v", "", "v"),
    "queues.entry": ("v", "", "v", "", "v"),
    "queues.offer": ("v", "", "v", "", "v"),
    "queues.handling": ("v", "", "v", "", "v"),
    "queues.callback": ("vc", "", "vc", "vc", "v"),
    "telephony.phonenumber": ("vc", "v", "v", "", "v"),
    "telephony.delivery": ("v", "", "", "", "v"),
    "agents.agent": ("vacd", "", "v", "", "v"),
    "agents.agentskill": ("vacd", "", "vacd", "", "v"),
    "agents.endpoint": ("vacd", "", "v", "", "v"),
    "agents.team": ("vacd", "", "v", "", "v"),
    "agents.skill": ("vacd", "", "v", "", "v"),
    "agents.reason": ("vacd", "", "v", "", "v"),
    "agents.presencechange": ("v", "", "v", "", "v"),
    "agents.user": ("vacd", "", "", "", "v"),
    "auth.group": ("v", "", "", "", "v"),
    "compliance.accessentry": ("v", "", "", "", "v"),
    "compliance.policy": ("vacd", "", "v", "", "v"),
    "compliance.notice": ("va", "", "v", "", "v"),
    "compliance.consent": ("v", "", "v", "", "v"),
}
SPECIAL = {
    "ivr.publish_flow": (True, True, False, False, False),
    "ivr.approve_flow": (True, True, False, False, False),
    "ivr.require_approval": (True, False, False, False, False),
    "ivr.publish_despite_scenarios": (True, False, False, False, False),
    "ivr.use_raw_twiml": (True, False, False, False, False),
    "calls.view_numbers": (True, False, True, True, False),
    "recordings.see_every_mailbox": (True, False, True, False, True),
    "recordings.listen": (True, False, True, False, False),
    "recordings.listen_everywhere": (True, False, False, False, False),
    "recordings.share": (True, False, True, False, False),
    "recordings.export": (True, False, False, False, False),
    "recordings.read_original": (True, False, False, False, False),
    "compliance.export_log": (True, False, False, False, True),
    "agents.use_desk": (True, False, True, True, False),
    "agents.watch_board": (True, False, True, False, False),
    "agents.supervise": (True, False, True, False, False),
    "agents.see_every_team": (True, False, False, False, True),
}
VERBS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


# what a compliance officer may is in tests/retention/test_roles.py
@pytest.mark.parametrize("position", range(5), ids=roles.ROLES[:5])
def test_each_role_may_do_what_the_matrix_says_and_no_more(position):
    person = User.objects.get(pk=rows.person(roles.ROLES[position]).pk)

    allowed = {
        model: "".join(
            letter
            for letter, verb in VERBS.items()
            if person.has_perm("{}.{verb}_{}".format(*model.split("."), verb=verb))
        )
        for model in MATRIX
    }

    assert allowed == {model: columns[position] for model, columns in MATRIX.items()}
    assert {name: person.has_perm(name) for name in SPECIAL} == {
        name: columns[position] for name, columns in SPECIAL.items()
    }


def test_the_roles_exist_once_with_permissions_that_django_made_no_second_time():
    groups = Group.objects.filter(name__in=roles.ROLES)

    assert groups.count() == 6
    for group in groups:
        codenames = list(group.permissions.values_list("content_type__app_label", "codename"))
        assert len(codenames) == len(set(codenames))


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (roles.ADMINISTRATOR, (200, 200, 200, 200)),
        (roles.FLOW_EDITOR, (200, 200, 200, 403)),
        (roles.SUPERVISOR, (200, 200, 403, 403)),
        (roles.AGENT, (200, 403, 403, 403)),
        (roles.AUDITOR, (200, 200, 403, 200)),
    ],
)
def test_pages_open_for_those_who_may(client, role, statuses):
    flow = rows.simple_flow()
    client.force_login(rows.person(role))

    pages = (
        reverse("admin:index"),
        reverse("admin:ivr_flow_change", args=[flow.pk]),
        reverse("admin:ivr_flow_publish", args=[flow.pk]),
        reverse("admin:agents_user_changelist"),
    )

    assert tuple(client.get(page).status_code for page in pages) == statuses


def test_who_may_only_look_at_a_step_sees_no_field_to_fill_in(client):
    step = rows.simple_flow().first
    client.force_login(rows.person(roles.AUDITOR))

    page = client.get(reverse("admin:ivr_step_change", args=[step.pk])).content.decode()

    assert "Greeting" in page
    assert 'name="name"' not in page
    assert 'name="_save"' not in page


def test_who_may_only_look_cannot_save_a_step(client):
    step = rows.simple_flow().first
    client.force_login(rows.person(roles.SUPERVISOR))

    answer = client.post(reverse("admin:ivr_step_change", args=[step.pk]), {"name": "Other"})

    step.refresh_from_db()
    assert answer.status_code == 403
    assert step.name == "Greeting"


def test_an_administrator_gives_roles_but_cannot_make_a_superuser(client):
    client.force_login(rows.person(roles.ADMINISTRATOR))
    agent = rows.person(roles.AGENT)

    page = client.get(reverse("admin:agents_user_change", args=[agent.pk])).content.decode()
    answer = client.post(
        reverse("admin:agents_user_change", args=[agent.pk]),
        {
            "username": agent.username,
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "groups": [Group.objects.get(name=roles.AUDITOR).pk],
        },
    )

    agent = User.objects.get(pk=agent.pk)
    assert 'name="is_superuser"' not in page
    assert answer.status_code == 302
    assert [group.name for group in agent.groups.all()] == [roles.AUDITOR]
    assert not agent.is_superuser


def test_an_administrator_cannot_set_the_password_of_a_superuser(client):
    client.force_login(rows.person(roles.ADMINISTRATOR))
    root = User.objects.create_superuser("root", password="untouched")

    answer = client.post(
        reverse("admin:auth_user_password_change", args=[root.pk]),
        {"password1": "stolen-away-9", "password2": "stolen-away-9"},
    )

    assert answer.status_code == 403
    assert User.objects.get(pk=root.pk).check_password("untouched")
