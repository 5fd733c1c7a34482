"""Values that a flow keeps of its own."""

import pytest

from ivr.problems import Knowledge, problems
from tests.ivr.factories import END, Walk, make_document, make_step, wordings


def make_set(*lines):
    steps = {
        "digits": make_step("collect", prompts={"question": "q"}, exits={"collected": "set"}),
        "set": make_step("set", settings={"values": list(lines)}, exits={"next": "hi"}),
        "hi": make_step("message", prompts={"message": "hi"}, exits={"next": "end"}),
        "end": END,
    }
    return make_document(steps, texts={"hi": wordings("It is {topic}.", "Es {topic}.")})


def test_a_text_is_built_of_what_was_kept_before_also_in_the_lines_above():
    walk = Walk(make_set("order = order {digits}", "topic = your {order}, {unknown}")).press("471")

    assert walk.position.variables == {"digits": "471", "order": "order 471", "topic": "your order 471, {unknown}"}
    assert walk.said == ["It is your order 471, {unknown}."]


def test_an_empty_text_forgets_a_value():
    walk = Walk(make_set("digits =", "topic = [{digits}]")).press("471")

    assert walk.position.variables == {"digits": "", "topic": "[]"}


def test_what_is_set_cannot_grow_for_ever():
    steps = {"set": make_step("set", settings={"values": ["x = a{x}{x}"]}, exits={"next": "set"})}

    walk = Walk(make_document(steps))

    assert len(walk.position.variables["x"]) == 500
    assert walk.ending == "failed"


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (["topic = x"], []),
        ([], ["nothing_to_set"]),
        (["topic"], ["bad_value"]),
        (["Two Words = x"], ["bad_name"]),
        (["topic = x", "topic = {topic} y"], ["set_twice"]),
        ([f"a{number} = x" for number in range(21)], ["too_many_names"]),
    ],
)
def test_its_problems(lines, codes):
    assert [problem.code for problem in make_set(*lines).steps["set"].problems()] == codes


def test_what_it_uses_and_nobody_keeps_is_told_and_what_it_keeps_can_be_said():
    found = problems(make_set("topic = {plan} {digits}", "other = {topic}"), knowledge=Knowledge())

    told = [problem.text for problem in found if problem.code == "unknown_variable"]
    assert told == ["Step “set” uses “plan”, which no step of this flow keeps."]


def test_a_name_that_stands_for_something_else_in_prompts_is_told():
    found = problems(make_set("number = 1", "topic = x"), knowledge=Knowledge())

    assert [problem.code for problem in found if problem.step == "set"] == ["reserved_name"]
