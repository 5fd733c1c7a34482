from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.forms import model_to_dict

from calls.models import Call
from recordings import actions
from recordings.models import MissedCall, Recording, Voicemail
from recordings.states import State
from telephony.payloads import RecordingCallback
from tests.calls.factories import AT, make_call, new_sid
from tests.recordings.factories import make_mailbox, make_recording, make_voicemail

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def told(sid: str, call_sid: str, status: str, **fields: Any) -> RecordingCallback:
    return RecordingCallback(sid=sid, call_sid=call_sid, status=status, **fields)


def outcome_of(recording: Recording, call: Call) -> Any:
    row = model_to_dict(recording, exclude=["sid", "call"])
    events = sorted((event.kind, event.data.get("status"), event.data.get("mailbox")) for event in call.events.all())
    return row, recording.call == call, events, Voicemail.objects.filter(recording=recording).exists()


@pytest.mark.parametrize("final", ["completed", "absent"])
def test_whatever_comes_first_there_is_one_recording_in_the_end(final: str) -> None:
    mailbox = make_mailbox()
    seconds = 7 if final == "completed" else None
    outcomes = []
    for order in permutations([0, 1, 2, 1, 2], 5):
        call, sid = make_call(), new_sid("RE")
        steps = [
            lambda call=call, sid=sid: actions.announce(told(sid, call.sid, "in-progress", source="RecordVerb"), at=AT),
            lambda call=call, sid=sid: actions.announce(
                told(sid, call.sid, final, seconds=seconds, source="RecordVerb", channels=1), at=AT
            ),
            lambda call=call, sid=sid: actions.take_voicemail(
                mailbox.pk, call.pk, sid, seconds=9, language="en-US", at=AT
            ),
        ]
        for index in order:
            steps[index]()
        outcomes.append(outcome_of(Recording.objects.get(sid=sid), call))

    row, tied, events, has_voicemail = outcomes[0]
    for other, *rest in outcomes:
        assert other == row
        assert rest[0] == tied
        assert rest[2] == has_voicemail
    assert tied
    if final == "completed":
        assert (row["state"], row["seconds"], has_voicemail) == (State.READY, 7, True)
        assert all(other[2] == events for other in outcomes)
    else:
        assert (row["state"], has_voicemail) == (State.ABSENT, False)
        assert MissedCall.objects.count() == len(outcomes)
        assert all([kind for kind, *_ in other[2]].count("missed") == 1 for other in outcomes)


def test_a_recording_of_an_unknown_call_is_kept_with_it() -> None:
    recording = actions.announce(told("RE1", "CA-unknown", "completed", seconds=3), at=AT)

    assert recording.call is not None
    assert recording.call.sid == "CA-unknown"


def test_a_conferences_recording_has_no_call() -> None:
    assert actions.announce(told("RE1", "", "completed"), at=AT).call is None


def test_what_does_not_fit_is_cut() -> None:
    news = told("RE1", "CA1", "completed", channels=40_000, url="u" * 2000, source="s" * 99, error_code="e" * 99)

    recording = actions.announce(news, at=AT)

    recording.refresh_from_db()
    assert (recording.channels, len(recording.url), len(recording.source), len(recording.error_code)) == (
        None,
        1024,
        32,
        16,
    )


def test_a_message_without_a_recording_is_a_missed_call() -> None:
    call, mailbox = make_call(), make_mailbox()

    taken = actions.take_voicemail(str(mailbox.pk), call.pk, "", seconds=0, language="en-US", at=AT)
    actions.note_missed(str(mailbox.pk), call.pk, at=AT)

    assert taken is None
    assert MissedCall.objects.get().call == call
    assert [(event.kind, event.data) for event in call.events.all()] == [("missed", {"mailbox": "Sales"})]


def test_a_call_is_not_missed_by_a_mailbox_that_has_its_message() -> None:
    call, mailbox = make_call(), make_mailbox()

    actions.note_missed(mailbox.pk, call.pk, at=AT)
    actions.take_voicemail(mailbox.pk, call.pk, "RE1", seconds=3, language="en-US", at=AT)
    actions.note_missed(mailbox.pk, call.pk, at=AT)

    assert not MissedCall.objects.exists()
    assert Voicemail.objects.get().call == call


def test_a_mailbox_that_is_gone_leaves_the_recording_and_a_word_in_the_history() -> None:
    call = make_call()

    assert actions.take_voicemail("999", call.pk, "RE1", seconds=3, language="en-US", at=AT) is None

    assert Recording.objects.get(sid="RE1").call == call
    assert call.events.get().kind == "failed"


def test_recordings_gone_silent_are_asked_about_once_in_a_while() -> None:
    silent = make_recording()
    make_recording(announced_at=AT + 9 * MINUTE)
    make_recording(state=State.READY)

    assert actions.sweep_silent(at=AT + 10 * MINUTE) == [silent.pk]
    assert actions.sweep_silent(at=AT + 11 * MINUTE) == []


def test_a_recording_that_twilio_never_had_is_given_up() -> None:
    voicemail = make_voicemail()

    actions.give_up(voicemail.recording.pk, why="not there", at=AT)

    voicemail.recording.refresh_from_db()
    assert voicemail.recording.state == State.ABSENT
    assert not Voicemail.objects.exists()
    assert MissedCall.objects.get().mailbox == voicemail.mailbox
