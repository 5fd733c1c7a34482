from dataclasses import replace

import pytest

from calls.models import EventKind
from ivr import engine
from ivr.engine import Facts, Position
from ivr.kinds.base import Dialed, Keys, Progress, Recorded, Silence, Speech
from ivr.kinds.settings import Broken
from ivr.measuring import MOST_BYTES
from telephony.twiml import Hangup, Redirect, Reject, Say, render
from tests.ivr.factories import END, URLS, Walk, make_document, make_step, option, wordings

MENU = make_step(
    "menu",
    prompts={"greeting": "greeting"},
    options=[option("Sales", "1", "sales"), option("Again", "2")],
    exits={"no_input": "bye", "wrong_input": "bye", "Sales": "hi", "Again": "menu"},
)
HI = make_step("message", prompts={"message": "hello"}, exits={"next": "bye"})
STEPS = {"menu": MENU, "hi": HI, "bye": END}


def test_the_history_tells_in_order_what_was_entered_heard_and_done():
    walk = Walk(make_document(STEPS))
    began = walk.outcome.events
    walk.speak("sales", 0.8)

    assert began == (
        ("entered", {"step": "menu", "name": "menu", "kind": "menu", "flow": "1"}),
        ("heard", {"text": "greeting in English.", "language": "en-US", "voice": "Polly.Joanna-Neural"}),
    )
    assert walk.outcome.events == (
        ("spoke", {"step": "menu", "text": "sales", "confidence": 0.8}),
        ("left", {"step": "menu", "exit": "Sales"}),
        ("entered", {"step": "hi", "name": "hi", "kind": "message", "flow": "1"}),
        ("heard", {"text": "hello in English.", "language": "en-US", "voice": "Polly.Joanna-Neural"}),
        ("left", {"step": "hi", "exit": "next"}),
        ("entered", {"step": "bye", "name": "bye", "kind": "hang_up", "flow": "1"}),
        ("ended", {"reason": "completed"}),
    )


def test_every_kind_of_event_is_one_that_the_history_knows():
    walk = Walk(make_document({"menu": MENU | {"exits": {}}}))
    told = set()
    for heard in (Keys("7"), Silence(), Speech("x"), Dialed("busy"), Keys("1")):
        walk.hear(heard)
        told |= {kind for kind, _ in walk.outcome.events}

    assert told >= {"pressed", "silent", "spoke", "dialed", "left", "failed", "ended", "heard"}
    assert told <= set(EventKind.values)


def test_what_holds_nothing_is_a_silence():
    for nothing in (Keys(""), Speech(""), Silence()):
        assert Walk(make_document(STEPS)).hear(nothing).events("silent") == [{"step": "menu"}]


def test_a_position_survives_its_storage():
    position = Position("1", "menu", "en-US", Progress("x", 1, 2, 3), {"account": "12"}, 4, 5, begun=True, pending=True)

    assert Position.from_json(position.to_json()) == position


def test_steps_without_the_caller_are_counted_and_the_caller_starts_the_count_again():
    walk = Walk(make_document(STEPS))
    assert (walk.position.hops, walk.position.steps) == (1, 1)

    walk.press("2").press("2")

    assert (walk.position.hops, walk.position.steps) == (1, 3)


SORRY = (Say("Sorry.", voice="man", language="en-US"), Hangup())


def test_a_loop_without_the_caller_ends_in_an_apology():
    loop = make_document(
        {
            "a": make_step("hours", schedule="1", exits={"closed": "b"}),
            "b": make_step("hours", schedule="1", exits={"closed": "a"}),
        }
    )

    walk = Walk(loop, apology=SORRY)

    assert walk.verbs == SORRY
    assert walk.ending == "failed"
    assert walk.events("failed")[0]["what"] == "too many steps"


def test_a_caller_who_never_stops_is_let_go_after_very_many_steps():
    walk = Walk(make_document(STEPS))
    for _ in range(engine.MOST_STEPS - 1):
        walk.press("2")
    assert not walk.ending

    assert walk.press("2").ending == "failed"


def test_a_dead_end_ends_in_an_apology_after_what_was_said():
    walk = Walk(make_document({"hi": HI | {"exits": {}}}), apology=SORRY)

    assert walk.said == ["hello in English.", "Sorry."]
    assert walk.events("failed") == [{"what": "dead end", "detail": "There is no step to go on with."}]


@pytest.mark.parametrize("change", [{"step": "gone"}, {"flow": "99"}])
def test_a_position_of_another_document_ends_in_an_apology(change):
    document = make_document(STEPS)
    position = replace(Walk(document).position, **change)

    outcome = engine.step(document, position, Silence(), facts=Facts(apology=SORRY), urls=URLS)

    assert (outcome.verbs, outcome.ending) == (SORRY, "failed")


def test_a_flow_without_a_first_step_ends_in_an_apology():
    assert Walk(make_document({}), apology=SORRY).verbs == SORRY


def test_a_call_that_is_over_stays_over():
    walk = Walk(make_document(STEPS)).press("1")
    assert walk.step == ""

    walk.hear(Recorded("RE1", 4))

    assert walk.verbs == (Hangup(),)
    assert walk.ending


def test_an_answer_that_grows_too_large_goes_on_in_the_next_one():
    text = "These are quite a lot of words to say. " * 500
    steps = {str(number): HI | {"exits": {"next": str(number + 1)}} for number in range(8)} | {"8": END}
    walk = Walk(make_document(steps, texts={"hello": wordings(text)}))

    entered, said = list(walk.events("entered")), "".join(walk.said)
    answers = 1
    while not walk.ending:
        assert walk.verbs[-1] == Redirect(URLS.resume)
        assert len(render(walk.verbs).encode()) <= MOST_BYTES + 200
        walk.be_silent()
        entered += walk.events("entered")
        said += "".join(walk.said)
        answers += 1

    assert answers > 1
    assert [row["step"] for row in entered] == list(steps)
    assert said.replace(" ", "") == (text * 8).replace(" ", "")


def test_the_engine_changes_nothing_it_is_given():
    document = make_document(STEPS)
    position = Walk(document).position
    first = engine.step(document, position, Keys("1"), facts=Facts(), urls=URLS)

    again = engine.step(document, position, Keys("1"), facts=Facts(), urls=URLS)

    assert first == again


def test_a_rejected_call_has_no_other_verb():
    assert Walk(make_document({"no": make_step("reject")})).verbs == (Reject(),)


@pytest.mark.parametrize("kept", [{}, {"progress": {}}, {"flow": "1", "progress": 3}])
def test_a_position_that_cannot_be_read_is_broken(kept):
    with pytest.raises(Broken):
        Position.from_json(kept)
