"""People and recordings for the tests of who may hear what."""

from datetime import timedelta
from typing import Any

from agents.models import Team, User
from compliance.models import AccessEntry, Scope
from compliance.states import Direction, Subject
from queues.models import Queue
from recordings.models import Recording, Transcript
from recordings.states import CopyKind, State
from tests.calls.factories import AT
from tests.queues.factories import make_queue
from tests.recordings.factories import make_copy, make_stored, wav

SEGMENTS = [
    {"start": 0.0, "end": 1.2, "speaker": "Customer", "text": "Hello, it is about my order.", "confidence": 0.9},
    {"start": 1.4, "end": 2.4, "speaker": "Ann", "text": "Gladly. Which one?", "confidence": 0.4},
]
HIDDEN = [{"kind": "card", "speaker": "Customer", "start": 0.5, "end": 1.0}]


def team_of(name: str, *supervisors: User) -> Team:
    team, _ = Team.objects.get_or_create(name=name)
    team.supervisors.add(*supervisors)
    return team


def conversation(queue: Queue | None = None, sound: bytes | None = None, **fields: Any) -> Recording:
    """Make a conversation's recording that lies in the storage and waits for nothing."""
    defaults: dict[str, Any] = {"queue": queue, "subject": Subject.CONVERSATION, "state": State.CLEARED}
    return make_stored(sound, **(defaults | fields))


def redacted(recording: Recording, sound: bytes | None = None) -> bytes:
    """Give a recording the copy that people hear, and return its sound."""
    quiet = wav(2)[:44] + bytes(32_000) if sound is None else sound
    make_copy(recording, quiet, CopyKind.REDACTED)
    return quiet


def make_transcript(recording: Recording, **fields: Any) -> Transcript:
    defaults: dict[str, Any] = {
        "segments": SEGMENTS,
        "made_at": AT,
        "redacted_at": AT + timedelta(seconds=9),
        "recorded_at": AT,
        "provider": "fake",
    }
    return Transcript.objects.create(recording=recording, **(defaults | fields))


def sensitive_queue(*supervisors: User, name: str = "Health") -> Queue:
    return make_queue(name, team=team_of("Nurses", *supervisors), is_sensitive=True)


def went_through(recording: Recording, *queues: Queue) -> None:
    """Say that the recording's call was in these queues."""
    Scope.objects.create(
        call=recording.call, direction=Direction.INBOUND, queues=[queue.pk for queue in queues], number="", caller=""
    )


def logged(*fields: str) -> list[Any]:
    """Read the log, in its order: of each entry the action, or these fields."""
    rows = AccessEntry.objects.order_by("id")
    return (
        list(rows.values_list(*fields))
        if len(fields) > 1
        else list(rows.values_list(*(fields or ("action",)), flat=True))
    )


def end(response: Any) -> None:
    """Do what a server does at the end of a request, but for the connection to the database, which the test needs."""
    for close in response._resource_closers:
        close()
