"""The one way in which a conversation changes: rows are read into a room, the rules step it, and rows come of it.

Who differs then from what Twilio has confirmed is asked for by tasks, after the commit.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from celery import signature
from django.conf import settings
from django.db import models, transaction
from kombu.exceptions import OperationalError

from agents import actions as agents
from agents.models import User
from calls import actions as calls
from conferences import asking, signals
from conferences.actions import histories
from conferences.models import Conference, Participant
from conferences.reading import person_of, room_of
from conferences.room import Asked, Event, Fate, Left, Leg, Phase, Role, Why
from conferences.rules import close, step
from conferences.standing import step_alone, wanted_alone
from conferences.states import LegState, Outcome, climbs
from conferences.wishes import OUT, wanted
from dialing import actions as dialing
from live.publish import publish

logger = logging.getLogger(__name__)

RETURN_RING = 20  # seconds
RETURN_WAIT = timedelta(seconds=RETURN_RING + 10)
LONGEST_COUNTDOWN = 25  # seconds: the broker gives out a second time what it holds for longer
PATIENCE = timedelta(seconds=3)  # for what was asked a moment ago; the sweep asks again

CONFIRMED = ("held", "muted", "coaching")  # what Twilio says of who is in
_STATES = {Leg.TAKEN: LegState.TAKEN, Leg.IN: LegState.JOINED, Leg.GONE: LegState.LEFT}
_ACCEPTED = (LegState.TAKEN, LegState.JOINED)


class NotNow(Exception):
    """The room is not, or no longer, in a state for that."""


class Conversation:
    """A conference and its participants, locked until the end of the transaction: as rows, and as the rules see them.

    `happen` takes events into the room; `settle`, once and last, writes what has come of them. Signals are sent then,
    and their receivers may act on the same conversation: what this object knows is old afterwards.
    """

    def __init__(self, conference: Conference, participants: Iterable[Participant]) -> None:
        self.conference = conference
        self.rows = {one.label: one for one in participants}
        self.room = room_of(conference, self.rows.values())
        self.told: list[histories.Told] = []
        self.was = self.room
        self._before = {id(row): _values(row) for row in (conference, *self.rows.values())}

    @property
    def owner(self) -> Participant | None:
        return self.rows[self.room.owner.id] if self.room.owner else None

    def row(self, participant_id: UUID) -> Participant:
        """Give a participant of this conversation. Raises NotNow."""
        if (found := self.rows.get(participant_id.hex)) is None:
            raise NotNow("This person is not in the conversation.")
        return found

    def seat_of(self, agent_id: UUID | None) -> Participant | None:
        """Give the participant that an agent is in this conversation, or was last."""
        seats = [one for one in self.rows.values() if agent_id is not None and one.agent_id == agent_id]
        return max(seats, key=lambda one: (one.state != LegState.LEFT, one.wanted_at), default=None)

    def before(self, row: Participant) -> Mapping[str, Any]:
        """Give the columns of a participant as they were read."""
        return self._before[id(row)]

    def happen(self, event: Event) -> None:
        was = self.room
        self.room = step_alone(was, event) if self.conference.room_id else step(was, event)
        if self.room.returns and not was.returns and was.owner is not None:
            self.conference.sender = self.rows[was.owner.id]

    def ask(self, participant: Participant, why: Why) -> None:
        """Take a new row in."""
        self.rows[participant.label] = participant
        self._before[id(participant)] = _values(participant)
        self.happen(Asked(person_of(participant), why))

    def leave(self, participant: Participant, outcome: Outcome, *, on_purpose: bool = False) -> None:
        """Let somebody be out; the first outcome stays."""
        participant.outcome = participant.outcome or outcome
        self.happen(Left(participant.label, on_purpose=on_purpose or not participant.wants_in))

    def close(self, fate: Fate) -> None:
        self.room = close(self.room, fate)

    def tell(self, kind: str, **data: Any) -> None:
        """Add to the customer's history."""
        self.told.append((kind, data))

    def settle(self, *, at: datetime) -> None:
        """Write it all: rows, wishes, history, agents, topics, and what is to be asked of Twilio. Sends the signals."""
        self._write_people(at)
        self._write_conference(at)
        called = [row for row in self.rows.values() if row.call_id and self._before[id(row)]["call_id"] is None]
        moved = [row for row in self.rows.values() if row.state != self._before[id(row)]["state"]]
        accepted = [row for row in moved if self._accepts_now(row)]
        joined = [row for row in moved if row.state == LegState.JOINED]
        left = [row for row in moved if row.state == LegState.LEFT]
        changed = [row for row in self.rows.values() if self._is_changed(row)]
        steered = [row for row in self.rows.values() if self._is_steered(row)]
        self._save()
        for row in accepted:
            if row.agent_id is not None:
                agents.begin_talking(row.agent_id, cause="took a call", at=at)
        histories.write(self, joined=joined, left=left, at=at)
        self._publish()
        self._ask(at)
        for row in called:
            if row.call_id is not None:
                calls.join_conversation(row.call_id, self.conference.conversation)
            signals.participant_called.send(sender=Participant, participant=row, at=at)
        for row in left:
            if row.attempt is not None and row.asked_at is None:  # nobody was rung after all
                dialing.withdraw(row.attempt, at=at)
        self._send(accepted, joined, left, at)
        for row in steered:
            signals.participant_steered.send(sender=Participant, participant=row, at=at)
        for row in changed:
            signals.participant_changed.send(sender=Participant, participant=row, at=at)
        self._release(left, at)

    def _write_people(self, at: datetime) -> None:
        """Write legs and wishes. Of whom Twilio was never asked, no news will come: they are out at once."""
        while True:
            self._write_legs(at)
            self._write_wishes()
            never_began = [row for row in self.rows.values() if self._never_begins(row)]
            if not never_began:
                return
            for row in never_began:
                self.leave(row, Outcome.WITHDRAWN, on_purpose=True)

    def _never_begins(self, row: Participant) -> bool:
        if row.wants_in or row.state != LegState.WANTED:
            return False
        return not row.is_moved or self.room.phase is Phase.CLOSED

    def _write_legs(self, at: datetime) -> None:
        for person in self.room.people:
            row = self.rows[person.id]
            row.role, row.mode = person.role, person.mode
            state = _STATES.get(person.leg)
            if state is None or not climbs(row.state, state):
                continue
            row.state = state
            if state in _ACCEPTED:
                row.answered_at = row.answered_at or at
            if state is LegState.JOINED:
                row.joined_at = at
            if state is LegState.LEFT:
                row.left_at = at

    def _write_wishes(self) -> None:
        wishes = wanted_alone(self.room) if self.conference.room_id else wanted(self.room)
        for label, row in self.rows.items():
            wish = wishes.get(label, OUT)
            coached = self.rows[wish.coaches].pk if wish.coaches else None
            before = (row.wants_in, row.wants_held, row.wants_muted, row.wants_coaching_id)
            after = (wish.there, wish.held, wish.muted, coached)
            if before == after:
                continue
            if coached is not None and row.wants_coaching_id not in (None, coached):
                row.coaching = False  # whom somebody coaches Twilio does not tell: it is asked for again
            row.wants_in, row.wants_held, row.wants_muted, row.wants_coaching_id = after
            row.steered_at = None

    def _write_conference(self, at: datetime) -> None:
        conference, room = self.conference, self.room
        conference.held, conference.swapped, conference.returns = room.held, room.swapped, room.returns
        if room.phase is not self.was.phase:
            conference.phase, conference.fate, conference.due_at = room.phase, room.fate, _due(room.phase, at)
        if room.phase is not Phase.CLOSED:
            return
        conference.fate = room.fate
        conference.closed_at = conference.closed_at or at
        conference.help_asked_at = None
        nobody = all(row.state == LegState.LEFT for row in self.rows.values())
        if nobody and not conference.sid and conference.ended_at is None:
            conference.ended_at, conference.ended_because = at, "never-began"

    def _accepts_now(self, row: Participant) -> bool:
        was = self._before[id(row)]["state"]
        return row.state in _ACCEPTED and was not in _ACCEPTED and row.wants_in and not row.is_moved

    def _is_steered(self, row: Participant) -> bool:
        before = self._before[id(row)]
        return row.state == LegState.JOINED and (row.held, row.wants_held) != (before["held"], before["wants_held"])

    def _is_changed(self, row: Participant) -> bool:
        before = self._before[id(row)]
        return row.state == LegState.JOINED and any(getattr(row, name) != before[name] for name in CONFIRMED)

    def _save(self) -> None:
        for row in (self.conference, *self.rows.values()):
            before = self._before[id(row)]
            changed = [name for name, value in _values(row).items() if before[name] != value]
            if changed:
                row.save(update_fields=changed)

    def _publish(self) -> None:
        in_it = {f"agent:{row.agent_id}" for row in self.rows.values() if row.agent_id is not None}
        publish("conferences", f"conference:{self.conference.pk}", *in_it)

    def _ask(self, at: datetime) -> None:
        conference, room = self.conference, self.room
        people = {row.pk: row for row in self.rows.values()}
        for row in self.rows.values():
            ask = asking.ask_for(row, conference, people)
            if ask is not None and not _recent(row.steered_at, at):
                afterwards(ask, row.pk)
        if asking.ends(conference, people) and not _recent(conference.end_asked_at, at):
            afterwards("end", conference.pk)
        if room.phase is Phase.RETURNING and not room.of(Role.OWNER):
            afterwards("return_to_sender", conference.pk)
        if room.phase is self.was.phase:
            return
        customer = self.rows[room.customer.id] if room.customer else None
        if room.phase is Phase.RECOVERING and customer is not None and customer.held:
            afterwards("steer", customer.pk, True)  # on hold already, but something else is to be heard
        if conference.due_at is not None:
            seconds = (conference.due_at - at).total_seconds() + 1
            afterwards("time_is_up", conference.pk, countdown=min(seconds, LONGEST_COUNTDOWN))

    def _send(
        self, accepted: list[Participant], joined: list[Participant], left: list[Participant], at: datetime
    ) -> None:
        was, now = self.was, self.room
        steps = ((signals.participant_took, accepted), (signals.participant_joined, joined))
        for signal, rows in (*steps, (signals.participant_left, left)):
            for row in rows:
                signal.send(sender=Participant, participant=row, at=at)
        if (was.phase, was.owner and was.owner.id) != (now.phase, now.owner and now.owner.id):
            signals.conversation_turned.send(sender=Conference, conference=self.conference, at=at)
        if was.phase is not Phase.CLOSED and now.phase is Phase.CLOSED:
            signals.conversation_closed.send(sender=Conference, conference=self.conference, at=at)

    def _release(self, left: list[Participant], at: datetime) -> None:
        """Free agents who are out. One whose leg broke off is kept for the rejoin, until that is over.

        Comes after the signals: a wrap-up that a receiver has begun stays.
        """
        out = {row.agent_id for row in left}
        if self.was.phase is Phase.RECOVERING:
            out |= {row.agent_id for row in self.rows.values() if row.role in (Role.OWNER, Role.FORMER)}
        recovers = self.room.phase is Phase.RECOVERING
        kept = {
            row.agent_id
            for row in self.rows.values()
            if row.state != LegState.LEFT or (recovers and row.role == Role.OWNER)
        }
        for agent_id in sorted(filter(None, out - kept)):
            agents.hold(agent_id)
            # who was here long ago may be in another conversation by now
            if not Participant.objects.live().filter(agent=agent_id).exists():
                agents.release(agent_id, cause="left a call", at=at)


def conversation(conference_id: UUID) -> Conversation | None:
    """Read and lock a conversation. Locks are taken late, after that of a call and before those of entries."""
    conference = Conference.objects.select_for_update(no_key=True).filter(pk=conference_id).first()
    if conference is None:
        return None
    rows = Participant.objects.select_for_update(no_key=True, of=("self",)).select_related("agent", "attempt")
    return Conversation(conference, rows.filter(conference=conference).order_by("wanted_at", "pk"))


def required(conference_id: UUID) -> Conversation:
    """Read and lock a conversation that people act on. Raises NotNow where it is over, or never was."""
    found = conversation(conference_id)
    if found is None or found.room.phase is Phase.CLOSED:
        raise NotNow("The conversation is over.")
    return found


def of_participant(participant_id: UUID) -> tuple[Conversation, Participant] | None:
    """Read and lock the conversation of a participant."""
    conference_id = Participant.objects.filter(pk=participant_id).values_list("conference", flat=True).first()
    found = conversation(conference_id) if conference_id else None
    return (found, found.row(participant_id)) if found is not None else None


def on_behalf(user: User | None) -> dict[str, str]:
    """Give what the history tells of somebody who acts for an agent; nothing where agents act themselves."""
    return {"by": user.get_full_name() or user.get_username()} if user else {}


def afterwards(task: str, subject: UUID, *args: Any, countdown: float = 0) -> None:
    """Let a task of this app run after the commit. By name, because tasks call actions, and not the other way round."""
    transaction.on_commit(partial(_begin, f"conferences.tasks.{task}", [str(subject), *args], countdown))


def _begin(task: str, args: list[Any], countdown: float) -> None:
    try:
        signature(task, args=args).apply_async(countdown=countdown)
    except OperationalError as error:  # the sweep finds in the rows what could not be announced
        logger.warning("%s could not be announced: %s", task, type(error).__name__)


def _values(row: models.Model) -> Mapping[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def _due(phase: Phase, at: datetime) -> datetime | None:
    match phase:
        case Phase.RECOVERING:
            return at + timedelta(seconds=settings.REJOIN_SECONDS)
        case Phase.RETURNING:
            return at + RETURN_WAIT
        case _:
            return None


def _recent(asked_at: datetime | None, at: datetime) -> bool:
    return asked_at is not None and at - asked_at < PATIENCE
