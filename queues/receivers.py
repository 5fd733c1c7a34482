"""News from below."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from agents.models import Agent
from agents.signals import presence_changed
from agents.states import Activity, Chosen
from calls.models import Call
from calls.signals import call_ended
from conferences.models import Conference, Participant
from conferences.signals import (
    conversation_closed,
    conversation_turned,
    participant_joined,
    participant_left,
    participant_took,
)
from queues import actions, tasks
from queues.signals import line_changed


@receiver(participant_took)
def accept(participant: Participant, at: datetime, **_: Any) -> None:
    actions.accept(participant, at=at)


@receiver(participant_joined)
def connect(participant: Participant, at: datetime, **_: Any) -> None:
    actions.connect(participant, at=at)


@receiver(participant_left)
def let_go(participant: Participant, at: datetime, **_: Any) -> None:
    actions.let_go(participant, at=at)


@receiver(conversation_turned)
def turn(conference: Conference, at: datetime, **_: Any) -> None:
    actions.turn(conference, at=at)


@receiver(conversation_closed)
def close(conference: Conference, at: datetime, **_: Any) -> None:
    actions.close(conference, at=at)


@receiver(call_ended)
def let_caller_go(call: Call, at: datetime, **_: Any) -> None:
    actions.call_over(call.pk, at=at)


@receiver(presence_changed)
def ask_who_is_free(agent: Agent, **_: Any) -> None:
    if agent.activity == Activity.IDLE and agent.chosen == Chosen.READY:
        _match_soon()


@receiver(line_changed)
def match(**_: Any) -> None:
    _match_soon()


def _match_soon() -> None:
    # robust: with the broker away the request that changed something is answered all the same, and the next match comes
    # with the clock
    transaction.on_commit(tasks.match.delay, robust=True)
