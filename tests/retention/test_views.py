import pytest
from django.urls import reverse

from agents import roles
from compliance.models import AccessEntry
from telephony import client as rest
from tests.agents.factories import user
from tests.compliance.keepers import make_hold
from tests.retention import rows
from tests.retention.account import Account, Silent
from tests.telephony.adapter import reached

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def account(monkeypatch):
    monkeypatch.setattr(rest, "PAUSES", (0.0,))
    account = Account()
    with reached(account, Silent):
        yield account


def delete(client, recording, **given: str):
    return client.post(reverse("recording-delete", args=[recording.pk]), given, follow=True)


def test_a_recording_is_deleted_for_a_reason_here_and_at_twilio(client, account):
    recording, officer = rows.recording(cleared_at=None), user(roles.COMPLIANCE_OFFICER)
    account.recording(recording.sid)
    client.force_login(officer)

    page = delete(client, recording, reason="The customer asked").content.decode()

    recording.refresh_from_db()
    assert "It is deleted." in page
    assert (recording.state, recording.purged_at is not None) == ("deleted", True)
    assert account.deleted == [recording.sid]
    entry = AccessEntry.objects.get(action="deleted")
    assert (entry.user, entry.reason, entry.address) == (officer, "The customer asked", "127.0.0.1")


def test_without_a_reason_nothing_is_deleted(client):
    recording = rows.recording()
    client.force_login(user(roles.COMPLIANCE_OFFICER))

    assert "Say why" in delete(client, recording, reason=" ").content.decode()

    recording.refresh_from_db()
    assert recording.state == "stored"


def test_what_is_held_is_refused_with_the_hold_named(client):
    recording = rows.recording()
    make_hold(call=recording.call, name="Court 7")
    client.force_login(user(roles.COMPLIANCE_OFFICER))

    assert "Court 7" in delete(client, recording, reason="The customer asked").content.decode()

    recording.refresh_from_db()
    assert recording.state == "stored"


@pytest.mark.parametrize("role", [roles.SUPERVISOR, roles.AUDITOR, roles.AGENT, roles.FLOW_EDITOR])
def test_nobody_else_deletes(client, role):
    recording = rows.recording()
    client.force_login(user(role))

    assert delete(client, recording, reason="The customer asked").status_code == 403
    client.logout()
    assert delete(client, recording, reason="The customer asked").status_code == 403
    assert client.get(reverse("recording-delete", args=[recording.pk])).status_code == 405
