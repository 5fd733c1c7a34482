from typing import Any

import pytest

from calls.models import Call
from calls.signals import call_ended
from ivr import emergency
from ivr.models import Line, Visit
from recordings.models import Mailbox, Recording, Voicemail
from recordings.signals import recording_completed
from tests.ivr import rows
from tests.ivr.rows import AT

pytestmark = pytest.mark.django_db


def visiting(flow: Any) -> Visit:
    call = Call.objects.create(sid="CA1", started_at=AT, heard_at=AT)
    position = {
        "flow": str(flow.pk), "step": str(flow.first_id), "language": "en-US", "progress": {}, "begun": True,
    }  # fmt: skip
    return Visit.objects.create(call=call, version=flow.published, position=position, answer="", began_at=AT)


def test_the_end_of_a_call_closes_its_visit() -> None:
    visit = visiting(rows.publish(rows.simple_flow()))

    call_ended.send(sender=Call, call=visit.call, at=AT)

    visit.refresh_from_db()
    assert (visit.ending, visit.ended_at) == ("caller hung up", AT)


def test_a_completed_recording_of_a_caller_at_a_mailbox_is_a_message() -> None:
    visit = visiting(rows.publish(rows.voicemail_flow("Main", Mailbox.objects.create(name="Front desk"))))
    recording = Recording.objects.create(
        sid="RE1", call=visit.call, source="RecordVerb", seconds=9, state="ready", announced_at=AT
    )

    recording_completed.send(sender=Recording, recording=recording, at=AT)

    assert Voicemail.objects.get().recording == recording


def test_a_lines_emergency_is_remembered_as_soon_as_it_is_saved_and_forgotten_with_it(
    settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DATA_DIR = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        line = rows.line("Desk", "+15005550100", None)
    assert emergency.find("+15005550100").text == "Please call again later."

    with django_capture_on_commit_callbacks(execute=True):
        Line.objects.filter(pk=line.pk).get().delete()

    assert emergency.find("+15005550100").text != "Please call again later."
