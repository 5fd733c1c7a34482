"""Accounts and roles: what an administrator may do with them, and what stays a superuser's."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from agents import roles
from agents.models import User
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.force_login(rows.person(roles.ADMINISTRATOR))
    return client


@pytest.fixture
def root():
    return User.objects.create_superuser("root", password="untouched")


def group(role):
    return Group.objects.get(name=role)


def test_an_administrator_adds_a_person_who_can_log_in_with_a_role(administrator, client):
    page = administrator.get(reverse("admin:agents_user_add")).content.decode()
    administrator.post(
        reverse("admin:agents_user_add"),
        {
            "username": "ann",
            "usable_password": "true",
            "password1": "blue-horse-17",
            "password2": "blue-horse-17",
            "is_staff": "on",
            "groups": [group(roles.AGENT).pk],
        },
    )

    client.logout()
    assert client.login(username="ann", password="blue-horse-17")
    assert client.get(reverse("admin:index")).status_code == 200
    assert User.objects.get(username="ann").has_perm("recordings.view_voicemail")
    assert 'name="is_staff"' in page
    assert "Supervisor: the board" in page


def test_an_administrator_turns_an_account_off(administrator):
    agent = rows.person(roles.AGENT)

    administrator.post(
        reverse("admin:agents_user_change", args=[agent.pk]), {"username": "agent", "groups": [group(roles.AGENT).pk]}
    )

    agent.refresh_from_db()
    assert (agent.is_active, agent.is_staff) == (False, False)


def test_an_administrator_cannot_grant_single_permissions(administrator):
    agent = rows.person(roles.AGENT)

    administrator.post(
        reverse("admin:agents_user_change", args=[agent.pk]),
        {
            "username": "agent",
            "is_active": "on",
            "user_permissions": [group(roles.ADMINISTRATOR).permissions.first().pk],
        },
    )

    assert not agent.user_permissions.exists()


def test_an_administrator_can_neither_change_nor_delete_a_superuser(administrator, root):
    change = administrator.post(reverse("admin:agents_user_change", args=[root.pk]), {"username": "mine"})
    delete = administrator.post(reverse("admin:agents_user_delete", args=[root.pk]), {"post": "yes"})
    administrator.post(
        reverse("admin:agents_user_changelist"),
        {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"},
    )

    assert (change.status_code, delete.status_code) == (403, 403)
    assert User.objects.get(pk=root.pk).username == "root"


def test_a_superuser_may_make_another_one(client, root):
    client.force_login(root)
    agent = rows.person(roles.AGENT)

    page = client.get(reverse("admin:agents_user_change", args=[agent.pk])).content.decode()
    client.post(
        reverse("admin:agents_user_change", args=[agent.pk]),
        {"username": "agent", "is_active": "on", "is_staff": "on", "is_superuser": "on"},
    )

    agent.refresh_from_db()
    assert 'name="is_superuser"' in page
    assert agent.is_superuser


def test_the_list_tells_roles_and_who_is_beyond_them(administrator, root):
    rows.person(roles.AUDITOR)

    page = administrator.get(reverse("admin:agents_user_changelist")).content.decode()

    assert page.count("superuser") == 1
    assert "Auditor" in page


def test_roles_can_be_looked_into_but_not_changed_by_an_administrator(administrator):
    address = reverse("admin:auth_group_change", args=[group(roles.AGENT).pk])

    assert administrator.get(address).status_code == 200
    assert administrator.post(address, {"name": "Chief"}).status_code == 403
    assert Group.objects.filter(name=roles.AGENT).exists()


def test_what_a_role_may_do_is_told_kind_by_kind(administrator):
    page = administrator.get(reverse("admin:auth_group_change", args=[group(roles.SUPERVISOR).pk])).content.decode()

    assert "<li>Schedule: change, view</li>" in page
    assert "<li>Flow: view</li>" in page


def test_a_superuser_chooses_the_permissions_of_a_role(client, root):
    client.force_login(root)

    page = client.get(reverse("admin:auth_group_change", args=[group(roles.SUPERVISOR).pk])).content.decode()

    assert 'name="permissions"' in page
