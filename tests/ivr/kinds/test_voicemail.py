from typing import Any

import pytest

from ivr.kinds.base import Consents
from ivr.kinds.requests import NoteConsent, NoteMissed, Notice, TakeVoicemail, Wording
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


# ---- recorded only by those who agree

QUESTION = Notice(3, asks=True, wordings=(Wording("May we record?", "en-US", 7),))


def make_asking(**exits: str) -> Walk:
    steps = {
        "box": make_step(
            "voicemail",
            mailbox="8",
            prompts={"greeting": "speak"},
            exits={"recorded": "thanks", "empty": "sorry"} | exits,
        ),
        "thanks": make_step("message", prompts={"message": "thanks"}, exits={"next": "bye"}),
        "sorry": make_step("message", prompts={"message": "sorry"}, exits={"next": "bye"}),
        "bye": make_step("hang_up"),
    }
    return Walk(make_document(steps), consents={"voicemail": Consents((QUESTION,))})


def test_where_a_policy_asks_nothing_is_recorded_before_a_yes():
    walk = make_asking()
    assert not any(isinstance(verb, Record) for verb in walk.verbs)

    walk.press("1")

    assert walk.outcome.requests == (NoteConsent(3, QUESTION.wordings[0], "agreed", "1"),)
    assert isinstance(walk.verbs[-1], Record)
    assert walk.record(10, sid="RE7").outcome.requests == (TakeVoicemail("8", "RE7", 10, "en-US"),)


@pytest.mark.parametrize(("exits", "way"), [({"refused": "bye"}, "refused"), ({}, "empty")])
def test_who_refuses_is_not_recorded_and_counts_as_missed(exits, way):
    walk = make_asking(**exits).press("2")

    assert walk.left_by[0] == way
    assert walk.outcome.requests == (NoteConsent(3, QUESTION.wordings[0], "refused", "2"), NoteMissed("8"))
    assert not any(isinstance(verb, Record) for verb in walk.verbs)
