"""What a conversation leaves in the history of the customer's call."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings

from calls.actions import record_events
from calls.models import EventKind
from conferences.models import Participant, Supervision
from conferences.reading import who
from conferences.room import Fate, Phase, Role
from conferences.states import LegState

if TYPE_CHECKING:
    from conferences.actions.steering import Conversation

Told: TypeAlias = tuple[str, Mapping[str, Any]]

# What a new phase is called where nobody has pressed anything.
_TURNS = {Phase.RECOVERING: "lost", Phase.RETURNING: "returned"}


def write(
    conversation: "Conversation", *, joined: Iterable[Participant], left: Iterable[Participant], at: datetime
) -> None:
    """Append who came and went, what people pressed, and what turned by itself."""
    events: list[Told] = [
        *((EventKind.JOINED, {"who": who(one), "role": one.role}) for one in joined),
        *conversation.told,
        *filter(None, (_supervised(conversation, one, at) for one in conversation.rows.values())),
        *filter(None, map(_departed, left)),
        *_turned(conversation),
    ]
    if events and conversation.conference.customer_id is not None:
        record_events(conversation.conference.customer_id, events, at=at)


def _supervised(conversation: "Conversation", one: Participant, at: datetime) -> Told | None:
    """Keep each stretch of a supervisor's presence in one mode: from joining to a change, or to being out."""
    was = conversation.before(one)
    stood = was["role"] == Role.SUPERVISOR and was["state"] == LegState.JOINED
    stands = one.role == Role.SUPERVISOR and one.state == LegState.JOINED
    if stood and stands and was["mode"] == one.mode:
        return None
    if stood:
        Supervision.objects.filter(participant=one, until=None).update(until=at)
    if not stands or one.agent is None:
        return None
    told = settings.SUPERVISION_IS_TOLD
    Supervision.objects.create(participant=one, by_id=one.agent.user_id, mode=one.mode, told=told, at=at)
    return EventKind.SUPERVISED, {"who": who(one), "mode": one.mode, "told": told}


def _departed(one: Participant) -> Told | None:
    if one.joined_at is not None:
        return EventKind.DEPARTED, {"who": who(one), "role": one.role, "outcome": one.outcome}
    # who was asked by a queue and did not take it, the queue tells
    if one.role in (Role.TARGET, Role.GUEST):
        return EventKind.UNTAKEN, {"who": who(one), "outcome": one.outcome}
    return None


def _turned(conversation: "Conversation") -> Iterable[Told]:
    was, now = conversation.was, conversation.room
    if was.phase is now.phase:
        return
    if now.phase in _TURNS:
        yield EventKind.TURNED, {"what": _TURNS[now.phase]}
    if now.phase is Phase.CLOSED and now.fate is Fate.REQUEUED and was.phase is not Phase.OPENING:
        yield EventKind.TURNED, {"what": "requeued"}
