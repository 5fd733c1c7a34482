"""Conversations as rows, each with defaults that make sense."""

from typing import Any

from agents.states import EndpointKind
from conferences.models import Conference, Participant
from conferences.room import Mode, Phase, Role
from conferences.states import LegState
from tests.calls.factories import AT, make_call, new_sid


def conference(phase: Phase = Phase.TALKING, **columns: Any) -> Conference:
    """A conversation with a customer whose call lives."""
    call = columns.pop("customer", None) or make_call()
    return Conference.objects.create(
        **{"phase": phase, "customer": call, "opened_at": AT, "sid": new_sid("CF")} | columns
    )


def customer(room: Conference, state: LegState = LegState.JOINED, **columns: Any) -> Participant:
    call = room.customer
    assert call is not None
    moved = {"is_moved": True, "onward": "https://contact.example.com/onward", "call": call, "call_sid": call.sid}
    return person(room, Role.CUSTOMER, state, **moved | columns)


def person(room: Conference, role: Role, state: LegState = LegState.JOINED, **columns: Any) -> Participant:
    defaults = {
        "conference": room,
        "role": role,
        "state": state,
        "endpoint": EndpointKind.BROWSER,
        "address": "client:somebody",
        "call_sid": "" if state == LegState.WANTED else new_sid(),
        "wants_in": state != LegState.LEFT,
        "mode": Mode.LISTEN,
        "wanted_at": AT,
        "asked_at": AT,
        "joined_at": AT if state == LegState.JOINED else None,
    }
    return Participant.objects.create(**defaults | columns)
