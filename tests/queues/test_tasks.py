"""What the worker does for queues: at once after each change, and every few seconds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents import actions as agents
from queues import actions, tasks
from queues.models import Entry, Offer
from queues.states import EntryState
from tests.agents.factories import ready_agent
from tests.calls.factories import make_call
from tests.queues.factories import make_entry, make_queue, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def test_who_joins_is_offered_at_once(now, django_capture_on_commit_callbacks):
    queue = make_queue()
    member(queue, at=now)

    with django_capture_on_commit_callbacks() as after:
        actions.join(queue.pk, call_id=make_call().pk, language="", onward="", at=now)
    assert not Offer.objects.exists()
    for work in after:
        work()

    assert Entry.objects.get().state == EntryState.OFFERED


def test_who_is_free_again_is_offered_a_caller_at_once(now, django_capture_on_commit_callbacks):
    queue = make_queue()
    ann = ready_agent(at=now, activity="wrap-up", wrap_up_until=now + timedelta(seconds=9))
    queue.memberships.create(agent=ann)
    make_entry(queue, joined_at=now, aged_from=now)

    with django_capture_on_commit_callbacks() as after:
        actions.end_stuck_wrap_up(ann.pk, by=ann.user, at=now)
    for work in after:
        work()

    assert Offer.objects.get().agent == ann


def test_an_agent_who_is_not_free_brings_no_decision_about(now, django_capture_on_commit_callbacks):
    ann = ready_agent(at=now)

    with django_capture_on_commit_callbacks() as after:
        agents.begin_talking(ann.pk, cause="a test", at=now)

    assert tasks.match.delay not in after


def test_every_few_seconds_waits_are_ended_and_skills_relax(now):
    queue = make_queue(skills={"German": 5}, longest_wait=600)
    queue.skills.update(relax_after=60, relax_to=0)
    member(queue, at=now)
    late = make_entry(queue, joined_at=now - timedelta(hours=1), aged_from=now - timedelta(hours=1))
    entry = make_entry(queue, joined_at=now, aged_from=now - timedelta(seconds=61))

    tasks.keep_time()

    late.refresh_from_db()
    entry.refresh_from_db()
    assert (late.state, entry.state) == (EntryState.TIMED_OUT, EntryState.OFFERED)


def test_each_minute_what_has_come_apart_is_put_right(now):
    entry = make_entry(make_queue(), call=make_call(status="completed"))

    tasks.sweep()

    entry.refresh_from_db()
    assert entry.state == EntryState.ABANDONED
