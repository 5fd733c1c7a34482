from datetime import timedelta
from typing import Any

import pytest

from calls.models import Call, CallEvent, EventKind
from calls.timeline import chapters, way
from tests.calls.factories import AT


def at(seconds: float) -> Any:
    return AT + timedelta(seconds=seconds)


def told(*events: tuple[float, EventKind, dict[str, Any]], **fields: Any) -> Any:
    call = Call(sid="CA1", started_at=AT, heard_at=AT, **fields)
    rows = [CallEvent(call=call, at=at(after), kind=kind, data=data) for after, kind, data in events]
    return chapters(call, rows, show=str.upper, show_text=lambda text: text.replace("secret", "***"))


def entered(after: float, name: str, kind: str = "message") -> tuple[float, EventKind, dict[str, Any]]:
    return after, EventKind.ENTERED, {"step": name, "name": name, "kind": kind, "flow": 1}


BEGAN = (0, EventKind.BEGAN, {"line": "Main", "flow": "Reception", "version": 4})


def test_each_step_is_a_chapter_that_knows_how_long_it_took() -> None:
    story = told(
        BEGAN,
        entered(0, "Welcome"),
        entered(4, "Menu", "menu"),
        (10, EventKind.PRESSED, {"step": "Menu", "digits": "2"}),
        (10, EventKind.LEFT, {"step": "Menu", "exit": "Sales"}),
        entered(10, "Leave a message", "voicemail"),
        (16, EventKind.ENDED, {"reason": "caller hung up"}),
        (17, EventKind.STATUS, {"status": "completed", "reported_at": None}),
        ended_at=at(17),
    )

    assert [chapter.title for chapter in story] == [
        "The call comes in",
        "Welcome",
        "Menu",
        "Leave a message",
        "The call ends",
    ]
    steps = way(story)
    assert [chapter.took.total_seconds() for chapter in steps if chapter.took] == [4, 6, 6]
    assert [chapter.share for chapter in steps] == [25.0, 37.5, 37.5]
    assert [chapter.icon for chapter in steps] == ["chat", "dialpad", "voicemail"]
    assert [entry.title for entry in story[-1].entries] == [
        "The flow ended: caller hung up",
        "Twilio reports: completed",
    ]
    assert len({chapter.anchor for chapter in story}) == len(story)


@pytest.mark.parametrize(
    ("kind", "data", "title", "part", "value"),
    [
        (
            EventKind.QUEUED,
            {"queue": "Support", "position": 2, "why": ""},
            "Waits in the queue “Support”",
            "note",
            "place 2 in line",
        ),
        (
            EventKind.OFFERED,
            {"agent": "Ann", "queue": "Support", "why": "idle for 1:00"},
            "Rang Ann",
            "text",
            "idle for 1:00",
        ),
        (
            EventKind.UNTAKEN,
            {"who": "Ann", "outcome": "no-answer"},
            "Ann did not take the call",
            "note",
            "did not answer",
        ),
        (
            EventKind.UNQUEUED,
            {"queue": "Support", "why": "hung up", "seconds": 30},
            "Left the queue “Support”",
            "note",
            "after 30 seconds",
        ),
        (
            EventKind.BEGAN,
            {"line": "Main", "flow": "F", "version": 4},
            "Came in on “Main”",
            "note",
            "Flow F, version 4",
        ),
        (EventKind.HEARD, {"text": "Hi <b>you</b>"}, "The caller heard", "text", "Hi you"),
        (EventKind.HEARD, {"audio": "abc"}, "The caller heard a sound", "audio", "abc"),
        (EventKind.PRESSED, {"digits": "••"}, "The caller pressed", "keys", "••"),
        (EventKind.SPOKE, {"text": "a secret", "confidence": 0.5}, "The caller said", "text", "a ***"),
        (
            EventKind.SPOKE,
            {"text": "yes", "confidence": 0.5},
            "The caller said",
            "note",
            "understood with 50 % certainty",
        ),
        (EventKind.SILENT, {}, "The caller did nothing", "voice", "caller"),
        (EventKind.LEFT, {"step": "1", "exit": "Sales"}, "Went on by “Sales”", "voice", "us"),
        (EventKind.RANG, {"targets": ["a", "b"]}, "Rang", "text", "A, B"),
        (
            EventKind.DIALED,
            {"status": "completed", "bridged": True, "seconds": 9},
            "Talked for 9 seconds",
            "voice",
            "good",
        ),
        (EventKind.DIALED, {"status": "completed", "bridged": None, "seconds": None}, "They talked", "voice", "good"),
        (
            EventKind.DIALED,
            {"status": "completed", "bridged": False},
            "Picked up, but did not take the call",
            "voice",
            "bad",
        ),
        (EventKind.DIALED, {"status": "busy"}, "The line was busy", "voice", "bad"),
        (EventKind.DIALED, {"status": "no-answer"}, "Nobody answered", "voice", "bad"),
        (EventKind.DIALED, {"status": "canceled"}, "The caller hung up while it rang", "voice", "bad"),
        (EventKind.DIALED, {"status": "odd"}, "Could not be reached (odd)", "voice", "bad"),
        (EventKind.SCREENED, {"leg": "CA2"}, "The called person pressed a key to take the call", "voice", "good"),
        (EventKind.ANSWERED, {"twiml": "<Response/>"}, "What we sent to Twilio", "code", "<Response/>"),
        (EventKind.STATUS, {"status": "ringing"}, "Twilio reports: ringing", "voice", "network"),
        (
            EventKind.RECORDING,
            {"status": "fetched", "seconds": 1},
            "The recording is in our storage",
            "note",
            "1 second",
        ),
        (EventKind.RECORDING, {"status": "failed", "detail": "no"}, None, "text", "no"),
        (EventKind.RECORDING, {"status": "absent"}, "There is no usable recording", "voice", "bad"),
        (EventKind.VOICEMAIL, {"mailbox": "Sales", "recording": "7"}, "Left a voicemail in Sales", "recording", "7"),
        (EventKind.MISSED, {"mailbox": "Sales"}, "Left no message in Sales", "voice", "bad"),
        (EventKind.CORRECTED, {"status": "completed"}, "Corrected: Twilio says it is completed", "voice", "network"),
        (EventKind.FAILED, {"what": "It broke", "detail": "badly"}, "It broke", "text", "badly"),
        (EventKind.ENDED, {"reason": "closed"}, "The flow ended: closed", "voice", "us"),
    ],
)
def test_each_event_is_put_into_words(
    kind: EventKind, data: dict[str, Any], title: str | None, part: str, value: str
) -> None:
    (entry,) = told((3, kind, data))[-1].entries

    assert title is None or entry.title == title
    assert getattr(entry, part) == value
    assert entry.since == timedelta(seconds=3)


@pytest.mark.parametrize("kind", EventKind)
def test_no_event_breaks_the_page_by_what_it_lacks(kind: EventKind) -> None:
    needed = {"line": "", "exit": "", "mailbox": "", "status": ""}

    assert told((0, kind, needed))


def test_a_status_that_came_late_stands_where_it_belongs() -> None:
    story = told(
        (20, EventKind.STATUS, {"status": "completed", "reported_at": at(20).isoformat()}),
        (21, EventKind.STATUS, {"status": "ringing", "reported_at": at(2).isoformat()}),
    )

    assert [(chapter.title, [entry.title for entry in chapter.entries]) for chapter in story] == [
        ("The call comes in", ["Twilio reports: ringing"]),
        ("The call ends", ["Twilio reports: completed"]),
    ]


def test_a_call_that_lives_has_an_open_last_step() -> None:
    (*_, last) = told(BEGAN, entered(0, "Menu", "menu"))

    assert (last.title, last.took) == ("Menu", None)


def test_a_clock_that_runs_behind_shows_no_negative_time() -> None:
    (chapter,) = told((-2, EventKind.FAILED, {"what": "x"}))

    assert chapter.entries[0].since == timedelta(0)
