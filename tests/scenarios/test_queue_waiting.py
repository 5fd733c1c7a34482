"""Callers wait in a queue: what they hear, the keys they press, and how the wait ends without an agent."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import queues.tasks
from agents.models import Agent
from queues.models import Entry, Queue
from recordings.models import Mailbox
from tests.agents.factories import ready_agent
from tests.queues.factories import make_queue
from tests.scenarios import flows
from tests.scenarios.desk import CALLER, COMPANY, Desk, Phone, committing
from tests.scenarios.flows import Choice
from tests.scenarios.outage import storing_fails

OTHER = "+14155550177"
ITEMS: tuple[flows.Item, ...] = (
    ("message", ("All of us are talking.", "Todos estamos hablando.")),
    ("position", ("You are number {position}.", "Usted es el número {position}.")),
    ("estimate", "Between {low} and {high} minutes."),
    ("pause", 5),
)


@pytest.fixture
def ann(desk: Desk) -> Agent:
    """Somebody at her desk who is on the phone all day, so that callers wait."""
    agent = ready_agent("Ann", at=timezone.now())
    Agent.objects.filter(pk=agent.pk).update(activity="talking")
    return agent


@pytest.fixture
def line(ann: Agent) -> Queue:
    return make_queue("Sales", members=[ann])


def open_line(desk: Desk, queue: Queue, *items: flows.Item, **how: Any) -> None:
    mailbox = Mailbox.objects.create(name="Sales", addressees="sales@example.com")
    choices = {"Message": Choice("Box", "1"), "Call back": Choice("Back", "2"), "Menu": Choice("Menu", "*")}
    ways = {"answered": "Bye", "timed_out": "Late", "full": "Full", "alone": "Alone"}
    steps = {
        "Hello": flows.message("Welcome.", then="Line"),
        "Line": flows.queue(queue, *(items or ITEMS), choices=choices, **(ways | how)),
        "Box": flows.voicemail("Speak after the tone.", mailbox, recorded="Bye", empty="Bye"),
        "Back": flows.call_back(queue, stored="Bye", refused="Line", failed="Line"),
        "Menu": flows.menu("Press 1 to wait on.", {"On": Choice("Line", "1")}, no_input="Bye", wrong_input="Bye"),
        "Late": flows.message("Nobody was free in time.", then="Box"),
        "Full": flows.hang_up("Too many are waiting."),
        "Alone": flows.hang_up("Nobody is here."),
        "Bye": flows.hang_up("Goodbye."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))


def states() -> list[str]:
    return list(Entry.objects.order_by("joined_at").values_list("state", flat=True))


def pass_time(desk: Desk, ann: Agent, seconds: int) -> None:
    """Let time pass at desks that stay alive, with what beat does every ten seconds."""
    for _ in range(seconds // 10):
        desk.wait(10)
        Agent.objects.filter(pk=ann.pk).update(desk_seen_at=timezone.now())
        with committing():
            queues.tasks.keep_time()


def test_callers_hear_the_list_again_and_again_and_how_they_move_up(desk: Desk, line: Queue, ann: Agent) -> None:
    open_line(desk, line)
    first = desk.dial().waits(1)
    second = desk.dial(caller=OTHER)

    first.hears("Welcome.", "All of us are talking.", "You are number 1.", "All of us are talking.")
    second.hears("You are number 2.")
    first.hangs_up()
    second.hears("You are number 1.")

    assert states() == ["abandoned", "waiting"]
    assert second.never_heard("Between")
    second.hangs_up()


def test_a_key_leads_to_a_message(desk: Desk, line: Queue, ann: Agent) -> None:
    open_line(desk, line)
    caller = desk.dial().hears("All of us are talking.").press("1")

    caller.hears("Speak after the tone.").hears_the_beep().says("Call me.").waits(3).hangs_up()

    assert states() == ["left"]
    assert caller.story[-6:-3] == ["pressed 1", "left by Message", "entered Box"]
    assert {"voicemail Sales", "ended caller hung up"} < set(caller.story)


def test_a_key_that_means_nothing_lets_the_caller_wait_on(desk: Desk, line: Queue, ann: Agent) -> None:
    open_line(desk, line)

    desk.dial().hears("All of us are talking.").press("9").hears(
        "You are number 1.", "All of us are talking."
    ).hangs_up()

    assert states() == ["abandoned"]


def test_who_looks_around_and_comes_back_waits_anew(desk: Desk, line: Queue, ann: Agent) -> None:
    open_line(desk, line)

    caller = desk.dial().hears("You are number 1.").press("*").hears("Press 1 to wait on.").press("1")
    caller.hears("All of us are talking.").hangs_up()

    assert states() == ["left", "abandoned"]


def test_who_waited_long_enough_goes_on(desk: Desk, line: Queue, ann: Agent) -> None:
    open_line(desk, line, longest=60)
    caller = desk.dial().hears("You are number 1.")

    pass_time(desk, ann, 70)

    caller.hears("Nobody was free in time.", "Speak after the tone.")

    assert states() == ["timed-out"]


def test_the_queues_own_longest_wait_counts_where_the_step_has_none(desk: Desk, line: Queue, ann: Agent) -> None:
    Queue.objects.filter(pk=line.pk).update(longest_wait=60)
    open_line(desk, line)
    caller = desk.dial().hears("You are number 1.")

    pass_time(desk, ann, 70)

    caller.hears("Nobody was free in time.").hangs_up()
    assert states() == ["timed-out"]


def test_a_full_queue_takes_nobody_more(desk: Desk, line: Queue, ann: Agent) -> None:
    Queue.objects.filter(pk=line.pk).update(most_waiting=1)
    open_line(desk, line)
    first = desk.dial().hears("You are number 1.")

    desk.dial(caller=OTHER).hears("Too many are waiting.")

    assert states() == ["waiting"]
    first.hangs_up()


def test_without_anybody_at_a_desk_callers_go_on_at_once(desk: Desk, line: Queue, ann: Agent) -> None:
    Agent.objects.update(desk_seen_at=None)
    open_line(desk, line)

    desk.dial().hears("Welcome.", "Nobody is here.")

    assert states() == []


def test_when_everybody_goes_home_those_who_wait_go_on(desk: Desk, line: Queue, ann: Agent) -> None:
    open_line(desk, line)
    caller = desk.dial().hears("You are number 1.")

    Agent.objects.update(desk_seen_at=timezone.now() - timedelta(hours=1))

    caller.hears("Nobody is here.")
    assert states() == ["left"]


def test_a_caller_who_hangs_up_is_gone_from_the_queue(desk: Desk, line: Queue, ann: Agent) -> None:
    open_line(desk, line)

    caller = desk.dial().hears("You are number 1.").hangs_up()

    assert states() == ["abandoned"]
    assert caller.story[-1] == "ended caller hung up"


def test_the_list_is_heard_in_the_callers_language(desk: Desk, line: Queue, ann: Agent) -> None:
    ways = dict.fromkeys(("answered", "timed_out"), "Bye")
    steps = {
        "Language": flows.language("Language?", {"Spanish": Choice("Line", "2", (), "es-US")}, no_choice="Line"),
        "Line": flows.queue(line, *ITEMS, **ways),
        "Bye": flows.hang_up("Goodbye."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))

    desk.dial().hears("Language?").press("2").hears("Todos estamos hablando.", "Usted es el número 1.").hangs_up()

    assert Entry.objects.get().language == "es-US"


def test_call_me_back_keeps_the_place_and_is_promised_once_it_is_stored(desk: Desk, line: Queue, ann: Agent) -> None:
    open_line(desk, line)
    caller: Phone = desk.dial().hears("You are number 1.")
    joined_at = Entry.objects.get().joined_at

    caller.press("2").hears("14155550123").press("1").hears("We will call you back.", "Goodbye.")

    kept = Entry.objects.get(callback__isnull=False)
    assert (kept.callback.number, kept.callback.state, kept.state) == (CALLER, "waiting", "waiting")
    assert kept.aged_from == joined_at
    caller.is_hung_up_on()
    desk.dial(caller=OTHER).hears("You are number 2.").hangs_up()


def test_who_cannot_be_noted_for_a_call_back_stays_in_line_at_the_same_place(
    desk: Desk, line: Queue, ann: Agent
) -> None:
    open_line(desk, line)
    caller = desk.dial().hears("You are number 1.").press("2").hears("14155550123")
    joined_at = Entry.objects.get().joined_at
    other = desk.dial(caller=OTHER).hears("You are number 1.")

    with storing_fails("queues_callback"):
        caller.press("1").waits(3)

    caller.hears("You are number 1.")
    assert caller.never_heard("We will call you back.")
    assert Entry.objects.get(state="waiting", call=caller.row).aged_from == joined_at
    caller.hangs_up()
    other.hangs_up()
