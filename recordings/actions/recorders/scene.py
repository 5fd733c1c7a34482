"""Who is where around a customer's call, and what that makes of a recorder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from calls.models import Call
from compliance.models import Policy
from compliance.policies import Asking, Entry, Present, missing
from compliance.states import Begins, Party, Subject
from conferences import notices
from conferences.models import Conference, Participant
from conferences.room import Phase, Role
from conferences.states import LegState
from queues.models import Entry as QueueEntry
from recordings.recorder import PauseReason, Situation


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg that a policy may record: the customer's own, or the one of an agent who is there."""

    sid: str
    participant: Participant | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is where around a customer's call."""

    call: Call
    conference: Conference | None
    people: tuple[Participant, ...]
    waits: bool

    @property
    def customer(self) -> Participant | None:
        return next((one for one in self.people if one.role == Role.CUSTOMER), None)

    @property
    def others(self) -> tuple[Present, ...]:
        return tuple(notices.present(one) for one in self.people if one.role != Role.CUSTOMER)

    def legs(self, subject: str) -> list[Leg]:
        if subject == Subject.AGENT:
            agents = [one for one in self.people if one.agent_id is not None and one.role != Role.SUPERVISOR]
            return [Leg(one.call_sid, one) for one in agents if one.call_sid]
        return [Leg(self.call.sid, self.customer)]


def scene_of(call_id: UUID) -> Scene:
    call = Call.objects.get(pk=call_id)
    open_ones = Conference.objects.filter(customer=call_id).exclude(phase=Phase.CLOSED)
    conference = open_ones.order_by("-opened_at").first()
    people: Iterable[Participant] = ()
    if conference is not None:
        there = Participant.objects.filter(conference=conference, state=LegState.JOINED)
        people = there.select_related("agent").order_by("joined_at", "pk")
    return Scene(call, conference, tuple(people), QueueEntry.objects.live().filter(call=call_id).exists())


def seen(
    scene: Scene,
    policy: Policy,
    leg: Leg | None,
    governed: bool,
    entries: Sequence[Entry],
    asking: Asking,
    asked_for: frozenset[PauseReason] = frozenset(),
) -> Situation:
    customer = Present(Party.CUSTOMER)
    row = scene.customer
    others = missing(asking, entries, scene.others)
    is_agents = policy.subject == Subject.AGENT
    return Situation(
        subject=policy.subject,
        begins=Begins.TALK if is_agents else policy.begins,
        over=scene.call.is_over or leg is None,
        governed=governed and not (is_agents and row is None),
        agreed=not missing(asking, entries, (customer,)),
        others_agreed=not others,
        talks=leg is not None and leg.participant is not None,
        waits=scene.waits,
        held=row is not None and (row.held or row.wants_held),
        asked_for=asked_for,
    )
