"""Who is available, and what of it is noted: chosen by people, known by the desk, reviewed and swept."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents import actions
from agents.actions.presence import OVERSTAY_TOLD
from agents.models import Agent, PresenceChange, Reason
from agents.states import Activity, Chosen, Microphone
from tests.agents import factories as people
from tests.agents.actions.presences import TELEPHONE, after, beat, day, fresh, lunch, standings
from tests.agents.factories import AT

pytestmark = pytest.mark.django_db


def test_choosing_is_noted_with_who_did_it():
    agent = people.ready_agent(chosen=Chosen.NOT_READY)
    supervisor = people.user()

    actions.choose(agent.pk, Chosen.READY, reason=None, by=agent.user, at=AT)
    beat(agent, after(30))
    actions.choose(agent.pk, Chosen.NOT_READY, reason=lunch(), by=supervisor, at=after(60))

    rows = PresenceChange.objects.filter(agent=agent).order_by("at")
    assert list(rows.values_list("standing", "reason", "cause", "by", "until")) == [
        ("ready", "", "chosen at the desk", agent.user.pk, after(60)),
        ("not-ready", "Lunch", "set by a supervisor", supervisor.pk, None),
    ]


def test_choosing_the_same_again_changes_nothing():
    agent = people.ready_agent()

    actions.choose(agent.pk, Chosen.NOT_READY, reason=lunch(), by=agent.user, at=AT)
    actions.choose(agent.pk, Chosen.NOT_READY, reason=lunch(), by=agent.user, at=after(9))

    assert standings(agent) == ["not-ready"]
    assert fresh(agent).chosen_at == AT


@pytest.mark.parametrize(
    ("chosen", "fields"),
    [
        (Chosen.NOT_READY, None),
        (Chosen.NOT_READY, {"is_active": False}),
        (Chosen.READY, {"is_active": True}),
    ],
)
def test_only_reasons_from_the_list_are_taken(chosen, fields):
    agent = people.ready_agent()
    reason = None if fields is None else people.reason(**fields)

    with pytest.raises(actions.NotAReason):
        actions.choose(agent.pk, chosen, reason=reason, by=agent.user, at=AT)


def test_the_automatic_reason_cannot_be_chosen():
    agent = people.ready_agent()

    with pytest.raises(actions.NotAReason):
        actions.choose(agent.pk, Chosen.NOT_READY, reason=Reason.objects.get(is_automatic=True), by=agent.user, at=AT)


def test_a_choice_on_a_call_is_seen_at_once_and_counts_after_it():
    agent = people.ready_agent(activity=Activity.TALKING)

    actions.choose(agent.pk, Chosen.NOT_READY, reason=lunch(), by=agent.user, at=AT)
    actions.release(agent.pk, cause="the call ended", at=after(5))

    assert standings(agent) == ["talking", "not-ready"]
    assert PresenceChange.objects.get(agent=agent, standing="talking").chosen == "not-ready"


def test_choosing_ends_a_cool_off():
    agent = people.ready_agent()
    actions.note_missed(agent.pk, cause="did not answer", at=AT)

    actions.choose(agent.pk, Chosen.READY, reason=None, by=agent.user, at=after(2))

    assert standings(agent) == ["cooling-off", "ready"]


def test_the_first_heartbeat_opens_the_desk():
    agent = people.agent()

    beat(agent, AT)

    assert day(agent) == [("not-ready", "the desk was opened", 0)]


def test_ordinary_heartbeats_are_one_statement_each_and_tell_nobody(heard, django_assert_num_queries):
    agent = people.ready_agent()
    beat(agent, AT)
    heard.clear()

    with django_assert_num_queries(3):
        seen = [beat(agent, after(seconds)).desk_seen_at for seconds in (10, 20, 30)]

    assert seen == [after(10), after(20), after(30)]
    assert (heard, standings(agent)) == ([], ["ready"])


def test_a_late_heartbeat_does_not_turn_the_clock_back():
    agent = people.ready_agent()
    beat(agent, AT)

    beat(agent, after(20))
    beat(agent, after(10))

    assert fresh(agent).desk_seen_at == after(20)


def test_a_blocked_microphone_and_a_lost_phone_are_told(heard):
    agent = people.ready_agent()
    beat(agent, AT)

    beat(agent, after(10), microphone=Microphone.BLOCKED)
    beat(agent, after(20))
    beat(agent, after(30), phone_registered=False)

    assert day(agent)[1:] == [
        ("unreachable", "the microphone was blocked", 10),
        ("ready", "the microphone was allowed", 20),
        ("unreachable", "the phone of the desk was disconnected", 30),
    ]
    assert len(heard) == 4


def test_a_silent_desk_is_offline_since_it_was_expected_and_comes_back():
    agent = people.ready_agent()
    beat(agent, AT)

    actions.sweep(at=after(34))
    actions.sweep(at=after(50))
    beat(agent, after(90))

    assert day(agent)[1:] == [("offline", "the desk fell silent", 35), ("ready", "the desk was opened", 90)]


def test_a_gap_that_no_sweep_saw_is_noted_afterwards():
    agent = people.ready_agent()
    beat(agent, AT)

    beat(agent, after(600))

    assert day(agent)[1:] == [("offline", "the desk fell silent", 35), ("ready", "the desk was opened", 600)]


def test_an_unknown_microphone_state_is_refused():
    with pytest.raises(ValueError, match="loud"):
        beat(people.ready_agent(), AT, microphone="loud")


def test_losing_the_last_endpoint_is_noted_when_the_set_up_is_reviewed():
    agent = people.ready_agent()
    agent.endpoints.all().delete()

    actions.review(agent.pk, cause="set up differently", by=None, at=AT)

    assert day(agent) == [("unreachable", "set up differently", 0)]


def test_a_sweep_with_nothing_to_do_is_cheap_and_changes_nothing(django_assert_num_queries):
    agents = [people.ready_agent() for _ in range(5)]
    for agent in agents:
        beat(agent, AT)

    with django_assert_num_queries(2):
        assert actions.sweep(at=after(30)) == 0


def test_a_caller_on_a_telephone_keeps_talking_while_the_desk_is_closed():
    agent = people.ready_agent(activity=Activity.TALKING, endpoints=(TELEPHONE,))

    swept = actions.sweep(at=after(600))
    actions.release(agent.pk, cause="the call ended", at=after(700))

    assert swept == 0
    assert standings(agent)[-1] == "offline"


@pytest.mark.parametrize(("minutes", "told"), [(11.9, False), (12, True), (12.6, False), (15, True), (99, False)])
def test_a_pause_that_comes_to_its_warning_or_limit_is_told_to_open_pages(minutes, told):
    agent = people.ready_agent(chosen=Chosen.NOT_READY, reason=Reason.objects.get(name="Break"), chosen_at=AT)
    at = AT + timedelta(minutes=minutes)

    found = Agent.objects.overstaying(at - OVERSTAY_TOLD, at)

    assert list(found) == ([agent] if told else [])


def test_what_each_action_costs():
    """At most: lock, endpoints, change, present stretch, its end, the next one, topics."""
    agent = people.ready_agent()
    beat(agent, AT)
    steps = [
        (7, lambda: actions.reserve(agent.pk, at=after(1))),
        (7, lambda: actions.begin_talking(agent.pk, cause="took the call", at=after(2))),
        (7, lambda: actions.begin_wrap_up(agent.pk, until=after(9), at=after(3))),
        (5, lambda: actions.extend_wrap_up(agent.pk, until=after(12), at=after(4))),
        (7, lambda: actions.end_wrap_up(agent.pk, cause="finished", at=after(5))),
        (7, lambda: actions.occupy(agent.pk, Activity.RINGING, cause="consulted", at=after(6))),
        (7, lambda: actions.release(agent.pk, cause="declined", at=after(7))),
        (7, lambda: actions.note_missed(agent.pk, cause="did not answer", at=after(8))),
        (7, lambda: actions.choose(agent.pk, Chosen.READY, reason=None, by=agent.user, at=after(9))),
        (9, lambda: beat(agent, after(10), phone_registered=False)),
        (3, lambda: actions.review(agent.pk, cause="set up differently", at=after(11))),
        (1, lambda: actions.note_taken(agent.pk, at=after(12))),
    ]

    for most, step in steps:
        with CaptureQueriesContext(connection) as queries:
            step()
        own = [query["sql"] for query in queries if re.search(r'[" ]agents_|pg_notify', query["sql"])]
        assert 1 <= len(own) <= most, "\n".join(own)
