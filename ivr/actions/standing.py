"""Where a visit stands when a request comes in, and what its next answer may know."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from conferences.verbs import music
from ivr import emergency, facts
from ivr.document import Document
from ivr.kinds.base import Heard, Urls
from telephony import callbacks
from telephony.payloads import VoiceRequest

OUTBOUND = "outbound"  # how Twilio's words for the direction of what we place begin


class Standing(NamedTuple):
    """A visit as it stands, locked together with its call; `position` and `screened` are JSON.

    `asks`: some policy asks callers for consent; where none does, nothing more is read. `overheard`: a recorder may
    hear what the caller presses.
    """

    call: UUID
    sid: str
    status: str
    version: int
    turn: int
    position: str
    answer: str
    screened: str
    asks: bool
    overheard: bool
    ended_at: datetime | None


def lock(visit: UUID) -> Standing | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT call.id, call.sid, call.status, visit.version_id, visit.turn, visit.position::text, visit.answer,"
            " visit.screened::text,"
            " EXISTS (SELECT FROM compliance_policy WHERE is_active AND consent <> 'none'),"
            " EXISTS (SELECT FROM recordings_recorder recorder"
            "  WHERE recorder.customer_id = call.id AND recorder.state IN ('asked', 'running')),"
            " visit.ended_at FROM ivr_visit visit JOIN calls_call call ON call.id = visit.call_id"
            " WHERE visit.id = %s FOR NO KEY UPDATE OF call, visit",  # in this order everywhere: the call first
            [visit],
        )
        row = cursor.fetchone()
    return Standing(*row) if row else None


def read(
    document: Document,
    step: str,
    request: VoiceRequest,
    *,
    at: datetime,
    call: UUID | None = None,
    new: UUID | None = None,
    asks: bool = True,
    overheard: bool = False,
    heard: Heard | None = None,
    accepted: bool = False,
) -> facts.Reading:
    ours, theirs = ends(request)
    return facts.read(
        document,
        step,
        at=at,
        caller=theirs,
        called=ours,
        call=call,
        new=new,
        asks=asks,
        overheard=overheard,
        heard=heard,
        accepted=accepted,
        apology=emergency.answer(request),
        by_sip=bool(request.sip_call_id),
    )


def ends(request: VoiceRequest) -> tuple[str, str]:
    """Give our end of a call and that of the person: who is called stands where we do in a call that comes in."""
    both = (request.to_number, request.from_number)
    return (both[1], both[0]) if request.direction.startswith(OUTBOUND) else both


def urls(visit: UUID, turn: int, *, loop: int = 0) -> Urls:
    """Give the addresses of a turn; `loop` counts what somebody who waits has been given."""
    return Urls(
        resume=callbacks.document("voice-visit", visit=visit, turn=turn),
        wait=callbacks.document("voice-wait", visit=visit, turn=turn, loop=loop),
        screen=callbacks.document("voice-screen", visit=visit, turn=turn),
        music=music(),
        media=f"{settings.PUBLIC_BASE_URL}/prompts/",
        child_status=callbacks.news("voice-status"),
        recording=callbacks.news("recording"),
    )
