"""Presence in the database: who is available, what is noted, and that each step costs little."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents import actions
from agents.actions.presence import OVERSTAY_TOLD
from agents.models import Agent, PresenceChange, Reason
from agents.presence import ALIVE, standing
from agents.signals import presence_changed
from agents.states import Activity, Chosen, EndpointKind, Microphone, Standing
from tests.agents import factories as people
from tests.agents.factories import AT

pytestmark = pytest.mark.django_db

TOPIC = re.compile(r"agents|agent:[0-9a-f-]{36}")
TELEPHONE = (EndpointKind.NUMBER, "+14155550177")


def after(seconds):
    return AT + timedelta(seconds=seconds)


def fresh(agent):
    return Agent.objects.observed().get(pk=agent.pk)


def beat(agent, at, *, microphone=Microphone.ALLOWED, phone_registered=True):
    return actions.heartbeat(agent.pk, microphone=microphone, phone_registered=phone_registered, at=at)


def lunch():
    return Reason.objects.get(name="Lunch")


def day(agent):
    """Give the agent's stretches as standing, cause and second of beginning."""
    changes = PresenceChange.objects.filter(agent=agent).order_by("pk")
    return [(change.standing, change.cause, (change.at - AT).total_seconds()) for change in changes]


def standings(agent):
    return [standing for standing, _, _ in day(agent)]


@pytest.fixture
def heard():
    told = []

    def hear(agent, at, **_):
        told.append((agent.name, at))

    presence_changed.connect(hear)
    yield told
    presence_changed.disconnect(hear)


def told(queries):
    """Give the topics that these statements published."""
    return set(TOPIC.findall(" ".join(query["sql"] for query in queries if "pg_notify" in query["sql"])))


# --- choosing


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


# --- the desk


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


# --- being rung, talking, wrapping up


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


# --- missing


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


# --- setting up and sweeping


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
