"""How rows of recordings are read under lock and changed, for the actions beside."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from calls.actions import record_events
from calls.models import EventKind
from live.publish import publish
from recordings.models import Recording
from recordings.pipeline import next_stage
from recordings.states import State, furthest
from telephony.payloads import RecordingCallback

logger = logging.getLogger(__name__)

# What a call's history has of its recordings; the rest is work of ours, in the admin.
SHOWN = frozenset(State) - {State.FETCHED, State.VERIFIED}
TOLD = frozenset({State.READY, State.STORED, State.CLEARED, State.TRANSCRIBED, State.ABSENT, State.DELETED})


def locked(sid: str, *, call: UUID | None, at: datetime) -> Recording:
    rows = Recording.objects.select_for_update(no_key=True)
    if recording := rows.filter(sid=sid).first():
        return recording
    try:
        with transaction.atomic():
            return Recording.objects.create(sid=sid, call_id=call, announced_at=at)
    except IntegrityError:  # another request was first
        return rows.get(sid=sid)


def learned(recording: Recording, news: RecordingCallback, call: UUID | None) -> dict[str, Any]:
    plausible_channels = news.channels if news.channels in (1, 2) else None
    changes = missing(
        recording,
        {
            "call_id": call,
            "channels": plausible_channels,
            "url": news.url[:1024],
            "error_code": "" if news.error_code == "0" else news.error_code[:16],
            "recorded_at": news.started_at,
        },
    )
    if news.source:
        changes["source"] = news.source[:32]
    if news.seconds is not None and news.status == "completed":
        changes["seconds"] = news.seconds
    return {name: value for name, value in changes.items() if getattr(recording, name) != value}


def missing(recording: Recording, values: dict[str, Any]) -> dict[str, Any]:
    """Leave of the values those that say something where the row says nothing."""
    return {
        name: value
        for name, value in values.items()
        if value not in (None, "") and getattr(recording, name) in (None, "")
    }


def change(row: Model, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        row.save(update_fields=list(changes))


def moved(recording: Recording, reached: State) -> dict[str, Any]:
    """Give what changes when a state is reached: what comes next follows from it."""
    following = next_stage(reached, clears=recording.clears, transcribes=recording.transcribes)
    return {"state": furthest(State(recording.state), reached), "stage": following or ""}


def tell(recording: Recording, *, at: datetime) -> None:
    """Tell open pages and the history of the call of a recording's new state, where that says something to people."""
    if recording.state in SHOWN:
        publish("recordings", f"recording:{recording.pk}")
    if recording.state in TOLD:
        _record(recording, {"status": str(recording.state)}, at=at)


def tell_failed(recording: Recording, *, at: datetime) -> None:
    """Tell of what has failed for the first time, or for the last."""
    publish("recordings", f"recording:{recording.pk}")
    _record(recording, {"status": "failed", "detail": recording.failure}, at=at)


def _record(recording: Recording, data: dict[str, Any], *, at: datetime) -> None:
    if recording.call_id is None:
        return
    data |= {"recording": str(recording.pk), "seconds": recording.seconds}
    record_events(recording.call_id, [(EventKind.RECORDING, data)], at=at)
