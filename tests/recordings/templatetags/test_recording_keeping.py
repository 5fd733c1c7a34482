import pytest
from django.urls import reverse

from agents import roles
from compliance.states import Kept
from tests.agents.factories import user
from tests.calls.factories import AT
from tests.compliance.keepers import make_hold, make_rule
from tests.recordings.factories import make_voicemail
from tests.retention import rows

pytestmark = pytest.mark.django_db


def page(client, recording, role=roles.COMPLIANCE_OFFICER) -> str:
    client.force_login(user(role))
    return client.get(reverse("admin:recordings_recording_change", args=[recording.pk])).content.decode()


def test_the_page_of_a_recording_tells_when_each_part_goes(client):
    make_rule(Kept.RECORDING, 30)
    make_rule(Kept.TRANSCRIPT, 10)
    recording = rows.recording(0)
    rows.transcript(recording)

    shown = page(client, recording)

    assert "All recordings go after 30 days." in shown
    assert "1 April 2026" in shown
    assert "All transcripts go after 10 days." in shown
    assert reverse("recording-delete", args=[recording.pk]) in shown


def test_a_held_one_says_so_and_cannot_be_deleted(client):
    make_rule(Kept.RECORDING, 30)
    recording = rows.recording(0)
    make_hold(call=recording.call, name="Court 7")

    shown = page(client, recording)

    assert "Court 7" in shown
    assert "would go on" in shown
    assert '<button class="cc-button" disabled>Delete</button>' in shown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"purged_at": AT}, "are gone"),
        ({}, "are being deleted"),
        ({"failure": "Twilio refuses"}, "Twilio refuses"),
    ],
)
def test_a_deleted_one_says_when_by_what_and_what_is_left(client, fields, words):
    recording = rows.recording(0, state="deleted", deleted_at=AT, deleted_for="run 12", **fields)

    shown = page(client, recording)

    assert "Deleted on 2 March 2026, 15:00 UTC by run 12." in shown
    assert words in shown


def test_an_auditor_sees_the_day_and_no_button(client):
    make_rule(Kept.RECORDING, 30)
    recording = rows.recording(0)

    shown = page(client, recording, roles.AUDITOR)

    assert "All recordings go after 30 days." in shown
    assert reverse("recording-delete", args=[recording.pk]) not in shown


def test_the_list_of_recordings_and_the_page_of_a_voicemail_tell_the_day(client):
    make_rule(Kept.RECORDING, 30)
    make_rule(Kept.VOICEMAIL, 60)
    rows.recording(0)
    voicemail = make_voicemail(recording=rows.recording(0, subject="voicemail"))
    client.force_login(user(roles.COMPLIANCE_OFFICER))

    listed = client.get(reverse("admin:recordings_recording_changelist")).content.decode()
    message = client.get(reverse("admin:recordings_voicemail_change", args=[voicemail.pk])).content.decode()

    assert "1 Apr 2026" in listed
    assert "All voicemails go after 60 days." in message
