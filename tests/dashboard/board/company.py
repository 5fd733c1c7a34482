"""A company with two teams for boards: who waits, who talks, who is there."""

from datetime import datetime, timedelta

from agents.models import Agent, Reason, User
from agents.states import Activity, Chosen
from conferences.models import Conference, Participant
from conferences.room import Phase, Role
from conferences.states import LegState
from queues.models import Entry, Membership, Offer, Queue
from queues.states import EntryState
from tests.agents.factories import agent, ready_agent, team, user
from tests.calls.factories import make_call


class Company:
    """Sales, with a supervisor, Ann and Bob; support, with another supervisor and Cy."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._legs = 0
        self.supervisor, self.other = user("Supervisor"), user("Supervisor")
        self.sales = team("Sales", supervisors=[self.supervisor])
        self.support = team("Support", supervisors=[self.other])
        self.seat = ready_agent("Sue", at=at, account=self.supervisor, team=self.sales)
        self.ann = ready_agent("Ann", at=at, account=user("Agent"), team=self.sales, idle_since=at)
        self.bob = agent("Bob", account=user("Agent"), team=self.sales)
        self.cy = ready_agent("Cy", at=at, account=user("Agent"), team=self.support)
        self.orders = Queue.objects.create(name="Orders", team=self.sales)
        self.repairs = Queue.objects.create(name="Repairs", team=self.support)
        for one in (self.ann, self.bob):
            Membership.objects.create(queue=self.orders, agent=one)
        Membership.objects.create(queue=self.repairs, agent=self.cy)

    def waits(self, queue: Queue, *, minutes: float = 1, number: str = "+14155550123", **fields: object) -> Entry:
        since = self.at - timedelta(minutes=minutes)
        call = make_call(from_number=number)
        return Entry.objects.create(queue=queue, call=call, joined_at=since, aged_from=since, **fields)

    def is_rung(self, one: Agent, entry: Entry) -> Offer:
        entry.state = EntryState.OFFERED
        entry.save(update_fields=["state"])
        return Offer.objects.create(entry=entry, agent=one, offered_at=self.at, ends_at=self.at + timedelta(seconds=20))

    def talks(self, one: Agent, *, queue: Queue | None = None, **fields: object) -> Conference:
        """Let an agent talk with a caller."""
        call = make_call()
        defaults = {"phase": Phase.TALKING, "opened_at": self.at, "started_at": self.at, "subject": "Orders"}
        talk = Conference.objects.create(customer=call, sid=f"CF{call.sid[2:]}", **(defaults | fields))
        for role, who, address in ((Role.OWNER, one, "client:x"), (Role.CUSTOMER, None, call.from_number)):
            self.joins(talk, role, who, address, is_moved=who is None)
        Agent.objects.filter(pk=one.pk).update(activity=Activity.TALKING, activity_at=self.at)
        if queue is not None:
            Entry.objects.create(
                queue=queue, call=call, conference=talk, agent=one, state=EntryState.TALKING,
                joined_at=self.at, aged_from=self.at, answered_at=self.at,
            )  # fmt: skip
        return talk

    def joins(self, talk: Conference, role: Role, who: Agent | None, address: str, **fields: object) -> Participant:
        return Participant.objects.create(
            conference=talk, role=role, agent=who, endpoint="browser" if who else "number", address=address,
            state=LegState.JOINED, wants_in=True, wanted_at=self._next(), joined_at=self.at, **fields,
        )  # fmt: skip

    def _next(self) -> datetime:
        """Let those who come later stand later in lists."""
        self._legs += 1
        return self.at + timedelta(milliseconds=self._legs)

    def pauses(self, one: Agent, name: str = "Lunch", *, minutes: float = 0, **fields: object) -> Reason:
        if fields.get("is_automatic"):
            reason = Reason.objects.get(is_automatic=True)  # there is one
        else:
            reason = Reason.objects.filter(name=name).first() or Reason.objects.create(name=name)
        for field, value in fields.items():
            setattr(reason, field, value)
        reason.save()
        since = self.at - timedelta(minutes=minutes)
        Agent.objects.filter(pk=one.pk).update(
            chosen=Chosen.NOT_READY, reason=reason, chosen_at=since, desk_seen_at=self.at
        )
        return reason


def fresh(person: User) -> User:
    """Permissions are remembered on an object."""
    return User.objects.get(pk=person.pk)
