"""Presence under random events: what must hold whatever happens, in the database."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from agents import actions, presence
from agents.models import Agent, PresenceChange, Reason
from agents.presence import ALIVE
from agents.states import Activity, Chosen, Standing
from tests.agents import factories as people
from tests.agents.factories import AT
from tests.at_once import at_once

BUSY = {Activity.RINGING, Activity.TALKING}


class World:
    """One agent, a clock, and what must be so from what was done."""

    def __init__(self):
        self.agent = people.agent()
        self.at = AT
        self.chosen = (Chosen.NOT_READY, None)
        self.heard = []

    @property
    def fresh(self):
        return Agent.objects.observed().get(pk=self.agent.pk)

    def beat(self, *, microphone="allowed", registered=True):
        actions.heartbeat(self.agent.pk, microphone=microphone, phone_registered=registered, at=self.at)
        self.heard.append(self.at)

    def choose(self, name):
        reason = Reason.objects.get(name=name) if name else None
        chosen = Chosen.NOT_READY if name else Chosen.READY
        actions.choose(self.agent.pk, chosen, reason=reason, by=self.agent.user, at=self.at)
        self.chosen = (chosen, name)

    def reserve(self):
        before = presence.standing(self.fresh.seen(), self.at)
        won = actions.reserve(self.agent.pk, at=self.at)
        assert won == (before is Standing.READY)

    def occupy(self):
        before = self.fresh.activity
        try:
            actions.occupy(self.agent.pk, Activity.RINGING, cause="consulted", at=self.at)
        except actions.Busy:
            assert before in BUSY
        else:
            assert before not in BUSY

    def miss(self):
        before = self.fresh
        actions.note_missed(self.agent.pk, cause="did not answer", at=self.at)
        if before.chosen == Chosen.READY and before.misses == 2:
            self.chosen = (Chosen.NOT_READY, "Missed calls")

    def do(self, event):
        pk, at = self.agent.pk, self.at
        match event:
            case "beat":
                self.beat()
            case "blocked":
                self.beat(microphone="blocked")
            case "unregistered":
                self.beat(registered=False)
            case "ready":
                self.choose("")
            case "lunch":
                self.choose("Lunch")
            case "reserve":
                self.reserve()
            case "occupy":
                self.occupy()
            case "talk":
                actions.begin_talking(pk, cause="took the call", at=at)
            case "wrap up":
                actions.begin_wrap_up(pk, until=at + timedelta(seconds=30), at=at)
            case "extend":
                actions.extend_wrap_up(pk, until=at + timedelta(seconds=60), at=at)
            case "end wrap-up":
                actions.end_wrap_up(pk, cause="finished", at=at)
            case "release":
                actions.release(pk, cause="the caller hung up", at=at)
            case "miss":
                self.miss()
            case "taken":
                actions.note_taken(pk, at=at)
            case "sweep":
                actions.sweep(at=at)

    def check(self):
        agent = self.fresh
        standing = presence.standing(agent.seen(), self.at)
        available = Agent.objects.available(self.at).filter(pk=agent.pk).exists()
        assert (agent.chosen, agent.reason.name if agent.reason else None) == (
            self.chosen[0], self.chosen[1] or None,
        )  # fmt: skip
        assert available == (standing is Standing.READY)
        assert not available or self.at - self.heard[-1] < ALIVE

    def was_alive(self, begin, end):
        last = max(heard for heard in self.heard if heard <= begin)
        moments = [last, *(heard for heard in self.heard if begin < heard < end), end]
        return all(after - before <= ALIVE for before, after in pairwise(moments))

    def check_record(self):
        rows = list(PresenceChange.objects.filter(agent=self.agent).order_by("pk"))
        for before, after in pairwise(rows):
            assert before.until == after.at
            assert before.at <= before.until
            assert (before.standing, before.chosen, before.reason) != (after.standing, after.chosen, after.reason)
        assert [row.until for row in rows if row.until is None] == [None] * bool(rows)
        for row in rows:
            assert row.standing != Standing.READY or self.was_alive(row.at, row.until or self.at)
        if rows:
            assert rows[-1].standing == presence.standing(self.fresh.seen(), self.at)


EVENTS = (
    *("beat", "beat", "beat", "blocked", "unregistered", "ready", "ready", "lunch", "reserve", "reserve", "occupy"),
    *("talk", "wrap up", "extend", "end wrap-up", "release", "release", "miss", "miss", "taken", "sweep"),
)
seconds = some.sampled_from([0, 1, 4, 9, 9, 16, 40])


@pytest.mark.django_db
@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(some.lists(some.tuples(seconds, some.sampled_from(EVENTS)), min_size=10, max_size=24))
def test_whatever_happens_presence_is_true_and_the_choice_is_kept(events):
    with transaction.atomic():
        world = World()
        for passed, event in (0, "beat"), (0, "ready"), *events:
            world.at += timedelta(seconds=passed)
            world.do(event)
            world.check()
        actions.sweep(at=world.at)
        world.check_record()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_reserve_at_once_one_wins():
    agent = people.ready_agent()

    won = at_once(*[lambda: actions.reserve(agent.pk, at=AT)] * 4)

    assert sorted(won) == [False, False, False, True]
    assert PresenceChange.objects.filter(agent=agent).count() == 1
