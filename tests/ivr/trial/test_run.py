from datetime import timedelta
from typing import Any

import pytest

from ivr.hours.opening import Interval, Week
from ivr.kinds.known import KnownCaller
from ivr.trial.conditions import Conditions, HangUp, Input, Press, RoomAs, Say, Speak, StaySilent
from tests.ivr.factories import END, make_document, make_step, option
from tests.ivr.trial.tries import MONDAY, a_world, attempt, ways, whats

MENU = make_step(
    "menu",
    prompts={"greeting": "greeting", "confirm": "confirm"},
    options=[option("Sales", "1", "sales"), option("Box", "2", "message")],
    exits={"Sales": "bye", "Box": "box", "no_input": "bye", "wrong_input": "bye"},
)
BOX = make_step(
    "voicemail",
    mailbox="1",
    prompts={"greeting": "speak"},
    exits={"recorded": "bye", "empty": "end"},
    settings={"silence": 4},
)
BYE = make_step("hang_up", prompts={"goodbye": "goodbye"})
FLOW = {"menu": MENU, "box": BOX, "bye": BYE, "end": END}
TEXTS = {"greeting": {"en-US": {"text": "Press 1, or 2 to leave a message."}}}


def desk(**settings: Any) -> dict[str, dict[str, Any]]:
    ways = dict.fromkeys(("busy", "nobody", "failed"), "bye") | {"answered": "end"}
    ring = make_step("ring", exits=ways, settings={"targets": ["+14155550111", "client:ann"], **settings})
    if settings.get("screening"):
        ring["prompts"] = {"whisper": "whisper"}
    return {"ring": ring, "bye": BYE, "end": END}


def test_without_an_input_a_trial_stops_where_the_caller_would_have_to_answer() -> None:
    trial = attempt(FLOW)

    assert trial.heard == ("greeting in English.",)
    assert trial.ending == ""
    assert trial.reached.kind == "open"
    assert (trial.expects.may, trial.expects.step) == ("answer", "menu")
    assert trial.expects.keys == (("1", "Sales"), ("2", "Box"))
    assert trial.expects.words
    assert len(trial.twiml) == 1
    assert trial.seconds > 1


def test_a_key_takes_its_way_and_each_moment_has_its_second() -> None:
    trial = attempt(FLOW, Press("1"))

    assert ways(trial) == [("menu", "Sales")]
    assert trial.ending == "completed"
    assert trial.reached.kind == "ended"
    assert [stay.step for stay in trial.stays] == ["menu", "bye"]
    assert [stay.exit for stay in trial.stays] == ["Sales", ""]
    assert sum(stay.seconds for stay in trial.stays) == pytest.approx(trial.seconds, abs=0.1)
    assert [moment.second for moment in trial.moments] == sorted(moment.second for moment in trial.moments)
    assert trial.used == 1


@pytest.mark.parametrize(
    ("inputs", "way"),
    [
        ([Say("sales please", 0.9)], [("menu", "Sales")]),
        ([Say("sales", 0.1), Press("1")], [("menu", "Sales")]),
        ([Press("9"), Press("1")], [("menu", "Sales")]),
        ([StaySilent()] * 3, [("menu", "no_input")]),
        ([Press("9")] * 3, [("menu", "wrong_input")]),
        ([Press("#"), StaySilent(), StaySilent()], [("menu", "no_input")]),
        ([Press("2"), Speak(9)], [("menu", "Box"), ("box", "recorded")]),
        ([Press("2"), Speak(1)], [("menu", "Box"), ("box", "empty")]),
        ([Press("2"), StaySilent()], [("menu", "Box"), ("box", "empty")]),
        ([Press("2"), Press("#")], [("menu", "Box"), ("box", "empty")]),
    ],
)
def test_ways_through_a_flow(inputs: list[Input], way: list[tuple[str, str]]) -> None:
    trial = attempt(FLOW, *inputs)

    assert ways(trial) == way
    assert trial.ending


def test_a_silence_takes_as_long_as_the_step_waits() -> None:
    asked = attempt(FLOW)
    again = attempt(FLOW, StaySilent())

    silence = next(moment for moment in again.moments if moment.what == "silent")
    assert (silence.second, silence.seconds) == (asked.seconds, 5)


def test_who_hangs_up_ends_the_call_where_it_is() -> None:
    trial = attempt(FLOW, HangUp())

    assert trial.ending == "caller hung up"
    assert whats(trial)[-1] == "hung up"
    assert trial.path == ()


def test_a_message_reaches_the_mailbox_also_of_who_hangs_up() -> None:
    beep = attempt(FLOW, Press("2"))
    left = attempt(FLOW, Press("2"), Speak(9, hangs_up=True))
    silent = attempt(FLOW, Press("2"), HangUp())

    assert (beep.expects.may, beep.reached.kind, beep.reached.name) == ("message", "mailbox", "Front desk")
    assert left.ending == silent.ending == "caller hung up"
    assert "message" in whats(left)
    assert "missed" in whats(silent)


@pytest.mark.parametrize(
    ("word", "way"), [("busy", "busy"), ("no-answer", "nobody"), ("failed", "failed"), ("declined", "busy")]
)
def test_who_is_rung_and_does_not_answer(word: str, way: str) -> None:
    trial = attempt(desk(), rung={"ring": word})

    assert ways(trial) == [("ring", way)]
    assert trial.reached.kind == "ended"


def test_who_is_rung_and_answers_is_reached_and_the_flow_goes_on_after_the_talk() -> None:
    talking = attempt(desk())
    over = attempt(desk(), StaySilent(), talk=30)
    gone = attempt(desk(), HangUp())

    assert (talking.expects.may, talking.reached.kind) == ("talk", "person")
    assert talking.reached.name == "+14155550111, client:ann"
    assert ways(over) == [("ring", "answered")]
    assert over.seconds == talking.seconds + 30
    assert gone.ending == "caller hung up"
    assert gone.reached.kind == "person"


def test_who_is_rung_one_after_the_other_has_each_a_word() -> None:
    flow = desk(order="in_turn", screening=True)

    trial = attempt(flow, rung={"ring": "declined answered"})
    nobody = attempt(flow, rung={"ring": "no-answer busy"})

    assert trial.reached.kind == "person"
    assert [sent.to for sent in trial.documents] == ["caller", "rung", "rung", "caller", "rung", "rung"]
    assert whats(trial).count("whispered") == 2
    assert ways(nobody) == [("ring", "nobody")]


def test_opening_hours_are_those_of_the_second_at_which_the_call_comes_to_them() -> None:
    hours = make_step("hours", schedule="7", exits={"open": "bye", "closed": "box", "holiday": "end"})
    flow = FLOW | {"menu": MENU | {"exits": MENU["exits"] | {"Sales": "hours"}}, "hours": hours}
    week = Week("UTC", (Interval(0, MONDAY.time(), (MONDAY + timedelta(seconds=5)).time()),))
    world = {"weeks": {"7": week}}
    greeting = {"greeting": {"en-US": {"text": "A long greeting. " * 30}}}
    slow = make_document(flow, texts=greeting)

    assert ways(attempt(flow, Press("1"), world=world))[1] == ("hours", "open")
    assert ways(attempt(slow, Press("1"), world=world))[1] == ("hours", "closed")
    assert ways(attempt(flow, Press("1"), world=world, openings={"7": "holiday"}))[1] == ("hours", "holiday")


@pytest.mark.parametrize(
    ("known", "way"),
    [
        (None, "unknown"),
        (KnownCaller("7", "Carla"), "known"),
        (KnownCaller("7", is_vip=True), "vip"),
        (KnownCaller("7", is_vip=True, is_blocked=True), "blocked"),
        (KnownCaller("7", attributes={"plan": "Gold"}), "Gold"),
    ],
)
def test_who_calls(known: KnownCaller | None, way: str) -> None:
    exits = dict.fromkeys(("known", "unknown", "vip", "blocked", "Gold"), "end")
    who = make_step("caller", exits=exits, options=[option("Gold", "", "gold")], settings={"decide": "plan"})

    trial = attempt({"who": who, "end": END}, known=known)

    assert ways(trial) == [("who", way)]
    assert trial.variables.get("caller_name", "") == (known.name if known else "")


@pytest.mark.parametrize(
    ("answer", "way", "seconds"), [({"plan": "gold", "more": "x"}, "gold", 5), ({}, "found", 5), (None, "default", 6)]
)
def test_a_source_answers_or_does_not_in_time(answer: dict[str, str] | None, way: str, seconds: float) -> None:
    ask = make_step(
        "look_up",
        source="1",
        prompts={"message": "moment"},
        options=[option("gold", "", "gold")],
        settings={"decide": "plan", "seconds": 4},
        exits={"gold": "end", "found": "end", "default": "end"},
    )

    trial = attempt({"ask": ask, "end": END}, looked_up={"1": answer})

    assert ways(trial) == [("ask", way)]
    assert trial.variables == ({"plan": "gold"} if answer and "plan" in answer else {})
    assert trial.seconds <= seconds
    assert ("answers" if answer is not None else "unanswered") in whats(trial)


@pytest.mark.parametrize(
    ("pressed", "supposed", "way"),
    [
        ("2222#", {}, "left"),
        ("1111#", {}, "left"),
        ("1111#", {"closed": True}, "ended"),
        ("1111#", {"full": True}, "full"),
        ("5#", {"host_pin": "5"}, "left"),
        ("7#", {}, "wrong_pin"),
    ],
)
def test_a_room_lets_in_by_pins_that_are_made_up(pressed: str, supposed: dict[str, Any], way: str) -> None:
    exits = dict.fromkeys(("left", "ended", "wrong_pin", "full"), "end")
    room = make_step("conference_room", room="1", prompts={"pin": "pin"}, exits=exits, settings={"max_tries": 1})

    trial = attempt({"room": room, "end": END}, Press(pressed), StaySilent(), rooms={"1": RoomAs(**supposed)})

    assert ways(trial) == [("room", way)]
    assert (trial.reached.kind == "room") == (way in ("left", "ended"))


@pytest.mark.parametrize(
    ("outcome", "way"), [("stored", "stored"), ("present", "stored"), ("refused", "refused"), ("failed", "failed")]
)
def test_a_wish_to_be_called_back(outcome: Any, way: str) -> None:
    prompts = {role: role for role in ("confirm", "key_in", "stored")}
    exits = dict.fromkeys(("stored", "refused", "failed"), "end")
    wish = make_step("call_back", queue="1", prompts=prompts, exits=exits)

    trial = attempt({"wish": wish, "end": END}, Press("1"), call_backs=outcome)
    withheld = attempt({"wish": wish, "end": END}, caller="")

    assert ways(trial) == [("wish", way)]
    assert (trial.reached.kind == "callback") == (way == "stored")
    assert withheld.heard == ("key_in in English.",)


@pytest.mark.parametrize(("outcome", "way"), [("sent", "sent"), ("refused", "not_possible")])
def test_a_text_is_sent_or_refused(outcome: Any, way: str) -> None:
    text = make_step("text", prompts={"text": "text"}, exits={"sent": "end", "not_possible": "end"})

    assert ways(attempt({"text": text, "end": END}, texts=outcome)) == [("text", way)]


@pytest.mark.parametrize(
    ("how", "inputs", "way", "said"),
    [
        ("ask", [Press("1")], "agreed", "agreed"),
        ("ask", [Press("2")], "refused", "refused"),
        ("ask", [StaySilent(), StaySilent()], "refused", "silent"),
        ("tell", [], "agreed", "told"),
        ("none", [], "agreed", ""),
        ("policy", [], "agreed", ""),
    ],
)
def test_consent_to_recording(how: Any, inputs: list[Input], way: str, said: str) -> None:
    consent = make_step("consent", exits={"agreed": "menu", "refused": "end"})
    menu = MENU | {"exits": dict.fromkeys(MENU["exits"], "again")}
    again = make_step("consent", exits={"agreed": "end", "refused": "end"})

    trial = attempt({"consent": consent, "menu": menu, "again": again, "end": END}, *inputs, Press("1"), consent=how)

    assert ways(trial)[0] == ("consent", way)
    assert trial.ending == "completed"  # nobody is asked the same twice
    assert [moment.text for moment in trial.moments if moment.what == "consent"] == ([said] if said else [])


def test_a_secret_question_waits_until_a_recording_is_paused() -> None:
    exits = dict.fromkeys(("collected", "no_input", "wrong_input"), "end")
    secret = make_step("collect", prompts={"question": "question"}, exits=exits, settings={"secret": True})

    trial = attempt({"secret": secret, "end": END}, Press("12#"), recorded=True)

    assert "<Pause" in trial.twiml[0]
    assert "<Gather" in trial.twiml[1]
    assert ways(trial) == [("secret", "collected")]
    assert trial.variables == {}


def test_another_flow_is_entered_and_what_fails_ends_with_the_words_of_the_line() -> None:
    here = make_document({"go": make_step("go_to", to_flow="2")})
    there = make_document({"1": BYE}, flow=2)

    gone = attempt(here)
    went = attempt(a_world(here, flows={"1": here, "2": there}))

    assert (gone.ending, gone.heard) == ("failed", ("We cannot take your call right now. Please try again later.",))
    assert "failed" in whats(gone)
    assert [(stay.flow, stay.step) for stay in went.stays] == [("1", "go"), ("2", "1")]


def test_keys_beyond_those_that_are_asked_for_are_lost_and_too_few_wait_for_more() -> None:
    exits = dict.fromkeys(("collected", "no_input", "wrong_input"), "end")
    settings = {"variable": "number", "max_length": 3, "timeout": 7}
    collect = make_step("collect", prompts={"question": "question"}, exits=exits, settings=settings)
    steps = {"collect": collect, "end": END}

    cut, short, ended = attempt(steps, Press("12345")), attempt(steps, Press("12")), attempt(steps, Press("12#"))

    assert [trial.variables for trial in (cut, short, ended)] == [{"number": "123"}, {"number": "12"}, {"number": "12"}]
    assert short.seconds == cut.seconds + 7
    assert ended.seconds == cut.seconds


def test_conditions_are_all_that_a_run_depends_on() -> None:
    world = a_world(FLOW)

    assert attempt(world, Press("1"), at=MONDAY) == attempt(world, Press("1"), at=Conditions(MONDAY).at)


def test_chance_is_supposed_or_always_the_same_and_time_is_that_of_the_call() -> None:
    share = make_step(
        "share", options=[option("A", "", "50 %"), option("B", "", "50 %")], exits={"A": "when", "B": "when"}
    )
    early = option("Early", "", "time: 00:00 to 06:00")
    when = make_step("branch", options=[early], exits={"Early": "end", "otherwise": "end"}, settings={"by": "time"})
    steps = {"share": share, "when": when, "end": END}

    assert [ways(attempt(steps, drawn={"share": way}))[0] for way in "AB"] == [("share", "A"), ("share", "B")]
    assert ways(attempt(steps)) == ways(attempt(steps))
    assert ways(attempt(steps))[1] == ("when", "otherwise")
    assert ways(attempt(steps, at=MONDAY.replace(hour=5)))[1] == ("when", "Early")


@pytest.mark.parametrize(
    ("to", "caller", "becomes", "way"),
    [
        ("document", "+14155550123", "taken", []),
        ("document", "+14155550123", "failed", [("away", "failed")]),
        ("sip", "sip:ann@company.example", "taken", []),
        ("sip", "sip:ann@company.example", "refused", [("away", "refused")]),
        ("sip", "sip:ann@company.example", "failed", [("away", "failed")]),
        ("sip", "+14155550123", "taken", [("away", "refused")]),
    ],
)
def test_a_call_is_sent_away(to: str, caller: str, becomes: str, way: list[tuple[str, str]]) -> None:
    address = "sip:desk@company.example" if to == "sip" else "https://example.com/flow"
    away = make_step("send_away", exits={"refused": "end", "failed": "end"}, settings={"to": to, "address": address})

    trial = attempt({"away": away, "end": END}, caller=caller, away={"away": becomes})

    assert ways(trial) == way
    assert trial.ending == ("completed" if way else "sent away")
    assert trial.reached.kind == ("ended" if way else "away")
