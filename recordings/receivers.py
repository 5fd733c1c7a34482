"""News from below."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from conferences.models import Conference, Participant
from conferences.signals import (
    conversation_closed,
    participant_called,
    participant_joined,
    participant_left,
    participant_took,
)
from recordings.actions import returning


@receiver(participant_took)
def ring_number(participant: Participant, at: datetime, **_: Any) -> None:
    returning.ring_number(participant, at=at)


@receiver(participant_called)
def link_call(participant: Participant, at: datetime, **_: Any) -> None:
    returning.note_called(participant, at=at)


@receiver(participant_joined)
def note_talking(participant: Participant, at: datetime, **_: Any) -> None:
    returning.note_talking(participant, at=at)


@receiver(participant_left)
def note_left(participant: Participant, at: datetime, **_: Any) -> None:
    returning.note_left(participant, at=at)


@receiver(conversation_closed)
def note_closed(conference: Conference, at: datetime, **_: Any) -> None:
    returning.note_closed(conference, at=at)
