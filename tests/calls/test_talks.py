"""Each word that a queue or a conversation leaves in a call's history is told in a sentence."""

from typing import Any

import pytest

from calls import talks
from calls.models import EventKind
from conferences.room import Mode, Press, Why
from conferences.states import Outcome


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


@pytest.mark.parametrize("kind", sorted(talks.KINDS))
def test_an_event_of_an_older_shape_is_told_too(kind: str) -> None:
    assert talks.words(kind, {}).title
    assert talks.words(kind, {"what": "?", "mode": "?", "outcome": "?", "role": "?"}).title
