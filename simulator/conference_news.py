"""What the application is told of a conference."""

from typing import Protocol

from simulator.callbacks import Callbacks
from simulator.clock import Clock
from simulator.legs import rfc2822
from simulator.room import Conference, Participant


class Board(Protocol):
    """What the news need of the switchboard."""

    account_sid: str
    clock: Clock
    callbacks: Callbacks


def tell(
    board: Board,
    room: Conference,
    asked: str,
    event: str,
    seat: Participant | None = None,
    more: dict[str, str] | None = None,
) -> None:
    """Send an event to whom the first participant named; all count, the asked ones are sent."""
    room.sequence += 1
    callback = room.wishes.callback
    if not callback.wants(asked):
        return
    fields = {
        "AccountSid": board.account_sid,
        "ConferenceSid": room.sid,
        "FriendlyName": room.friendly_name,
        "SequenceNumber": str(room.sequence),
        "StatusCallbackEvent": event,
        "Timestamp": rfc2822(board.clock.now()),
    }
    if seat is not None:
        fields |= _participant_fields(seat)
    leg = seat.leg if seat else room.first
    board.callbacks.send(leg, url=callback.url, method=callback.method, fields=fields | (more or {}), of=room.sid)


def _participant_fields(seat: Participant) -> dict[str, str]:
    flags = {
        "Coaching": bool(seat.coach),
        "EndConferenceOnExit": seat.ends,
        "Hold": seat.held,
        "Muted": seat.muted,
        "StartConferenceOnEnter": seat.starts,
    }
    fields = {name: "true" if flag else "false" for name, flag in flags.items()} | {"CallSid": seat.sid}
    return fields | ({"ParticipantLabel": seat.label} if seat.label else {})


def sentence(reason: str, by: Participant | None) -> str:
    """Return why a conference ended, in words."""
    if by is None:
        return "Ended by a request to the API"
    how = "was taken out" if reason.endswith("kicked") else "left"
    which = "the last participant" if reason.startswith("last") else "a participant with end_conference_on_exit"
    return f"{by.sid}, {which}, {how}"
