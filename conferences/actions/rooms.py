"""Standing rooms, which people enter by a PIN. Nobody steers who is in them: hosts start the room and may end it."""

from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest
from typing import Literal
from uuid import UUID

from django.db import transaction

from agents.states import EndpointKind
from calls.models import Call
from conferences import entrance
from conferences.actions.steering import conversation
from conferences.models import Conference, Participant, Room
from conferences.room import Fate, Phase, Role
from conferences.states import LegState
from live.publish import publish
from telephony import callbacks, twiml

_KINDS = {"client": EndpointKind.BROWSER, "sip": EndpointKind.SIP, "sips": EndpointKind.SIP}


class RoomFull(Exception):
    """As many people are in the room as it takes."""


def admit(room_id: int, pin: str) -> Literal["host", "guest"] | None:
    """Tell as what somebody with this PIN may enter; None: not at all. It takes as long whichever digits are wrong."""
    room = Room.objects.get(pk=room_id)
    given = pin.encode()
    is_host = compare_digest(given, room.host_pin.encode())
    is_guest = compare_digest(given, room.guest_pin.encode()) and bool(room.guest_pin)
    if is_host:
        return "host"
    return "guest" if is_guest else None


def enter(room_id: int, call_id: UUID, *, host: bool, onward: str, at: datetime) -> Sequence[twiml.Verb]:
    """Give the verbs that bring a call into the room's present conference, which is opened where there is none.

    Guests hear music until a host is there. Afterwards the leg goes on at `onward`. Raises RoomFull.
    """
    with transaction.atomic():
        call = Call.objects.get(pk=call_id)
        room = Room.objects.select_for_update(no_key=True).get(pk=room_id)
        conference = _present(room, at=at)
        there = conference.participants.live()
        participant = there.filter(call=call).first()
        if participant is None:
            if there.count() >= room.most:
                raise RoomFull
            participant = _seat(conference, call, host=host, onward=onward, at=at)
        publish("conferences", f"conference:{conference.pk}")
    return entrance.verbs(
        conference.name,
        participant.label,
        host=participant.role == Role.OWNER,
        most=room.most,
        music=callbacks.document("voice-hold"),
        news=callbacks.news("conference-events"),
        onward=participant.onward,
    )


def settle(conference: Conference, *, at: datetime) -> None:
    """Close a standing room's conference when nobody is in it any more, or when it ends with its host, who has left.

    To be called after somebody has left.
    """
    with transaction.atomic():
        found = conversation(conference.pk)
        if found is None or found.room.phase is Phase.CLOSED or found.conference.room is None:
            return
        people = found.rows.values()
        nobody = all(one.state == LegState.LEFT for one in people)
        hosts = [one for one in people if one.role == Role.OWNER]
        was_hosted = any(one.joined_at is not None for one in hosts)
        host_has_left = was_hosted and all(one.state == LegState.LEFT for one in hosts)
        if nobody or (found.conference.room.ends_with_host and host_has_left):
            found.close(Fate.SERVED)
            found.settle(at=at)


def _present(room: Room, *, at: datetime) -> Conference:
    """Lock the conference that the room holds now, or open one; the room is locked, so there is never a second."""
    held = Conference.objects.select_for_update(no_key=True, of=("self",)).filter(room=room)
    found = held.exclude(phase=Phase.CLOSED).first()
    return found or Conference.objects.create(room=room, phase=Phase.TALKING, subject=room.name[:80], opened_at=at)


def _seat(conference: Conference, call: Call, *, host: bool, onward: str, at: datetime) -> Participant:
    """Note somebody whom the very answer that is given now brings in: Twilio need not be asked for it."""
    return Participant.objects.create(
        conference=conference,
        role=Role.OWNER if host else Role.GUEST,
        endpoint=_KINDS.get(call.from_number.partition(":")[0], EndpointKind.NUMBER),
        address=call.from_number,
        is_moved=True,
        onward=onward,
        wants_in=True,
        call=call,
        call_sid=call.sid,
        state=LegState.TAKEN,
        wanted_at=at,
        asked_at=at,
        answered_at=at,
    )
