"""Callers come out of a conversation and go on in the flow: answered, back in line, or where an agent sent them."""

from typing import Any

import pytest

from agents.models import Agent
from conferences.actions import send_away
from conferences.models import Conference, Room
from conferences.room import Press
from queues.actions import match
from queues.models import Entry, Membership, Queue
from tests.queues.factories import make_queue
from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk, Phone
from tests.scenarios.floor import Floor
from tests.scenarios.flows import Choice

OTHER = "+14155550177"


@pytest.fixture
def floor(desk: Desk) -> Floor:
    return Floor(desk)


def open_line(desk: Desk, queue: Queue, **more: flows.Wanted) -> None:
    steps = {
        "Hello": flows.message("Welcome.", then="Line"),
        "Line": flows.queue(
            queue,
            ("message", "You wait."),
            answered="Bye",
            timed_out="Late",
            choices={"Out": Choice("Late", "1")},
            unstaffed="never",
        ),
        "Bye": flows.hang_up("Goodbye."),
        "Late": flows.hang_up("Too late."),
        **more,
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))


def staffed(floor: Floor, *names: str, **fields: Any) -> tuple[Queue, list[Agent]]:
    agents = [floor.agent(name, **fields) for name in names]
    return make_queue("Sales", members=agents, wrap_up="none"), agents


def talking(floor: Floor, agent: Agent) -> tuple[Conference, Phone, Phone]:
    caller = floor.desk.dial().hears("Welcome.", "You wait.")
    phone = floor.rings(agent).answers()
    conference = Conference.objects.latest("opened_at")
    floor.until(lambda: floor.phase(conference) == "talking")
    return conference, caller, phone


def states() -> list[str]:
    return list(Entry.objects.order_by("joined_at").values_list("state", flat=True))


def test_who_was_talked_to_goes_on_by_answered(desk: Desk, floor: Floor) -> None:
    queue, (ann,) = staffed(floor, "Ann")
    open_line(desk, queue)
    conference, caller, phone = talking(floor, ann)
    phone.says("Good morning")
    caller.hears("Good morning")

    floor.press(conference, Press.HANG_UP, ann)

    caller.hears("Goodbye.").is_hung_up_on()
    assert states() == ["answered"]
    assert "left by answered" in caller.story


def test_whose_agent_is_lost_waits_at_the_head_of_the_line_and_is_taken_by_the_next(desk: Desk, floor: Floor) -> None:
    queue, (ann,) = staffed(floor, "Ann")
    open_line(desk, queue)
    _conference, caller, phone = talking(floor, ann)
    second = desk.dial(caller=OTHER).hears("You wait.")

    Agent.objects.filter(pk=ann.pk).update(chosen="not-ready")  # she had seen enough
    phone.hangs_up()  # a browser that is gone, as the rules see it
    floor.seconds(60)
    caller.hears("You wait.")

    ben = floor.agent("Ben")
    Membership.objects.create(queue=queue, agent=ben)
    floor.do(match)
    other = floor.rings(ben).answers()
    other.says("Here I am")
    caller.hears("Here I am")
    assert second.leg.live
    caller.hangs_up()
    second.hangs_up()


def test_who_is_sent_to_a_step_goes_on_there(desk: Desk, floor: Floor) -> None:
    queue, (ann,) = staffed(floor, "Ann")
    open_line(desk, queue, Hours=flows.message("We are open all day.", then="Bye"))
    conference, caller, _phone = talking(floor, ann)
    flow = queue.steps.get().flow
    step = flow.steps.get(name="Hours")

    floor.do(send_away, conference.pk, f"step:{flow.pk}:{step.pk}", by_agent=ann)

    caller.hears("We are open all day.", "Goodbye.")
    assert [words for words in caller.story if words.startswith("entered")][-2:] == ["entered Hours", "entered Bye"]


def test_who_is_sent_to_another_queue_waits_there_by_the_same_list(desk: Desk, floor: Floor) -> None:
    queue, (ann,) = staffed(floor, "Ann")
    ben = floor.agent("Ben")
    Agent.objects.filter(pk=ben.pk).update(activity="talking")
    service = make_queue("Service", members=[ben])
    open_line(desk, queue)
    conference, caller, _phone = talking(floor, ann)

    floor.do(send_away, conference.pk, f"queue:{service.pk}", by_agent=ann)

    caller.hears("You wait.")
    assert Entry.objects.live().get().queue == service
    caller.press("1").hears("Too late.")
    assert states() == ["answered", "left"]


def test_a_call_into_a_conference_room_by_pin(desk: Desk, floor: Floor) -> None:
    room = Room.objects.create(name="Team", host_pin="4711", guest_pin="1234")
    steps = {
        "Room": flows.conference_room(room, left="Left", ended="Ended", wrong_pin="No"),
        "Left": flows.hang_up("You have left."),
        "Ended": flows.hang_up("The meeting is over."),
        "No": flows.hang_up("That was no PIN."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))

    guest = desk.dial().hears("Your PIN").press("1234#").waits(3)
    host = desk.dial(caller=OTHER).hears("Your PIN").press("9999#").hears("That PIN is wrong.").press("4711#").waits(3)
    host.says("Welcome to all")
    guest.hears("Welcome to all")
    host.hangs_up()

    guest.hears("The meeting is over.").is_hung_up_on()
    assert "pressed •••" in host.story
    assert "left by ended" in guest.story
