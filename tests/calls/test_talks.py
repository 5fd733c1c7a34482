"""Each word that a queue or a conversation leaves in a call's history is told in a sentence."""

from typing import Any

import pytest

from calls import talks
from calls.models import EventKind
from compliance.states import Answer, Party
from conferences.room import Mode, Press, Why
from conferences.states import Outcome
from recordings.recorder import PauseReason, RecorderState


@pytest.mark.parametrize(
    ("kind", "data", "title", "text"),
    [
        (EventKind.QUEUED, {"queue": "Sales", "position": 3, "why": ""}, "Waits in the queue “Sales”", ""),
        (
            EventKind.UNQUEUED,
            {"queue": "Sales", "why": "answered", "seconds": 40},
            "Left the queue “Sales”",
            "answered",
        ),
        (EventKind.OFFERED, {"agent": "Ann", "why": "longest idle"}, "Rang Ann", "longest idle"),
        (EventKind.UNTAKEN, {"who": "Ann", "outcome": "busy"}, "Ann did not take the call", ""),
        (EventKind.JOINED, {"who": "x", "role": "customer"}, "The caller is in the conversation", ""),
        (EventKind.JOINED, {"who": "Ann", "role": "owner"}, "Ann is in the conversation", ""),
        (EventKind.DEPARTED, {"who": "Ann", "role": "owner", "outcome": "lost"}, "Ann left the conversation",
         "the phone broke off"),
        (EventKind.TURNED, {"what": "remove", "who": "Ann", "whom": "Ben"}, "Ann sent Ben out", ""),
        (EventKind.SUPERVISED, {"who": "Sue", "mode": "listen", "told": True}, "Sue listens", ""),
        (EventKind.CALLBACK, {"what": "asked for"}, "Call back: asked for", ""),
        (EventKind.CONSENT, {"party": "customer", "who": "+1415****123", "answer": "agreed"},
         "The caller agreed to be recorded", ""),
        (EventKind.CONSENT, {"party": "customer", "who": "", "answer": "withdrawn"},
         "The caller took back the consent to be recorded", ""),
        (EventKind.CONSENT, {"party": "colleague", "who": "Ann", "answer": "told"},
         "Ann was told of the recording", ""),
        (EventKind.CONSENT, {"party": "outside", "who": "", "answer": "refused"},
         "Somebody from outside does not want to be recorded", ""),
        (EventKind.RECORDER, {"what": "running", "leg": "customer", "policy": "Sales"}, "Recording is on", ""),
        (EventKind.RECORDER, {"what": "paused", "leg": "Ann", "policy": "Sales", "why": "agent hold"},
         "Recording is paused", "by hand; the caller hears music"),
        (EventKind.RECORDER, {"what": "failed", "detail": "Too many recordings"}, "Twilio would not record",
         "Too many recordings"),
        (EventKind.KNOWN, {"contact": "1", "matches": 1}, "The caller is a known contact", ""),
        (EventKind.KNOWN, {"contact": "1", "matches": 3}, "The caller is a known contact",
         "3 contacts have this number"),
        (EventKind.LOOKED_UP, {"source": "CRM", "outcome": "answered", "milliseconds": 120}, "“CRM” answered", ""),
        (EventKind.LOOKED_UP, {"source": "CRM", "outcome": "given-up", "milliseconds": None,
         "trouble": "Nothing came in time."}, "No usable answer from “CRM”", "Nothing came in time."),
        (EventKind.TEXT, {"what": "wanted", "why": "flow"}, "A text is sent", ""),
        (EventKind.TEXT, {"what": "not-sent", "why": "fallback", "rule": "opted-out"}, "A text is not sent",
         "opted out"),
        (EventKind.TEXT, {"what": "delivered", "why": "agent"}, "The text has arrived", ""),
        (EventKind.TEXT, {"what": "canceled", "why": "agent"}, "News of a text", ""),
    ],
)  # fmt: skip
def test_an_event_is_told(kind: EventKind, data: dict[str, Any], title: str, text: str) -> None:
    told = talks.words(kind, data)

    assert (told.title, told.text) == (title, text)
    assert told.voice in {"caller", "us", "network", "good", "bad"}


def test_every_word_that_a_conversation_uses_has_a_sentence() -> None:
    pressed = {*Press, Why.CONSULT, Why.HAND_OVER, Why.ADD, Why.REJOIN}
    turns = {*map(str, pressed), "remove", "take-over", "help", "help-answered", "lost", "returned", "requeued"}

    assert set(talks._TURNS) == turns
    assert set(talks._OUTCOMES) >= {outcome.value for outcome in Outcome if outcome}
    assert set(talks._MODES) == {mode.value for mode in Mode}


def test_every_word_of_consent_and_recording_has_a_sentence() -> None:
    assert set(talks._ANSWERS) == set(Answer)
    assert set(talks._PARTIES) == set(Party)
    assert set(talks._RECORDERS) == set(RecorderState) - {RecorderState.ASKED}  # which is told to nobody
    assert set(talks._PAUSES) == set(PauseReason)


def test_it_is_told_on_whose_line_and_by_which_policy() -> None:
    told = talks.words(EventKind.RECORDER, {"what": "running", "leg": "Ann", "policy": "Sales"})

    assert told.note == "the line of Ann, policy Sales"


@pytest.mark.parametrize("kind", sorted(talks.KINDS))
def test_an_event_of_an_older_shape_is_told_too(kind: str) -> None:
    assert talks.words(kind, {}).title
    assert talks.words(kind, {"what": "?", "mode": "?", "outcome": "?", "role": "?"}).title


def test_it_is_told_who_pressed_for_an_agent() -> None:
    told = talks.words(EventKind.TURNED, {"what": "hold", "who": "Ann", "by": "The CRM"})

    assert (told.title, told.note) == ("Ann put the caller on hold", "pressed by The CRM")
