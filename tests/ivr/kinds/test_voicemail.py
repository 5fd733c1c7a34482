from typing import Any

import pytest

from ivr.kinds.requests import NoteMissed, TakeVoicemail
from telephony.twiml import Hangup, Record, Say
from tests.ivr.factories import URLS, Walk, make_document, make_step


def make_voicemail(**settings: Any) -> Walk:
    steps = {
        "box": make_step(
            "voicemail",
            mailbox="8",
            settings=settings,
            prompts={"greeting": "speak"},
            exits={"recorded": "thanks", "empty": "sorry"},
        ),
        "thanks": make_step("message", prompts={"message": "thanks"}, exits={"next": "bye"}),
        "sorry": make_step("message", prompts={"message": "sorry"}, exits={"next": "bye"}),
        "bye": make_step("hang_up"),
    }
    return Walk(make_document(steps))


def test_the_greeting_comes_before_the_recording_and_the_recording_leads_back_to_us():
    walk = make_voicemail(max_length=60, silence=4, beep=False, finish_key="*")

    assert walk.verbs == (
        Say("speak in English.", voice="Polly.Joanna-Neural", language="en-US"),
        Record(
            URLS.resume, max_length=60, timeout=4, finish_on_key="*", play_beep=False, status_callback=URLS.recording
        ),
    )


def test_a_message_is_taken():
    walk = make_voicemail().record(10, sid="RE7")

    assert walk.outcome.requests == (TakeVoicemail("8", "RE7", 10, "en-US"),)
    assert walk.said == ["thanks in English."]


@pytest.mark.parametrize("seconds", [0, 1, 2])
def test_a_short_message_is_empty_and_thrown_away(seconds):
    walk = make_voicemail(min_seconds=3).record(seconds, sid="RE7")

    assert walk.outcome.requests == (NoteMissed("8", "RE7"),)
    assert walk.said == ["sorry in English."]


def test_a_short_message_is_kept_where_the_step_says_so():
    walk = make_voicemail(min_seconds=3, keep_empty=True).record(2, sid="RE7")

    assert walk.outcome.requests == (TakeVoicemail("8", "RE7", 2, "en-US", empty=True),)
    assert walk.left_by[0] == "empty"


def test_nothing_recorded_is_a_missed_call():
    assert make_voicemail(keep_empty=True).record(0, sid="").outcome.requests == (NoteMissed("8"),)
    assert make_voicemail().be_silent().outcome.requests == (NoteMissed("8"),)


@pytest.mark.parametrize(("seconds", "way"), [(10, "recorded"), (0, "empty")])
def test_a_caller_who_hangs_up_ends_the_message_as_usual_and_the_call_with_it(seconds, way):
    walk = make_voicemail().record(seconds, hung_up=True)

    assert walk.left_by == [way]
    assert walk.verbs == (Hangup(),)
    assert walk.ending == "caller hung up"
    assert len(walk.outcome.requests) == 1
