"""News from below: what happens to the call, or to the conversation, of an order."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from calls.models import Call
from calls.signals import call_ended, machine_detected
from conferences.models import Conference, Participant
from conferences.signals import (
    conversation_closed,
    participant_called,
    participant_joined,
    participant_left,
    participant_took,
)
from outbound.actions import clicking, trying, walking


@receiver(participant_took)
def ring_number(participant: Participant, at: datetime, **_: Any) -> None:
    clicking.ring_number(participant, at=at)


@receiver(participant_called)
def link_call(participant: Participant, at: datetime, **_: Any) -> None:
    clicking.note_called(participant, at=at)


@receiver(participant_joined)
def note_talking(participant: Participant, at: datetime, **_: Any) -> None:
    clicking.note_talking(participant, at=at)


@receiver(participant_left)
def note_left(participant: Participant, at: datetime, **_: Any) -> None:
    clicking.note_left(participant, at=at)


@receiver(conversation_closed)
def note_closed(conference: Conference, at: datetime, **_: Any) -> None:
    clicking.note_closed(conference, at=at)


@receiver(machine_detected)
def note_machine(call: Call, milliseconds: int | None, at: datetime, **_: Any) -> None:
    trying.note_machine(call, milliseconds, at=at)


@receiver(call_ended)
def note_ended(call: Call, at: datetime, **_: Any) -> None:
    if call.direction != "inbound":  # nobody ordered those
        walking.note_ended(call, at=at)
