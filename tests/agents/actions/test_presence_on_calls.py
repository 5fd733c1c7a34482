"""Being rung, talking, wrapping up, and what a missed ring does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents import actions
from agents.models import Agent, PresenceChange
from agents.presence import ALIVE, standing
from agents.states import Activity, Chosen, Microphone, Standing
from tests.agents import factories as people
from tests.agents.actions.presences import TELEPHONE, after, beat, day, fresh, lunch, standings, told
from tests.agents.factories import AT

pytestmark = pytest.mark.django_db
UNAVAILABLE = [
    {"chosen": Chosen.NOT_READY},
    {"desk_seen_at": AT - ALIVE},
    {"desk_seen_at": None},
    {"activity": Activity.RINGING},
    {"activity": Activity.TALKING},
    {"activity": Activity.WRAP_UP, "wrap_up_until": AT},
    {"cooling_until": after(1)},
    {"is_active": False},
    {"microphone": Microphone.BLOCKED},
    {"phone_registered": False},
    {"endpoints": ()},
]


@pytest.mark.parametrize("fields", UNAVAILABLE)
def test_who_is_not_available_is_not_reserved(fields):
    agent = people.ready_agent(**fields)

    assert not actions.reserve(agent.pk, at=AT)
    assert fresh(agent).activity == fields.get("activity", Activity.IDLE)


@pytest.mark.parametrize("fields", [{}, *UNAVAILABLE, {"phone_registered": False, "endpoints": (TELEPHONE,)}])
def test_the_condition_in_the_database_is_the_same_as_the_pure_one(fields):
    agent = people.ready_agent(**fields)

    available = Agent.objects.available(AT).filter(pk=agent.pk).exists()

    assert available == (standing(fresh(agent).seen(), AT) is Standing.READY)


def test_reserving_twice_wins_once():
    agent = people.ready_agent()

    assert [actions.reserve(agent.pk, at=AT), actions.reserve(agent.pk, at=AT)] == [True, False]
    assert day(agent) == [("ringing", "offered a call", 0)]


def test_reserving_after_a_cool_off_that_nobody_noted_tells_its_end_too():
    agent = people.ready_agent()
    actions.note_missed(agent.pk, cause="did not answer", at=AT)

    assert actions.reserve(agent.pk, at=after(20))

    assert day(agent) == [
        ("cooling-off", "did not answer", 0),
        ("ready", "the cool-off was over", 15),
        ("ringing", "offered a call", 20),
    ]


def test_a_call_from_ring_to_wrap_up_and_back_to_the_chosen_state():
    agent = people.ready_agent()

    actions.reserve(agent.pk, at=AT)
    actions.begin_talking(agent.pk, cause="took the call", at=after(5))
    actions.begin_wrap_up(agent.pk, until=after(100), at=after(60))
    beat(agent, after(90))
    actions.end_wrap_up(agent.pk, cause="finished", at=after(95))

    assert standings(agent) == ["ringing", "talking", "offline", "wrap-up", "ready"]


def test_a_ring_that_failed_leaves_the_chosen_state():
    agent = people.ready_agent()

    actions.reserve(agent.pk, at=AT)
    actions.release(agent.pk, cause="the caller hung up", at=after(5))

    assert day(agent)[1:] == [("ready", "the caller hung up", 5)]


def test_who_is_rung_or_talks_is_not_occupied_a_second_time():
    for activity in (Activity.RINGING, Activity.TALKING):
        agent = people.ready_agent(activity=activity)
        with pytest.raises(actions.Busy):
            actions.occupy(agent.pk, Activity.RINGING, cause="consulted", at=AT)


def test_who_talks_may_be_rung_back_into_the_same_conversation():
    agent = people.ready_agent(activity=Activity.TALKING)

    actions.occupy(agent.pk, Activity.RINGING, cause="rung back", at=AT, is_return=True)

    assert fresh(agent).activity == Activity.RINGING


def test_who_is_not_ready_may_still_be_consulted():
    agent = people.ready_agent(chosen=Chosen.NOT_READY, reason=lunch())

    actions.occupy(agent.pk, Activity.RINGING, cause="consulted", at=AT)
    actions.release(agent.pk, cause="did not answer", at=after(9))

    assert standings(agent) == ["ringing", "not-ready"]


def test_a_consultation_in_wrap_up_leads_back_to_the_wrap_up():
    agent = people.ready_agent(activity=Activity.WRAP_UP, wrap_up_until=after(60))

    actions.occupy(agent.pk, Activity.RINGING, cause="consulted", at=AT)
    actions.release(agent.pk, cause="declined", at=after(9))
    actions.release(agent.pk, cause="declined", at=after(9))

    assert standings(agent) == ["ringing", "wrap-up"]
    assert fresh(agent).wrap_up_until == after(60)


def test_a_wrap_up_that_is_ended_while_the_agent_is_rung_does_not_end_the_ring():
    agent = people.ready_agent(activity=Activity.WRAP_UP, wrap_up_until=after(60))

    actions.occupy(agent.pk, Activity.RINGING, cause="consulted", at=AT)
    actions.end_wrap_up(agent.pk, cause="finished", at=after(5))
    actions.release(agent.pk, cause="declined", at=after(9))

    assert standings(agent) == ["ringing", "ready"]


def test_a_wrap_up_that_begins_while_the_agent_is_rung_waits_for_the_ring():
    agent = people.ready_agent(activity=Activity.RINGING)

    actions.begin_wrap_up(agent.pk, until=after(60), at=AT)
    actions.release(agent.pk, cause="declined", at=after(9))

    assert standings(agent) == ["ringing", "wrap-up"]


def test_a_wrap_up_can_be_extended_and_not_shortened():
    agent = people.ready_agent(activity=Activity.WRAP_UP, wrap_up_until=after(10))

    actions.extend_wrap_up(agent.pk, until=after(30), at=AT)
    actions.extend_wrap_up(agent.pk, until=after(20), at=AT)
    swept = [actions.sweep(at=after(seconds)) for seconds in (20, 30)]

    assert swept == [0, 1]
    assert day(agent)[-1] == ("ready", "the time for the wrap-up was up", 30)


def test_only_one_who_is_wrapping_up_can_extend():
    agent = people.ready_agent()

    actions.extend_wrap_up(agent.pk, until=after(30), at=AT)

    assert fresh(agent).wrap_up_until is None


def test_the_longest_idle_stays_so_when_a_ring_was_taken_by_another():
    agent = people.ready_agent(idle_since=after(-300))

    actions.reserve(agent.pk, at=AT)
    actions.release(agent.pk, cause="another was faster", at=after(5))
    rung_only = fresh(agent).idle_since
    actions.begin_talking(agent.pk, cause="took the call", at=after(10))
    actions.release(agent.pk, cause="the call ended", at=after(20))

    assert (rung_only, fresh(agent).idle_since) == (after(-300), after(20))


def test_a_missed_ring_cools_off_and_leads_back_to_the_chosen_state():
    agent = people.ready_agent()

    actions.reserve(agent.pk, at=AT)
    actions.note_missed(agent.pk, cause="did not answer", at=after(20))
    actions.release(agent.pk, cause="did not answer", at=after(20))
    swept = actions.sweep(at=after(34)), beat(agent, after(34)), actions.sweep(at=after(35))

    assert (swept[0], swept[2]) == (0, 1)
    assert standings(agent) == ["ringing", "cooling-off", "ready"]
    assert day(agent)[-1][2] == 35


def test_three_misses_in_a_row_pause_with_the_automatic_reason(settings, heard):
    settings.AGENT_MOST_MISSES = 3
    agent = people.ready_agent()

    for seconds in (0, 20):
        actions.note_missed(agent.pk, cause="did not answer", at=after(seconds))
    with CaptureQueriesContext(connection) as queries:
        actions.note_missed(agent.pk, cause="did not answer", at=after(30))

    last = PresenceChange.objects.present().get(agent=agent)
    assert (last.standing, last.reason, last.cause, last.by) == (
        "not-ready", "Missed calls", "3 rings missed in a row", None,
    )  # fmt: skip
    assert fresh(agent).misses == 0
    assert heard[-1] == (agent.name, after(30))
    assert told(queries) == {"agents", f"agent:{agent.pk}"}


def test_a_call_that_was_taken_makes_the_misses_forgotten(settings):
    settings.AGENT_MOST_MISSES = 2
    agent = people.ready_agent()

    actions.note_missed(agent.pk, cause="did not answer", at=AT)
    actions.note_taken(agent.pk, at=after(1))
    actions.note_missed(agent.pk, cause="did not answer", at=after(2))

    assert fresh(agent).chosen == Chosen.READY


def test_a_pause_that_the_agent_chose_keeps_its_reason(settings):
    settings.AGENT_MOST_MISSES = 1
    agent = people.ready_agent(chosen=Chosen.NOT_READY, reason=lunch())

    actions.note_missed(agent.pk, cause="did not answer", at=AT)

    assert fresh(agent).reason == lunch()


def test_no_cool_off_is_a_setting_too(settings):
    settings.AGENT_COOL_OFF_SECONDS = 0
    agent = people.ready_agent()

    actions.note_missed(agent.pk, cause="did not answer", at=AT)

    assert actions.reserve(agent.pk, at=AT)
