"""Each kind of step: what of a recorded call a draft can take as its answer, and what it cannot know."""

from dataclasses import replace
from typing import Any

import pytest

from ivr.engine import Position
from ivr.hours.opening import Opening
from ivr.kinds.base import Asked, Consents, Place, Queued, QueueStatus, Silence
from ivr.kinds.known import KnownCaller
from tests.ivr.factories import END, make_document, make_step, option
from tests.ivr.replay.recorder import STAFFED, Call, told

SALES = make_step("queue", queue="7", wait=[{"kind": "music", "prompt": "", "seconds": 0}])
MAIN = make_step("voicemail", mailbox="3", prompts={"greeting": "leave"}, exits={"recorded": "bye", "empty": "bye"})
WAYS = dict.fromkeys(("answered", "timed_out", "full", "unstaffed"), "mail")


def queue(queue: str = "7", *, exits: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {**SALES, "queue": queue, "exits": {**WAYS, "answered": "bye", **(exits or {})}, **more}


def menu(*options: dict[str, Any], exits: dict[str, str], **more: Any) -> dict[str, Any]:
    ways = {"no_input": "bye", "wrong_input": "bye", **exits}
    return make_step("menu", exits=ways, prompts={"greeting": "choose"}, options=list(options), **more)


def steps(**changed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A menu: 1 is Sales, which has a queue and a mailbox behind it; 2 is the mailbox at once."""
    usual = {
        "menu": menu(option("sales", "1", "sales"), option("mail", "2"), exits={"sales": "sales", "mail": "mail"}),
        "sales": queue(),
        "mail": MAIN,
        "bye": END,
    }
    return {**usual, **changed}


def document(first: str = "menu", flow: int = 1, **changed: dict[str, Any]) -> Any:
    return make_document(steps(**changed), first=first, flow=flow)


OLD = document()


def pressing(digits: str, **facts: Any) -> Call:
    return Call(OLD, queues=STAFFED, **facts).press(digits)


def test_the_same_document_brings_everybody_to_the_same_place() -> None:
    cases = {
        "queue:7": [pressing("1").talk(), pressing("1").queue().leave_queue("hung up", 40).hang_up()],
        "voicemail:3": [
            pressing("2").record(20),
            pressing("2").record(0),
            pressing("2").hang_up(),
            pressing("2").record(9, hung_up=True),
            Call(OLD).press("1"),  # nobody staffed
        ],
        "hung_up:menu": [Call(OLD).hang_up(), Call(OLD).press("9").hang_up()],
        "ended:bye": [Call(OLD).be_silent().be_silent().be_silent()],
    }
    for key, calls in cases.items():
        for call in calls:
            assert told(call.in_draft(OLD)) == (key, key)


def test_who_hangs_up_after_a_conversation_has_reached_the_queue() -> None:
    survey = menu(option("good", "1"), exits={"good": "bye"})
    old = document(sales=queue(exits={"answered": "survey"}), survey=survey)
    call = Call(old, queues=STAFFED).press("1").talk().hang_up()

    assert told(call.in_draft(old)) == ("queue:7", "queue:7")


def test_a_moved_target_leads_elsewhere() -> None:
    moved = document(menu=menu(option("sales", "1"), option("mail", "2"), exits={"sales": "mail", "mail": "mail"}))

    assert told(pressing("1").talk().in_draft(moved)) == ("queue:7", "voicemail:3 and on")
    assert told(pressing("2").record(5).in_draft(moved)) == ("voicemail:3", "voicemail:3")


def test_a_new_option_takes_those_who_pressed_its_key_before_it_was_there() -> None:
    exits = {"sales": "sales", "mail": "mail", "support": "support"}
    options = (option("sales", "1"), option("mail", "2"), option("support", "3"))
    new = document(menu=menu(*options, exits=exits), support=queue("8"))

    assert told(pressing("3").press("2").record(5).in_draft(new)) == ("voicemail:3", "queue:8 and on")
    assert told(pressing("2").record(5).in_draft(new)) == ("voicemail:3", "voicemail:3")


def test_a_question_never_asked_before_is_not_known() -> None:
    first = menu(option("yes", "1"), exits={"yes": "menu"})
    new = document("before", before=first)

    assert told(pressing("2").record(5).in_draft(new)) == ("voicemail:3", "? never-asked before")


def test_who_is_asked_once_more_than_then_is_not_known() -> None:
    patient = document(menu=menu(option("mail", "2"), exits={"mail": "mail"}, settings={"max_silences": 5}))
    short = document(
        menu=menu(option("mail", "2"), exits={"mail": "mail", "no_input": "mail"}, settings={"max_silences": 1})
    )
    silent = Call(OLD).be_silent().be_silent().be_silent()

    assert told(silent.in_draft(patient)) == ("ended:bye", "? asked-again menu")
    assert told(silent.in_draft(short)) == ("ended:bye", "voicemail:3 and on")


def test_who_hung_up_does_so_again_only_where_they_hear_the_same() -> None:
    words = {"choose": {"en-US": {"text": "Something new."}}}
    new = make_document(steps(), texts=words)
    before = document("hello", hello=make_step("message", exits={"next": "menu"}, prompts={"message": "hello"}))

    assert told(Call(OLD).hang_up().in_draft(new)) == ("hung_up:menu", "? other-words menu")
    assert told(Call(OLD).hang_up().in_draft(before)) == ("hung_up:menu", "? other-words menu")
    assert told(Call(OLD).press("1").hang_up().in_draft(new)) == ("voicemail:3", "voicemail:3")


def test_words_are_understood_as_the_draft_understands_them() -> None:
    new = document(menu=menu(option("post", "2", "sales"), exits={"post": "mail"}))
    asks = document(
        menu={
            **menu(option("sales", "1", "sales"), exits={"sales": "sales"}, settings={"threshold": 0.9}),
            "prompts": {"greeting": "choose", "confirm": "really"},
        }
    )
    said = Call(OLD, queues=STAFFED).speak("sales please", 0.8).talk()

    assert told(said.in_draft(new)) == ("queue:7", "voicemail:3 and on")
    assert told(said.in_draft(asks)) == ("queue:7", "? asked-again menu")
    confirmed = Call(asks, queues=STAFFED).speak("sales", 0.5).press("1").talk()
    assert told(confirmed.in_draft(asks)) == ("queue:7", "queue:7")
    assert told(confirmed.in_draft(new)) == ("queue:7", "voicemail:3 and on")
    # the 1 was a yes: it is no choice of anything
    deaf = document(menu=menu(option("other", "1", "else"), exits={"other": "mail"}))
    assert told(confirmed.in_draft(deaf)) == ("queue:7", "? never-asked menu")


def collecting(**settings: Any) -> Any:
    step = make_step(
        "collect",
        prompts={"question": "number"},
        exits={"collected": "sales", "no_input": "mail", "wrong_input": "mail"},
        settings={"min_length": 4, "max_length": 6, **settings},
    )
    return document("ask", ask=step)


@pytest.mark.parametrize(
    ("settings", "would"),
    [
        ({}, "queue:7"),
        ({"min_length": 5}, "? asked-again ask"),
        ({"max_mistakes": 1, "min_length": 5}, "voicemail:3 and on"),
    ],
)
def test_digits_count_as_the_draft_counts_them(settings: dict[str, Any], would: str) -> None:
    call = Call(collecting(), queues=STAFFED).press("1234").talk()

    assert told(call.in_draft(collecting(**settings))) == ("queue:7", would)


def test_secret_digits_are_taken_as_then_and_never_anew() -> None:
    secret = collecting(secret=True)
    call = Call(secret, queues=STAFFED).press("1").press("1234").talk()

    assert told(call.in_draft(secret)) == ("queue:7", "queue:7")
    assert told(call.in_draft(collecting(secret=True, min_length=3))) == ("queue:7", "? secret ask")
    assert told(call.in_draft(collecting())) == ("queue:7", "? secret ask")


def test_what_was_erased_is_not_known() -> None:
    call = Call(collecting(), queues=STAFFED).press("1234").talk()
    call.lines = [line.replace("1234", "+1•••34") for line in call.lines]

    assert told(call.in_draft(collecting())) == ("queue:7", "? erased ask")
    call.lines = []
    assert told(call.in_draft(OLD)) == ("", "? erased ")


def hours(schedule: str = "4") -> dict[str, Any]:
    return make_step("hours", schedule=schedule, exits={"open": "menu", "closed": "mail", "holiday": "bye"})


def test_hours_are_as_recorded_and_those_of_a_new_step_as_the_schedule_says() -> None:
    old = document("hours", hours=hours())
    call = Call(old, openings={"4": Opening("open")}, queues=STAFFED).press("1").talk()

    assert told(call.in_draft(old, openings={"4": "closed"})) == ("queue:7", "queue:7")
    other = document("hours", hours=hours("5"))
    assert told(call.in_draft(other, openings={"5": "closed"})) == ("queue:7", "voicemail:3 and on")
    assert told(pressing("1").talk().in_draft(old, openings={"4": "holiday"})) == ("queue:7", "ended:bye")
    (asked,) = pressing("1").talk().in_draft(old, openings={"4": "open"}).consulted
    assert asked == ("4", -1, Opening("open"))
    assert call.in_draft(old).consulted == ()


@pytest.mark.parametrize(
    ("changed", "would"),
    [
        ({"settings": {"longest": 100}}, "queue:7"),
        ({"settings": {"longest": 20}}, "voicemail:3 and on"),
        ({"queue": "8"}, "queue:8 and on"),
        ({"options": [option("out", "5")], "exits": {**WAYS, "answered": "bye", "out": "mail"}}, "voicemail:3 and on"),
        ({"options": [option("out", "6")], "exits": {**WAYS, "answered": "bye", "out": "mail"}}, "queue:7"),
    ],
)
def test_a_wait_that_was_answered(changed: dict[str, Any], would: str) -> None:
    call = pressing("1").queue().wait_press("5").leave_queue("talking", 30)
    call.hear(Queued("redirected"), place=Place("answered"))

    assert told(call.in_draft(document(sales=queue(**changed)))) == ("queue:7", would)


@pytest.mark.parametrize(
    ("changed", "would"),
    [
        ({}, "voicemail:3"),
        ({"settings": {"longest": 90}}, "? wait sales"),
        ({"settings": {"longest": 30}}, "voicemail:3"),
    ],
)
def test_a_wait_that_was_too_long(changed: dict[str, Any], would: str) -> None:
    old = document(sales=queue(settings={"longest": 60}))
    call = Call(old, queues=STAFFED).press("1").queue().leave_queue("waited too long", 61)
    call.hear(Queued("leave"), place=Place("timed-out")).record(5)

    assert told(call.in_draft(document(sales=queue(**({"settings": {"longest": 60}} | changed))))) == (
        "voicemail:3",
        would,
    )


def test_a_queues_own_limit_counts_too() -> None:
    call = pressing("1").talk(30)

    assert told(call.in_draft(OLD, longest={"7": 20})) == ("queue:7", "queue:7")
    assert told(call.in_draft(document(sales=queue(settings={"longest": 25})), longest={"7": 20})) == (
        "queue:7",
        "queue:7",
    )


def test_a_queue_that_was_unstaffed_or_full() -> None:
    waits = document(sales=queue(settings={"unstaffed": "never"}))
    unstaffed = Call(OLD).press("1").record(5)
    full = Call(OLD, queues={"7": QueueStatus(staffed=True, full=True)}).press("1").record(5)

    assert told(unstaffed.in_draft(waits)) == ("voicemail:3", "queue:7 and on")
    assert told(full.in_draft(waits)) == ("voicemail:3", "voicemail:3")
    abandoned = Call(waits, queues=STAFFED).press("1").queue().leave_queue("hung up", 30).hang_up()
    assert told(abandoned.in_draft(OLD)) == ("queue:7", "? staffed sales")
    assert told(Call(waits, queues=STAFFED).press("1").talk().in_draft(OLD)) == ("queue:7", "queue:7")


def test_a_queue_that_moved_to_another_step_is_the_same_question() -> None:
    call = pressing("1").queue().leave_queue("waited too long", 300)
    call.hear(Queued("leave"), place=Place("timed-out")).record(5)
    ways = {"sales": "again", "mail": "mail"}
    moved = document(menu=menu(option("sales", "1"), option("mail", "2"), exits=ways), again=queue())

    assert told(call.in_draft(moved)) == ("voicemail:3", "voicemail:3")


def test_whom_an_agent_sent_on_goes_there_again() -> None:
    call = pressing("1").queue().leave_queue("talking", 20)
    call.hear(Queued("redirected"), place=Place("answered", "7", 0, "step:1:mail")).record(5)

    assert told(call.in_draft(OLD)) == ("voicemail:3", "voicemail:3")


def ring(*targets: str, **settings: Any) -> dict[str, Any]:
    ways = {"answered": "bye", "busy": "mail", "nobody": "mail", "failed": "mail"}
    return make_step("ring", exits=ways, settings={"targets": list(targets) or ["client:ann"], **settings})


@pytest.mark.parametrize(
    ("changed", "answered", "nobody"),
    [
        (ring(), "ring:ring", "voicemail:3"),
        (ring("client:bob"), "? rung ring", "? rung ring"),
        (ring(seconds=60), "ring:ring", "? rung ring"),
        (ring(seconds=10), "? rung ring", "voicemail:3"),
    ],
)
def test_ringing_ends_as_then_for_the_same_people_and_time(changed: dict[str, Any], answered: str, nobody: str) -> None:
    old, new = document("ring", ring=ring()), document("ring", ring=changed)

    assert told(Call(old).dialed("completed", bridged=True).in_draft(new)) == ("ring:ring", answered)
    assert told(Call(old).dialed("no-answer").record(5).in_draft(new)) == ("voicemail:3", nobody)


def test_a_new_ring_step_is_reached_and_more_is_not_known() -> None:
    assert told(pressing("2").record(5).in_draft(document("ring", ring=ring()))) == (
        "voicemail:3",
        "ring:ring and on",
    )
    rung = Call(document("ring", ring=ring())).hang_up()
    assert told(rung.in_draft(document("ring", ring=ring()))) == ("ring:ring", "ring:ring")


def who(*options: dict[str, Any], exits: dict[str, str] | None = None, **settings: Any) -> Any:
    ways = {"known": "mail", "unknown": "bye", "vip": "sales", "blocked": "bye"}
    step = make_step("caller", exits=exits or ways, options=list(options), settings=settings)
    return document("who", who=step)


def test_who_called_is_as_noted() -> None:
    old = who(exits={"known": "mail", "unknown": "bye"})
    vip = Call(old, known=KnownCaller("1", is_vip=True), queues=STAFFED).record(5)
    nobody = Call(old)

    assert told(vip.in_draft(who())) == ("voicemail:3", "queue:7 and on")
    assert told(nobody.in_draft(who())) == ("ended:bye", "ended:bye")
    assert told(pressing("2").record(5).in_draft(who())) == ("voicemail:3", "? who-calls who")
    assert told(pressing("2").record(5).in_draft(who(), caller="anonymous")) == ("voicemail:3", "ended:bye")


def test_older_histories_tell_only_the_way_that_was_taken() -> None:
    old = who(exits={"known": "mail", "unknown": "bye"})
    known = Call(old, known=KnownCaller("1", is_vip=True), queues=STAFFED).record(5)
    known.lines = ["known {}" if line.startswith("known ") else line for line in known.lines]

    assert told(known.in_draft(old)) == ("voicemail:3", "voicemail:3")
    assert told(known.in_draft(who())) == ("voicemail:3", "? who-calls who")


def test_an_option_by_value_is_followed_where_the_value_is_sure() -> None:
    ways = {"known": "mail", "unknown": "bye", "gold": "bye"}
    old = who(option("gold", "", "gold"), exits=ways, decide="plan")
    gold = Call(old, known=KnownCaller("1", attributes={"plan": "Gold"}))
    other = Call(old, known=KnownCaller("1", attributes={"plan": "tin"})).record(5)
    moved = who(option("best", "", "gold", "silver"), exits={**ways, "best": "sales"}, decide="plan")

    assert told(gold.in_draft(old)) == ("ended:bye", "ended:bye")
    assert told(gold.in_draft(moved)) == ("ended:bye", "queue:7 and on")
    assert told(other.in_draft(old)) == ("voicemail:3", "voicemail:3")
    assert told(other.in_draft(moved)) == ("voicemail:3", "? who-calls who")


def asking(*options: dict[str, Any], **settings: Any) -> Any:
    ways = {"found": "mail", "default": "bye", **{row["exit"]: "sales" for row in options}}
    step = make_step(
        "look_up", source="2", prompts={"message": "wait"}, exits=ways, options=list(options), settings=settings
    )
    return document("ask", ask=step)


def test_a_look_up_is_answered_as_then() -> None:
    old = asking(keep=["tier"])
    call = Call(old).hear(Silence(), asked=Asked({"tier": "gold"})).record(5)
    gold = asking(option("gold", "", "gold"), keep=["tier"], decide="tier")
    answers = {"ask": {"tier": "gold"}}

    assert told(call.in_draft(gold, answers=answers)) == ("voicemail:3", "queue:7 and on")
    assert told(call.in_draft(old)) == ("voicemail:3", "voicemail:3")
    assert told(call.in_draft(gold)) == ("voicemail:3", "? erased ask")
    other = asking(option("gold", "", "gold"), keep=["tier", "plan"], decide="plan")
    assert told(call.in_draft(other, answers=answers)) == ("voicemail:3", "? looked-up ask")
    late = Call(old).hear(Silence(), asked=Asked(is_over=True))
    assert told(late.in_draft(old)) == ("ended:bye", "ended:bye")
    assert told(late.in_draft(asking(keep=["tier"], seconds=9))) == ("ended:bye", "? looked-up ask")
    assert told(pressing("2").record(5).in_draft(old)) == ("voicemail:3", "? looked-up ask")


def test_a_new_look_up_whose_ways_all_lead_on_is_passed() -> None:
    step = make_step("look_up", source="2", prompts={"message": "wait"}, exits={"found": "menu", "default": "menu"})

    assert told(pressing("2").record(5).in_draft(document("ask", ask=step))) == ("voicemail:3", "voicemail:3")


def text(**exits: str) -> Any:
    step = make_step("text", prompts={"text": "words"}, exits={"sent": "mail", "not_possible": "bye", **exits})
    return document("text", text=step)


def test_a_text_was_sent_or_not() -> None:
    sent, refused = Call(text(), caller="+14155550123"), Call(text())
    sent.position = noted(sent.position, "sent")
    sent.be_silent().record(5)

    assert told(sent.in_draft(text())) == ("voicemail:3", "voicemail:3")
    assert told(refused.in_draft(text(), caller="")) == ("ended:bye", "ended:bye")
    assert told(pressing("2").record(5).in_draft(text())) == ("voicemail:3", "? texted text")
    assert told(pressing("2").record(5).in_draft(text(sent="menu", not_possible="menu"))) == (
        "voicemail:3",
        "voicemail:3",
    )


def noted(position: Position, what: str) -> Position:
    return replace(position, progress=replace(position.progress, noted=what))


def calling_back(**settings: Any) -> Any:
    ways = {"stored": "bye", "refused": "mail", "failed": "mail"}
    prompts = {"confirm": "confirm", "key_in": "key", "stored": "stored"}
    return document(
        first="back", back=make_step("call_back", queue="7", exits=ways, prompts=prompts, settings=settings)
    )


def test_a_call_back_is_stored_as_then_where_it_is_asked_in_the_same_way() -> None:
    call = Call(calling_back(), caller="+14155550123", own_number="+15005550100").press("1")
    call.position = noted(call.position, "stored")
    call.be_silent()

    assert told(call.in_draft(calling_back())) == ("call_back:7", "call_back:7")
    assert told(call.in_draft(calling_back(countries="DE"))) == ("call_back:7", "? secret back")
    assert told(pressing("2").record(5).in_draft(calling_back())) == ("voicemail:3", "? never-asked back")


def room(**settings: Any) -> Any:
    ways = {"left": "bye", "ended": "bye", "wrong_pin": "mail", "full": "mail"}
    return document(
        first="room", room=make_step("conference_room", room="6", exits=ways, prompts={"pin": "pin"}, settings=settings)
    )


def test_a_room_lets_in_whom_it_let_in() -> None:
    inside = Call(room(), admitted="guest").press("1234")
    stayed = Call(room(), admitted="guest").press("1234").tell("joined", {"who": "A", "role": "customer"}).hang_up()
    wrong = Call(room()).press("1").press("2").press("3").record(5)
    inside.hear(Silence(), meeting=True)

    assert told(inside.in_draft(room())) == ("room:6", "room:6")
    assert told(stayed.in_draft(room())) == ("room:6", "room:6")
    assert told(wrong.in_draft(room())) == ("voicemail:3", "voicemail:3")
    assert told(wrong.in_draft(room(max_tries=5))) == ("voicemail:3", "? secret room")
    assert told(pressing("2").record(5).in_draft(room())) == ("voicemail:3", "? never-asked room")


def consenting() -> Any:
    step = make_step("consent", exits={"agreed": "mail", "refused": "bye"})
    return document("may", may=step)


def test_consent_is_given_as_then() -> None:
    refused = Call(consenting(), consents={"talk:": Consents(refused=True)})

    assert told(refused.in_draft(consenting(), asks=True)) == ("ended:bye", "ended:bye")
    assert told(pressing("2").record(5).in_draft(consenting(), asks=True)) == ("voicemail:3", "? consent may")
    assert told(pressing("2").record(5).in_draft(consenting())) == ("voicemail:3", "voicemail:3")


def test_a_message_is_as_long_as_it_was() -> None:
    def mail(**settings: Any) -> Any:
        return document(mail={**MAIN, "settings": settings})

    left = pressing("2").record(20)
    empty = pressing("2").record(1)

    for settings, would in (({"min_seconds": 1}, "voicemail:3"), ({"min_seconds": 9}, "? outcome mail")):
        assert told(left.in_draft(mail(**settings))) == ("voicemail:3", would)
    assert told(empty.in_draft(mail(min_seconds=1))) == ("voicemail:3", "? outcome mail")


def test_a_call_goes_through_other_flows_as_they_are_published() -> None:
    go = make_step("go_to", to_flow="2", exits={})
    front = make_document({"menu": menu(option("mail", "2"), exits={"mail": "go"}), "go": go, "bye": END}, flow=1)
    back = make_document({"box": {**MAIN, "exits": {"recorded": "end", "empty": "end"}}, "end": END}, flow=2)
    other = make_document(
        {"box2": {**MAIN, "mailbox": "5", "exits": {"recorded": "end", "empty": "end"}}, "end": END}, flow=2
    )
    call = Call(front, flows={"2": back}).press("2").record(5)

    assert told(call.in_draft(front, flows={"2": back})) == ("voicemail:3", "voicemail:3")
    # a draft of the second flow is met by who comes there from the first
    assert told(call.in_draft(other, flows={"2": back})) == ("voicemail:3", "voicemail:5 and on")


def test_a_call_whose_version_is_gone_is_not_known() -> None:
    call = pressing("2").record(5)
    call.first = make_document(steps(), flow=9)

    assert told(call.in_draft(document(mail={**MAIN, "mailbox": "5"}), gone=True)) == ("", "? version mail")


def away(**settings: Any) -> Any:
    settings = {"address": "https://studio.example.com/flow", **settings}
    return document("away", away=make_step("send_away", exits={"failed": "mail"}, settings=settings))


def test_a_call_that_is_sent_away_comes_no_further() -> None:
    gone, back = Call(away()).hang_up(), Call(away()).be_silent().record(5)
    by_sip = away(to="sip", address="sip:desk@company.example")

    assert told(gone.in_draft(away())) == ("away:away", "away:away")
    assert told(back.in_draft(away())) == ("voicemail:3", "voicemail:3")
    assert told(pressing("2").record(5).in_draft(away())) == ("voicemail:3", "away:away and on")
    assert told(pressing("2").record(5).in_draft(by_sip)) == ("voicemail:3", "? by-sip away")
    assert told(pressing("2").record(5).in_draft(by_sip, caller="sip:ann@company.example")) == (
        "voicemail:3",
        "away:away and on",
    )


def written(*options: dict[str, Any], words: str = "Hello") -> Any:
    twiml = f'<Response><Gather action="{{next}}"><Say>{words}</Say></Gather></Response>'
    ways = {"next": "mail", **{row["exit"]: "bye" for row in options}}
    step = make_step("raw_twiml", exits=ways, options=list(options), settings={"twiml": twiml})
    return document("raw", raw=step)


def test_raw_twiml_that_is_the_same_hears_the_same() -> None:
    pressed, silent = Call(written()).press("7").record(5), Call(written()).be_silent().record(5)
    seven = option("seven", "", "7")

    assert told(pressed.in_draft(written())) == ("voicemail:3", "voicemail:3")
    assert told(pressed.in_draft(written(seven))) == ("voicemail:3", "ended:bye")
    assert told(silent.in_draft(written(seven))) == ("voicemail:3", "voicemail:3")
    assert told(pressed.in_draft(written(seven, words="Press"))) == ("voicemail:3", "? never-asked raw")


def branching(*options: dict[str, Any], **settings: Any) -> dict[str, Any]:
    ways = {"otherwise": "mail", **{row["exit"]: "bye" for row in options}}
    return make_step("branch", exits=ways, options=list(options), settings=settings)


def test_a_branch_goes_by_what_was_collected_and_by_the_time_of_the_call() -> None:
    old = collecting()
    call = Call(old, queues=STAFFED).press("1234").talk()
    steps_of = {"ask": {**old_step(old), "exits": {"collected": "which", "no_input": "mail", "wrong_input": "mail"}}}
    by_value = branching(option("mine", "", "is: 1234"), by="variable", variable="digits")
    by_time = branching(option("then", "", "time: 00:00 to 23:59"), by="time")

    assert told(call.in_draft(document("ask", **steps_of, which=by_value))) == ("queue:7", "ended:bye")
    found = call.in_draft(document("ask", **steps_of, which=by_time))
    assert (told(found)[0], found.timed) == ("queue:7", True)


def old_step(document: Any) -> dict[str, Any]:
    step = document.steps["ask"]
    return make_step("collect", prompts=dict(step.prompts), settings={"min_length": 4, "max_length": 6})


def test_what_was_kept_in_a_flow_before_this_one_is_not_known() -> None:
    go = make_step("go_to", to_flow="2", exits={})
    ask = {**old_step(collecting()), "exits": {"collected": "go", "no_input": "bye", "wrong_input": "bye"}}
    front = make_document({"ask": ask, "go": go, "bye": END}, flow=1)
    end = {"end": END, "bye": END, "mail": {**MAIN, "exits": {"recorded": "end", "empty": "end"}}}
    back = make_document(end, first="mail", flow=2)
    which = branching(option("mine", "", "is: 1234"), by="variable", variable="digits")
    draft = make_document({**end, "which": which}, first="which", flow=2)
    call = Call(front, flows={"2": back}).press("1234").record(5)

    assert told(call.in_draft(draft, flows={"2": back})) == ("voicemail:3", "? value which")


def test_a_share_draws_for_a_recorded_call_what_it_would_have_drawn() -> None:
    share = make_step(
        "share", exits={"a": "mail", "b": "mail"}, options=[option("a", "", "50 %"), option("b", "", "50 %")]
    )

    found = pressing("2").record(5).in_draft(document("share", share=share))

    assert told(found) == ("voicemail:3", "voicemail:3")
    assert found.timed
