from typing import Any

import pytest

from ivr.kinds.base import Keys, Place, Queued, QueueStatus, Silence, Told
from ivr.kinds.queue import UNSTAFFED_LOOKS, Queue, _numbered
from ivr.kinds.requests import JoinQueue, LeaveQueue
from queues.states import EntryState
from telephony.twiml import Enqueue, Gather, Leave, Pause, Redirect, Say
from tests.ivr.factories import END, URLS, Walk, make_document, make_step, option, wordings

STAFFED, ALONE, FULL = QueueStatus(staffed=True), QueueStatus(staffed=False), QueueStatus(staffed=True, full=True)
WAITS = Place("waiting", "7", waited=30)
TEXTS = {
    "hello": wordings("We are with you soon.", "Ya le atendemos."),
    "place": wordings("You are number {position}.", "Usted es el número {position}."),
    "time": wordings("Between {low} and {high} minutes.", "Entre {low} y {high} minutos."),
    "song": wordings("La la.", "La la."),
}


def item(kind: str, prompt: str = "", seconds: int = 10) -> dict[str, Any]:
    return {"kind": kind, "prompt": prompt, "seconds": seconds}


LIST = [item("message", "hello"), item("position", "place"), item("estimate", "time"), item("music", "song")]


def queue(wait: list[dict[str, Any]] = LIST, options: list[dict[str, Any]] | None = None, **settings: Any) -> Any:
    exits = {"answered": "bye", "timed_out": "late", "full": "full", "unstaffed": "alone", "Message": "box"}
    ways = dict.fromkeys(("bye", "late", "full", "alone", "box"), END)
    step = make_step("queue", exits=exits, queue="7", wait=wait, settings=settings)
    step["options"] = [option("Message", "1")] if options is None else options
    return make_document({"line": step, **ways}, texts=TEXTS)


def waiting(document: Any = None, **facts: Any) -> Walk:
    walk = Walk(document or queue(), **({"queues": {"7": STAFFED}, "place": WAITS} | facts))
    assert walk.step == "line"
    return walk


def spoken(verbs: Any) -> list[str]:
    found = [prompt for verb in verbs for prompt in (verb.prompts if isinstance(verb, Gather) else [verb])]
    return [verb.text for verb in found if isinstance(verb, Say)]


def test_a_caller_joins_the_queue_in_the_language_and_with_the_points_of_the_step():
    walk = waiting(queue(priority=5))

    assert walk.verbs == (Enqueue("queue-7", URLS.resume, URLS.wait),)
    assert walk.outcome.requests == (JoinQueue("7", "en-US", 5, URLS.resume),)


@pytest.mark.parametrize(
    ("status", "when", "way"),
    [
        (FULL, "always", "full"),
        (ALONE, "always", "unstaffed"),
        (ALONE, "arriving", "unstaffed"),
        (None, "never", "unstaffed"),
    ],
)
def test_who_cannot_be_served_goes_on_at_once(status, when, way):
    walk = Walk(queue(unstaffed=when), queues={"7": status} if status else {})

    assert walk.left_by == [way]
    assert walk.outcome.requests == ()


def test_who_may_wait_for_nobody_waits():
    assert waiting(queue(unstaffed="never"), queues={"7": ALONE}).left_by == []


def test_the_items_come_in_turn_and_from_the_beginning_again():
    walk = waiting(told=Told(3, (5, 10)))

    heard = [spoken(walk.wait(loop).verbs) for loop in range(5)]

    assert heard == [
        ["We are with you soon."],
        ["You are number 3."],
        ["Between 5 and 10 minutes."],
        ["La la."],
        ["We are with you soon."],
    ]


def test_each_item_can_be_interrupted_by_a_key_and_leads_to_the_next():
    gather, redirect = waiting().wait(0).verbs

    assert (gather.action, gather.num_digits, gather.timeout, len(gather.prompts)) == (URLS.wait, 1, 1, 1)
    assert redirect == Redirect(URLS.wait)


def test_an_item_that_has_nothing_to_say_is_passed_over():
    walk = waiting(told=Told())

    assert spoken(walk.wait(1).verbs) == ["La la."]
    assert spoken(walk.wait(2).verbs) == ["La la."]


def test_a_list_without_anything_to_say_is_silence_and_not_a_storm_of_requests():
    walk = waiting(queue([item("estimate", "time")], options=[]))

    pause, redirect = walk.wait(0).verbs

    assert (pause, redirect) == (Pause(10), Redirect(URLS.wait))


def test_a_caller_hears_the_list_in_the_own_language():
    choice = make_step("language", options=[option("es", "2", language="es-US")], exits={"es": "line"})
    line = make_step("queue", queue="7", wait=LIST)
    document = make_document({"language": choice, "line": line}, texts=TEXTS)
    walk = Walk(document, queues={"7": STAFFED}, place=WAITS).press("2")

    assert spoken(walk.wait(0).verbs) == ["Ya le atendemos."]


def test_a_key_leads_out_of_the_queue_and_on_by_its_option():
    walk = waiting()

    out = walk.wait(3, Keys("1"))

    assert out.verbs == (Leave(),)
    assert out.requests == (LeaveQueue("chose “Message”"),)
    assert out.events == (("pressed", {"step": "line", "digits": "1"}),)
    assert walk.queued("leave", place=Place("left", "7")).left_by == ["Message"]


@pytest.mark.parametrize("heard", [Keys("9"), Keys(""), Silence(), Queued("odd")])
def test_whatever_else_is_heard_while_waiting_the_list_goes_on(heard):
    assert spoken(waiting().wait(0, heard).verbs) == ["We are with you soon."]


def test_who_has_waited_long_enough_is_led_out_and_goes_on_once_that_is_stored():
    walk = waiting(queue(longest=60))

    out = walk.wait(0, place=Place("waiting", "7", waited=61))

    assert out.verbs == (Leave(),)
    assert out.requests == (LeaveQueue("waited long enough", timed_out=True),)
    assert walk.queued("leave", place=Place("timed-out", "7")).left_by == ["timed_out"]


def test_nobody_is_led_out_for_the_wait_while_an_agent_is_being_rung():
    walk = waiting(queue(longest=60))

    assert walk.wait(0, place=Place("offered", "7", waited=61)).requests == ()


def test_who_timed_out_by_the_queues_own_rule_is_led_out_and_on():
    walk = waiting()

    assert walk.wait(2, place=Place("timed-out", "7")).verbs == (Leave(),)
    assert walk.queued("leave").left_by == ["timed_out"]


def test_a_desk_that_reloads_sends_nobody_away_but_an_empty_floor_does():
    walk = waiting()
    looks = [walk.wait(loop, queues={"7": ALONE}).verbs == (Leave(),) for loop in range(UNSTAFFED_LOOKS)]

    assert looks == [False] * (UNSTAFFED_LOOKS - 1) + [True]
    assert walk.queued("leave", place=Place("left", "7")).left_by == ["unstaffed"]


def test_somebody_who_is_back_in_between_starts_the_count_anew():
    walk = waiting()
    for status in (ALONE, STAFFED, ALONE):
        assert walk.wait(0, queues={"7": status}).verbs != (Leave(),)


@pytest.mark.parametrize("when", ["arriving", "never"])
def test_who_waits_already_stays_where_the_step_says_so(when):
    walk = waiting(queue(unstaffed=when))

    for loop in range(5):
        assert walk.wait(loop, queues={"7": ALONE}).requests == ()


def test_on_the_way_into_the_conversation_keys_count_no_longer():
    walk = waiting()

    out = walk.wait(0, Keys("1"), place=Place("talking", "7"))

    assert spoken(out.verbs) == ["We are with you soon."]
    assert not any(isinstance(verb, Gather) for verb in out.verbs)
    assert out.requests == ()


@pytest.mark.parametrize("state", ["answered", "left", "timed-out", "abandoned", None])
def test_who_waits_where_nobody_should_is_led_back_to_the_step(state):
    place = Place(state, "7") if state else None

    assert waiting().wait(0, place=place).verbs == (Leave(),)


@pytest.mark.parametrize(
    ("place", "way"),
    [
        (Place(EntryState.ANSWERED, "7"), "answered"),
        (Place(EntryState.LEFT, "7"), "answered"),
        (Place(EntryState.TIMED_OUT, "7"), "timed_out"),
        (None, "full"),
    ],
)
def test_after_a_conversation_the_place_in_line_tells_the_way(place, way):
    assert waiting(place=place).dialed("answered").left_by == [way]


@pytest.mark.parametrize("state", ["waiting", "offered"])
def test_who_was_given_back_waits_again_at_the_same_addresses(state):
    walk = waiting(place=Place(state, "8"))

    walk.dialed("answered")

    assert walk.outcome.stays
    assert walk.verbs == (Enqueue("queue-7", URLS.resume, URLS.wait),)
    assert walk.outcome.requests == ()


def test_news_of_a_conversation_that_is_behind_is_waited_for_a_while():
    walk = waiting(place=Place("talking", "7"))
    looks = 0
    while not walk.dialed("answered").left_by:
        looks += 1
        assert walk.outcome.stays
        # each at an address of its own: without Twilio's token two alike would be taken for one and its repeat
        assert walk.verbs == (Pause(1), Redirect(f"{URLS.resume}?look={looks}"))

    assert 10 < looks < 60
    assert walk.left_by == ["answered"]


def test_a_look_keeps_how_twilio_is_to_connect():
    assert _numbered("https://x/visits/1/2#rc=2", 3) == "https://x/visits/1/2?look=3#rc=2"


def test_who_was_sent_to_a_step_goes_on_there():
    walk = waiting(place=Place("left", "7", destination="step:1:box"))

    walk.dialed("answered")

    assert [data["step"] for data in walk.events("entered")] == ["box"]


def test_who_was_sent_to_a_step_of_another_flow_goes_on_there_or_at_its_beginning():
    other = make_document({"first": END, "second": END}, flow=2)
    for step, entered in (("second", "second"), ("gone", "first")):
        walk = waiting(place=Place("left", "7", destination=f"step:2:{step}"), flows={"2": other})

        walk.dialed("answered")

        assert [data["step"] for data in walk.events("entered")] == [entered]


def test_an_error_of_the_wait_is_tried_once_more_then_the_caller_goes_on():
    walk = waiting()

    walk.queued("error")
    assert walk.outcome.stays
    walk.queued("system-error")

    assert walk.left_by == ["timed_out"]
    assert [type(request) for request in walk.outcome.requests] == [LeaveQueue]


def test_a_queue_that_is_full_at_twilio_is_full():
    assert waiting().queued("queue-full").left_by == ["full"]


def test_a_caller_who_hangs_up_while_waiting_is_gone():
    assert waiting().queued("hangup").ending == "caller hung up"


def test_the_exit_for_nobody_staffed_is_needed_only_where_it_can_be_taken():
    def required(when: str) -> dict[str, bool]:
        step = Queue("1", "Line", {}, {}, unstaffed=when)
        return {row.name: row.required for row in step.exit_names()}

    assert required("always")["unstaffed"]
    assert not required("never")["unstaffed"]


@pytest.mark.parametrize(
    ("wait", "options", "codes"),
    [
        (LIST, [option("Message", "1")], []),
        ([], [], ["empty_wait"]),
        ([item("message")], [], ["empty_wait"]),
        ([item("pause")], [], []),
        (LIST, [option("Message", "1"), option("Other", "1")], ["duplicate_keys"]),
        (LIST, [option("Message", "1", "message")], ["words_while_waiting"]),
    ],
)
def test_problems(wait, options, codes):
    step = queue(wait, options).steps["line"]

    assert [problem.code for problem in step.problems()] == codes
