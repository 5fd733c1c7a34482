"""What the roles may do about holds, rules, runs, erasures and findings; and all that a compliance officer may."""

import pytest
from django.contrib.auth.models import Permission

from agents import roles
from agents.models import User
from tests.ivr import rows

pytestmark = pytest.mark.django_db

# v(iew), a(dd), c(hange), d(elete); roles that are not named may nothing of it
MATRIX = {
    #                            administrator supervisor auditor compliance officer
    "compliance.hold": ("vac", "", "v", "vac"),
    "compliance.retentionrule": ("vacd", "v", "v", "vacd"),
    "retention.run": ("v", "", "v", "v"),
    "retention.erasure": ("vac", "", "v", "vac"),
    "retention.erasureitem": ("v", "", "v", "v"),
    "retention.comparison": ("v", "", "v", "v"),
    "retention.finding": ("vc", "", "v", "vc"),
}
SPECIAL = {
    "compliance.lift_hold": (True, False, False, True),
    "retention.approve_run": (True, False, False, True),
    "recordings.delete_recording": (True, False, False, True),
}
NAMED = (roles.ADMINISTRATOR, roles.SUPERVISOR, roles.AUDITOR, roles.COMPLIANCE_OFFICER)
VERBS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


def person(role: str) -> User:
    return User.objects.get(pk=rows.person(role).pk)


def allowed(user: User, model: str) -> str:
    app, name = model.split(".")
    return "".join(letter for letter, verb in VERBS.items() if user.has_perm(f"{app}.{verb}_{name}"))


@pytest.mark.parametrize("role", roles.ROLES)
def test_each_role_may_do_what_the_matrix_says_and_no_more(role):
    user = person(role)
    place = NAMED.index(role) if role in NAMED else None

    assert {model: allowed(user, model) for model in MATRIX} == {
        model: "" if place is None else columns[place] for model, columns in MATRIX.items()
    }
    assert {name: user.has_perm(name) for name in SPECIAL} == {
        name: place is not None and columns[place] for name, columns in SPECIAL.items()
    }


def test_a_compliance_officer_sees_everything_sets_rules_and_hears_nothing():
    officer = person(roles.COMPLIANCE_OFFICER)

    assert officer.has_perms(["calls.view_numbers", "recordings.see_every_mailbox", "compliance.export_log"])
    assert allowed(officer, "compliance.policy") == "vacd"
    assert allowed(officer, "calls.call") == allowed(officer, "compliance.consent") == "v"
    for may_not in ("recordings.listen", "recordings.share", "recordings.export", "recordings.read_original"):
        assert not officer.has_perm(may_not)
    for may_not in ("ivr.publish_flow", "agents.supervise", "agents.use_desk", "agents.change_user"):
        assert not officer.has_perm(may_not)


def test_django_has_made_none_of_the_permissions_a_second_time():
    names = list(Permission.objects.values_list("content_type__app_label", "content_type__model", "codename"))

    assert len(names) == len(set(names))
