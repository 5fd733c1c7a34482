from typing import Any

import pytest

from ivr.kinds.base import Asked, Silence
from ivr.kinds.requests import AskSource, StopAsking
from telephony.twiml import Hangup, Pause, Redirect, Say
from tests.ivr.factories import URLS, Walk, make_document, make_step, option, wordings

SILENCE = Silence()


def make_look_up(*options: dict[str, Any], **settings: Any) -> Walk:
    asked = {"keep": ["name", "balance"], "decide": "tier", "send": ["account"], "seconds": 4, **settings}
    ways = {row["exit"]: "gold" for row in options}
    steps = {
        "collect": make_step(
            "collect",
            settings={"variable": "account"},
            prompts={"question": "question"},
            exits={"collected": "ask", "no_input": "end", "wrong_input": "end"},
        ),
        "ask": make_step(
            "look_up",
            settings=asked,
            source="7",
            options=list(options),
            prompts={"message": "moment"},
            exits={"found": "tell", "default": "end", **ways},
        ),
        "tell": make_step("message", prompts={"message": "tell"}, exits={"next": "end"}),
        "gold": make_step("message", prompts={"message": "gold"}, exits={"next": "end"}),
        "end": make_step("hang_up"),
    }
    texts = {
        "tell": wordings("Hello {name}, you have {balance}, {unknown} {position}."),
        "gold": wordings("<break time='1s'/>Hello {name}."),
    }
    return Walk(make_document(steps, texts=texts))


def asking(*options: dict[str, Any], **settings: Any) -> Walk:
    return make_look_up(*options, **settings).press("4711")


def answer(walk: Walk, **values: str) -> Walk:
    return walk.hear(SILENCE, asked=Asked(values))


def test_the_question_is_asked_behind_the_message():
    walk = asking()

    assert walk.verbs == (
        Say("moment in English.", voice="Polly.Joanna-Neural", language="en-US"),
        Redirect(URLS.resume),
    )
    sent = (("account", "4711"),)
    assert walk.outcome.requests == (AskSource("7", "ask", 4, "en-US", sent, ("name", "balance", "tier")),)


def test_while_nothing_is_answered_the_caller_waits_a_second_and_is_not_called_silent():
    walk = asking().hear(SILENCE, asked=Asked())

    assert walk.verbs == (Pause(1), Redirect(URLS.resume))
    assert walk.events("silent") == []


def test_what_was_answered_is_kept_and_said():
    walk = answer(asking(), name="Ann <b>", balance="12 euros")

    assert walk.left_by == ["found", "next"]
    assert walk.said == ["Hello Ann  b , you have 12 euros, {unknown} {position}."]
    assert walk.position.variables == {"account": "4711", "name": "Ann <b>", "balance": "12 euros"}


def test_what_was_not_answered_is_not_said():
    assert answer(asking()).said == ["Hello , you have , {unknown} {position}."]


def test_in_a_marked_up_text_a_value_cannot_become_markup():
    gold = option("Gold", "", "gold")
    walk = answer(asking(gold), name="A&B <break/>\"'", tier="gold")

    assert walk.said == ["<break time='1s'/>Hello A&amp;B  break/ &quot;&apos;."]


@pytest.mark.parametrize(
    ("tier", "way"), [("gold", "Gold"), (" GÓLD. ", "Gold"), ("silver", "found"), ("", "found"), ("gold plus", "found")]
)
def test_a_value_of_the_answer_chooses_the_way(tier, way):
    walk = answer(asking(option("Gold", "", "gold", "platinum")), tier=tier)

    assert walk.left_by[0] == way


@pytest.mark.parametrize("asked", [Asked(is_over=True), None], ids=["time is over", "nothing is known"])
def test_without_an_answer_in_time_the_caller_goes_on(asked):
    walk = asking().hear(SILENCE, asked=asked)

    assert walk.left_by == ["default"]
    assert walk.outcome.requests == (StopAsking("ask"),)
    assert walk.verbs == (Hangup(),)


def test_a_clock_that_stands_still_keeps_nobody():
    walk = asking(seconds=2)
    looks = 0
    while walk.step == "ask":
        walk.hear(SILENCE, asked=Asked())
        looks += 1

    assert looks == 2 + 3 + 1
    assert walk.left_by == ["default"]


def test_its_ways_are_not_the_callers_doing():
    step = make_look_up(option("Gold", "", "gold")).document.steps["ask"]

    assert [step.is_by_caller(name) for name in ("found", "default", "Gold")] == [False] * 3


@pytest.mark.parametrize(
    ("settings", "options", "codes"),
    [
        ({}, [option("Gold", "", "gold")], []),
        ({"decide": ""}, [option("Gold", "", "gold")], ["nothing_decides"]),
        ({}, [], ["nothing_to_decide"]),
        ({}, [option("Gold", "1", "gold")], ["keys_for_values"]),
        ({}, [option("Gold")], ["option_without_value"]),
        ({}, [option("Gold", "", "gold"), option("Best", "", "Gold!")], ["duplicate_values"]),
        ({"keep": ["Name"], "decide": ""}, [], ["bad_name"]),
        ({"send": ["a b"], "decide": ""}, [], ["bad_name"]),
        ({"keep": [f"n{number}" for number in range(21)], "decide": ""}, [], ["too_many_names"]),
    ],
)
def test_its_problems(settings, options, codes):
    step = make_look_up(*options, **settings).document.steps["ask"]

    assert [problem.code for problem in step.problems()] == codes
