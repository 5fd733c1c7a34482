"""Lists begin with what is somebody's where that is little, else they look at each row: the rows are the same.

What is seen is held against the rule, asked of each row by itself in the plainest way, over populations of chance.
"""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from agents import reach, roles
from agents.models import Agent, User
from compliance.states import Subject
from conferences.models import Conference, Participant
from conferences.room import Mode, Role
from messaging.models import Message, Sender, Thread
from outbound.models import Order
from queues.models import Callback, Entry, Handling, Membership, Queue
from queues.states import CallbackState, EntryState
from recordings import rights
from recordings.models import Mailbox, MissedCall, Recording, Voicemail
from tests.agents.factories import AT, agent, team, user
from tests.calls.factories import make_call
from tests.messaging.factories import make_message
from tests.outbound.factories import make_order
from tests.recordings.factories import make_missed, make_recording, make_voicemail

pytestmark = pytest.mark.django_db

TALKS = 20
PERMISSIONS = (
    "watch_board",
    "listen",
    "see_every_mailbox",
    "listen_everywhere",
)


def people(chance: random.Random) -> list[User]:
    """People of each role, and of permissions that nobody was meant to have together; some of them agents too."""
    made = [user(role) for role in (*roles.ROLES, roles.SUPERVISOR, roles.AGENT)]
    for _ in range(4):
        person = user()
        some = chance.sample(PERMISSIONS, chance.randint(0, len(PERMISSIONS)))
        person.user_permissions.set(Permission.objects.filter(codename__in=some))
        made.append(person)
    return made


def populate(chance: random.Random) -> list[User]:
    everybody = people(chance)
    teams = [team(supervisors=chance.sample(everybody, chance.randint(0, 4))) for _ in range(4)]
    agents = [agent(account=one, team=chance.choice([None, *teams])) for one in chance.sample(everybody, 9)]
    agents += [agent(team=chance.choice(teams)) for _ in range(3)]
    queues = [Queue.objects.create(name=f"Queue {n}", team=chance.choice([None, *teams, *teams])) for n in range(6)]
    mailboxes = [Mailbox.objects.create(name=f"Mailbox {n}") for n in range(3)]
    for queue in queues:
        queue.listeners.set(chance.sample(everybody, chance.randint(0, 2)))
        for one in chance.sample(agents, chance.randint(0, 2)):
            Membership.objects.create(queue=queue, agent=one)
    for mailbox in mailboxes:
        mailbox.members.set(chance.sample(everybody, chance.randint(0, 5)))
    sender = Sender.objects.create(number="+15005550100")
    for n in range(TALKS):
        at = AT + timedelta(minutes=chance.randrange(20))
        call, queue = make_call(), chance.choice(queues)
        conference = Conference.objects.create(opened_at=at)
        for _ in range(chance.randint(0, 3)):
            role = chance.choice(list(Role))
            one = conference.participants.create(
                role=role if role != Role.CUSTOMER else Role.OWNER,
                mode=chance.choice(list(Mode)),
                agent=chance.choice([None, *agents]),
                endpoint="browser",
                address="client:x",
                state="left",
                wanted_at=at,
            )
            if chance.random() < 0.3:
                one.supervisions.create(by=chance.choice(everybody), mode=one.mode, told=chance.random() < 0.5, at=at)
        entry = Entry.objects.create(
            queue=queue,
            call=call,
            conference=chance.choice([None, conference]),
            state=EntryState.ANSWERED,
            joined_at=at,
            aged_from=at,
        )
        if chance.random() < 0.7:
            Handling.objects.create(
                entry=entry, agent=chance.choice(agents), conference=conference, began_at=at, ended_at=at, done_at=at
            )
        subject = chance.choice(list(Subject))
        recording = make_recording(call=call, queue=chance.choice([None, queue]), subject=subject, announced_at=at)
        if chance.random() < 0.5:
            make_voicemail(chance.choice(mailboxes), recording, left_at=at)
        else:
            make_missed(chance.choice(mailboxes), call=call, at=at)
        make_order(
            agent=chance.choice([None, *agents]),
            queue=chance.choice([None, *queues]),
            made_by=chance.choice([None, *everybody]),
            state="done",
        )
        Callback.objects.create(
            queue=queue, number=f"+1415555{n:04}", asked_at=at, expires_at=at, state=CallbackState.DONE
        )
        thread = Thread.objects.create(
            sender=sender, number=f"+1415555{n:04}", queue=chance.choice([None, queue]), began_at=at, last_at=at
        )
        make_message(thread, at=at)
    Message.objects.create(direction="out", state="not-sent", rule="no-sender", at=AT, heard_at=AT)
    return everybody


# --- the rule


class Eyes:
    """What is known of a person, and what they see by that of one row at a time."""

    def __init__(self, person: User) -> None:
        self.pk, self.may = person.pk, person.has_perm
        self.teams = set(person.supervised_teams.values_list("pk", flat=True))
        self.mailboxes = set(person.mailboxes.values_list("pk", flat=True))
        self.agent = Agent.objects.filter(user=person).first()

    def watches(self, queue: Queue) -> bool:
        served = any(one.agent.team_id in self.teams for one in queue.memberships.all() if one.agent.team_id)
        return queue.team_id is None or queue.team_id in self.teams or served

    def queue(self, queue: Queue) -> bool:
        own = self.agent
        if own is None or self.watches(queue):
            return self.watches(queue)
        return queue.team_id == own.team_id or any(one.agent_id == own.pk for one in queue.memberships.all())

    def colleague(self, one: Agent | None) -> bool:
        return one is not None and (one.user_id == self.pk or (one.team_id is not None and one.team_id in self.teams))

    def supervised(self, talk: Conference) -> bool:
        spoke = any(one.agent and one.agent.team_id in self.teams for one in talk.participants.all())
        return self.may("agents.watch_board") and (spoke or any(self.watches(one.queue) for one in talk.entries.all()))

    def talk(self, talk: Conference) -> bool:
        own = any(one.agent and one.agent.user_id == self.pk for one in talk.participants.all())
        return own or self.supervised(talk)

    def participant(self, one: Participant) -> bool:
        own = one.agent is not None and one.agent.user_id == self.pk
        told = any(stretch.until is None and stretch.told for stretch in one.supervisions.all())
        open_to_all = one.role != Role.SUPERVISOR or one.mode != Mode.LISTEN or told or own
        return self.talk(one.conference) and (open_to_all or self.supervised(one.conference))

    def part(self, part: Handling) -> bool:
        return self.colleague(part.agent) or (self.may("agents.watch_board") and self.watches(part.entry.queue))

    def order(self, order: Order) -> bool:
        of_queue = order.queue is not None and self.queue(order.queue)
        return order.made_by_id == self.pk or self.colleague(order.agent) or of_queue

    def recording(self, recording: Recording) -> bool:
        every, left, queue = self.may("recordings.see_every_mailbox"), mailbox_of(recording), recording.queue
        if left in self.mailboxes or (every and recording.subject == Subject.VOICEMAIL):
            return True
        if not self.may("recordings.listen") or self.may("recordings.listen_everywhere"):
            return self.may("recordings.listen")
        if queue is None:
            return every and left is not None
        return queue.team_id in self.teams or any(one.pk == self.pk for one in queue.listeners.all())

    def message_of(self, mailbox: int) -> bool:
        return self.may("recordings.see_every_mailbox") or mailbox in self.mailboxes

    def thread(self, thread: Thread | None) -> bool:
        if self.may("messaging.see_every_thread"):
            return True
        return thread is not None and (thread.queue is None or self.queue(thread.queue))


def mailbox_of(recording: Recording) -> int | None:
    left = getattr(recording, "voicemail", None)
    return left.mailbox_id if left else None


#: by the model: the rule, whether who sees every team sees all, and what the rule reads
RULES: dict[Any, tuple[Any, bool, tuple[str, ...]]] = {
    Conference: (Eyes.talk, True, ("participants__agent", "entries__queue__memberships__agent")),
    Participant: (
        Eyes.participant,
        True,
        (
            "agent",
            "supervisions",
            "conference__participants__agent",
            "conference__entries__queue__memberships__agent",
        ),
    ),
    Entry: (lambda eyes, entry: eyes.queue(entry.queue), True, ("queue__memberships__agent",)),
    Callback: (lambda eyes, callback: eyes.queue(callback.queue), True, ("queue__memberships__agent",)),
    Handling: (Eyes.part, True, ("agent", "entry__queue__memberships__agent")),
    Order: (Eyes.order, True, ("agent", "queue__memberships__agent")),
    Recording: (Eyes.recording, True, ("voicemail", "queue__listeners")),
    Voicemail: (lambda eyes, left: eyes.message_of(left.mailbox_id), False, ()),
    MissedCall: (lambda eyes, missed: eyes.message_of(missed.mailbox_id), False, ()),
    Thread: (Eyes.thread, False, ("queue__memberships__agent",)),
    Message: (lambda eyes, message: eyes.thread(message.thread), False, ("thread__queue__memberships__agent",)),
}


def by_the_rule(everybody: list[User]) -> dict[tuple[User, Any], set[Any]]:
    """Give the ids that each person sees of each model."""
    rows = {model: list(model.objects.prefetch_related(*read)) for model, (_sees, _all, read) in RULES.items()}
    found = {}
    for person in everybody:
        eyes, everywhere = Eyes(person), person.has_perm("agents.see_every_team")
        for model, (sees, is_of_teams, _read) in RULES.items():
            everything = is_of_teams and everywhere
            found[person, model] = {row.pk for row in rows[model] if everything or sees(eyes, row)}
    return found


def listed(person: User, model: Any) -> list[Any]:
    rows = model.objects.all()
    if model is Recording:
        found: Any = rights.listed_to(person, rows)
    else:
        found = rows.listed_to(person) if hasattr(rows, "listed_to") else rows.visible_to(person)
    return list(found.values_list("pk", flat=True))


@pytest.mark.parametrize(("few", "page"), [(10_000, 50), (12, 5), (-1, 0)])
@pytest.mark.parametrize("seed", range(2))
def test_a_list_shows_each_row_that_the_rule_lets_a_person_see_once_and_no_other(monkeypatch, seed, few, page):
    everybody = populate(random.Random(seed))
    seen = by_the_rule(everybody)
    monkeypatch.setattr(reach, "FEW", few)
    monkeypatch.setattr(reach, "PAGE", page)

    for (person, model), rule in seen.items():
        shown = listed(person, model)
        assert len(shown) == len(set(shown)), (person, model)
        assert set(shown) == rule, (list(person.groups.all()), model)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_read_by_itself_follows_the_same_rule_as_the_list(seed: int):
    everybody = populate(random.Random(seed))
    seen = by_the_rule(everybody)

    for person in everybody:
        for model in (Conference, Participant, Handling):
            assert set(model.objects.visible_to(person).values_list("pk", flat=True)) == seen[person, model]
        assert set(rights.visible_to(person).values_list("pk", flat=True)) == seen[person, Recording]


@pytest.mark.parametrize("seed", range(2))
def test_what_is_supervised_is_seen_for_no_part_of_ones_own(seed: int):
    everybody = populate(random.Random(seed))
    talks = list(Conference.objects.prefetch_related(*RULES[Conference][2]))

    for person in everybody:
        eyes, everywhere = Eyes(person), person.has_perm("agents.see_every_team")
        rule = {one.pk for one in talks if everywhere or eyes.supervised(one)}
        assert set(Conference.objects.supervised_by(person).values_list("pk", flat=True)) == rule


def test_chance_brings_forth_people_who_see_all_and_some_and_nothing():
    seen = by_the_rule(populate(random.Random(0)))

    counts = {len(rows) for (_person, model), rows in seen.items() if model is Conference}
    assert {0, TALKS} <= counts
    assert len(counts) > 3
