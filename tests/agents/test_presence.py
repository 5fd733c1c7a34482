"""How an agent stands, in a word and in sentences: tables, and every state that Hypothesis can think of."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agents import presence
from agents.presence import ALIVE, Overstay, Seen
from agents.states import Activity, Chosen, EndpointKind, Microphone, Standing
from tests.agents.factories import AT, seen

SOON = AT + timedelta(seconds=5)
BEFORE = AT - timedelta(seconds=5)

STANDINGS = [
    ({}, Standing.READY),
    ({"activity": Activity.RINGING}, Standing.RINGING),
    ({"activity": Activity.TALKING}, Standing.TALKING),
    ({"activity": Activity.TALKING, "desk_seen_at": None}, Standing.TALKING),
    ({"activity": Activity.WRAP_UP, "wrap_up_until": SOON}, Standing.WRAP_UP),
    ({"activity": Activity.WRAP_UP, "wrap_up_until": BEFORE}, Standing.WRAP_UP),
    ({"activity": Activity.WRAP_UP, "desk_seen_at": None}, Standing.OFFLINE),
    ({"desk_seen_at": None}, Standing.OFFLINE),
    ({"desk_seen_at": AT - ALIVE}, Standing.OFFLINE),
    ({"desk_seen_at": AT - ALIVE + timedelta(seconds=1)}, Standing.READY),
    ({"chosen": Chosen.NOT_READY}, Standing.NOT_READY),
    ({"chosen": Chosen.NOT_READY, "cooling_until": SOON}, Standing.NOT_READY),
    ({"cooling_until": SOON}, Standing.COOLING_OFF),
    ({"cooling_until": AT}, Standing.READY),
    ({"microphone": Microphone.BLOCKED}, Standing.UNREACHABLE),
    ({"microphone": Microphone.UNKNOWN}, Standing.READY),
    ({"phone_registered": False}, Standing.UNREACHABLE),
    ({"phone_registered": False, "endpoint_kinds": ("browser", "number")}, Standing.READY),
    ({"endpoint_kinds": ()}, Standing.UNREACHABLE),
    ({"endpoint_kinds": ("sip",), "microphone": Microphone.BLOCKED, "phone_registered": False}, Standing.READY),
    ({"is_active": False}, Standing.UNREACHABLE),
]


@pytest.mark.parametrize(("fields", "expected"), STANDINGS)
def test_what_is_chosen_and_what_is_observed_come_to_one_word(fields, expected):
    assert presence.standing(seen(**fields), AT) == expected


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"chosen": Chosen.NOT_READY, "reason": "Lunch"}, "You chose not to be ready: Lunch."),
        ({"chosen": Chosen.NOT_READY}, "You have not chosen to be ready."),
        ({"activity": Activity.RINGING}, "You are being rung."),
        ({"activity": Activity.TALKING}, "You are on a call."),
        ({"activity": Activity.WRAP_UP}, "You are wrapping up the last call."),
        ({"desk_seen_at": None, "endpoint_kinds": ("sip",)}, "Your desk is not open, or has lost its connection."),
        ({"cooling_until": SOON}, "You missed a call. Calls come again in a moment."),
        ({"microphone": Microphone.BLOCKED}, "The microphone is blocked. Allow it for this page in the browser."),
        ({"phone_registered": False}, "The phone of this page is not connected."),
        ({"endpoint_kinds": ()}, "No phone is set up for you."),
        ({"is_active": False}, "You are set to be offered no calls. An administrator can change that."),
    ],
)
def test_one_obstacle_is_told_in_one_sentence(fields, sentence):
    assert presence.why_not(seen(**fields), AT) == (sentence,)


def test_all_obstacles_are_told_at_once():
    sentences = presence.why_not(seen(chosen=Chosen.NOT_READY, reason="Break", microphone=Microphone.BLOCKED), AT)

    assert sentences == (
        "You chose not to be ready: Break.",
        "The microphone is blocked. Allow it for this page in the browser.",
    )


@pytest.mark.parametrize(
    ("kinds", "fields", "place"),
    [
        (("browser", "number"), {}, 0),
        (("browser", "number"), {"phone_registered": False}, 1),
        (("browser", "number"), {"microphone": Microphone.BLOCKED}, 1),
        (("browser", "number"), {"desk_seen_at": None}, 1),
        (("sip", "browser"), {}, 0),
        (("browser",), {"phone_registered": False}, None),
        ((), {}, None),
    ],
)
def test_the_first_endpoint_that_can_ring_is_used(kinds, fields, place):
    assert presence.usable(kinds, seen(**fields), AT) == place


moments = some.one_of(some.none(), some.integers(-120, 120).map(lambda seconds: AT + timedelta(seconds=seconds)))
any_seen = some.builds(
    Seen,
    chosen=some.sampled_from(Chosen),
    reason=some.sampled_from(["", "Lunch"]),
    desk_seen_at=moments,
    microphone=some.sampled_from(Microphone),
    phone_registered=some.booleans(),
    activity=some.sampled_from(Activity),
    wrap_up_until=moments,
    cooling_until=moments,
    is_active=some.booleans(),
    endpoint_kinds=some.lists(some.sampled_from(EndpointKind), unique=True).map(tuple),
)


@given(any_seen)
def test_an_agent_is_ready_exactly_when_there_is_no_reason_why_not(state):
    assert (presence.standing(state, AT) is Standing.READY) == (presence.why_not(state, AT) == ())


@given(any_seen)
def test_nobody_is_ready_without_a_living_desk_a_choice_and_a_phone(state):
    if presence.standing(state, AT) is Standing.READY:
        assert state.desk_seen_at is not None
        assert AT - state.desk_seen_at < ALIVE
        assert state.chosen == Chosen.READY
        assert state.activity == Activity.IDLE
        assert presence.usable(state.endpoint_kinds, state, AT) is not None


@given(any_seen)
def test_between_the_moments_that_turn_an_agent_time_alone_changes_nothing(state):
    """So noting those moments tells the whole day."""
    turns = [moment for moment, _ in presence.turns_by_itself(state, now=AT)]

    for second in range(-240, 0):
        moment = AT + timedelta(seconds=second)
        after = moment + timedelta(seconds=1)
        if not any(moment < turn <= after for turn in turns):
            assert presence.standing(state, moment) == presence.standing(state, after)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, Overstay.NO), (11, Overstay.NO), (12, Overstay.REMINDED), (15, Overstay.OVER), (600, Overstay.OVER)],
)
def test_a_pause_reminds_and_then_is_over_its_limit(minutes, expected):
    since = AT - timedelta(minutes=minutes)

    assert presence.overstay(since, warn_minutes=12, limit_minutes=15, now=AT) == expected


def test_a_pause_without_limits_never_lasts_too_long():
    long_ago = AT - timedelta(days=9)

    assert presence.overstay(long_ago, warn_minutes=None, limit_minutes=None, now=AT) == Overstay.NO
    assert presence.overstay(None, warn_minutes=1, limit_minutes=1, now=AT) == Overstay.NO
