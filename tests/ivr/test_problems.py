"""Each rule has an example that fails, and a good document fails none."""

import ast
import re
from pathlib import Path

import pytest

import ivr
from ivr.drafting.references import REFERENCES
from ivr.problems.advice import ADVICE
from ivr.problems.knowledge import KnownLine, KnownQueue
from ivr.problems.staffing import stretches
from tests.ivr.factories import END, ENGLISH, make_step, option
from tests.ivr.problems.examples import CASES
from tests.ivr.problems.making import HI, MONDAY, WAITED, back, found, menu, ring

#: found where rows are read, and not in the document alone: `test_actions.py`, `test_references.py`
OF_ROWS = {"address_not_allowed", "broken", "gone"}


def codes() -> set[str]:
    """Give every code of a problem that stands in the source."""
    found = set()
    for path in Path(ivr.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and _is_problem(node.func):
                found |= _codes_of(node.args[0])
    return found


def _is_problem(made: ast.expr) -> bool:
    match made:
        case ast.Name(id="Problem" | "severity"):
            return True
        case ast.Attribute(attr="error" | "warning"):
            return True  # what is logged, or told to a person, is no word with underscores
    return False


def _codes_of(argument: ast.expr) -> set[str]:
    match argument:
        case ast.Constant(value=str(code)) if re.fullmatch("[a-z_]+", code):
            return {code}
        case ast.JoinedStr(values=[ast.Constant(value="missing_"), _]):
            return {f"missing_{takes}" for takes in REFERENCES}
    return set()


def test_each_rule_has_an_example():
    assert codes() - OF_ROWS == {expected[0] for _steps, _more, expected in CASES.values()}


def test_each_rule_says_what_to_do_about_it():
    assert codes() == ADVICE.keys()


def test_a_rule_is_as_severe_everywhere_unless_callers_have_another_way():
    severities: dict[str, set[str]] = {}
    for _steps, _more, (code, severity, _step, _text) in CASES.values():
        severities.setdefault(code, set()).add(severity)

    # a way out is connected; some lines have a number; it is shown, and not rung
    depends = {"unpublished_flow", "no_number_to_call_from", "country_not_allowed"}
    assert {code for code, found in severities.items() if len(found) > 1} == depends


@pytest.mark.parametrize("case", CASES)
def test_each_problem_is_told_in_words(case):
    steps, more, expected = CASES[case]

    assert expected in found(steps, **more)


# what comes in company, because one thing follows from the other
COMPANY = {
    "dead end",
    "no first step",
    "no options",
    "no language",
    "no end in another flow",
    "round and round through another flow",
    "a pause that is over before the question",
}


@pytest.mark.parametrize("case", [case for case in CASES if case not in COMPANY])
def test_nothing_else_is_told_than_what_is_wrong(case):
    steps, more, expected = CASES[case]

    assert found(steps, **more) == [expected]


def test_a_good_document_has_no_problems():
    steps = {
        "hours": make_step("hours", schedule="1", exits={"open": "choice", "closed": "box", "holiday": "no"}),
        "no": make_step("reject"),
        "choice": make_step(
            "language",
            prompts={"greeting": "hello"},
            options=[option("English", "1", language="en-US"), option("Spanish", "2", language="es-US")],
            exits={"English": "menu", "Spanish": "menu", "no_choice": "menu"},
        ),
        "menu": menu(exits={"no_input": "box", "wrong_input": "menu", "Sales": "ring", "Support": "ask"}),
        "ask": make_step(
            "collect",
            prompts={"question": "hello"},
            exits={"collected": "go", "no_input": "box", "wrong_input": "menu"},
        ),
        "go": make_step("go_to", to_flow="2"),
        "ring": ring(caller_id="+15005550101")
        | {"exits": {"answered": "bye", "busy": "hi", "nobody": "hi", "failed": "hi"}},
        "hi": HI | {"exits": {"next": "box"}},
        "box": make_step(
            "voicemail", mailbox="1", prompts={"greeting": "hello"}, exits={"recorded": "bye", "empty": "bye"}
        ),
        "bye": END,
    }

    assert found(steps, numbers=frozenset({"+15005550101"}), published=frozenset({"2"})) == []


def test_errors_come_before_warnings():
    severities = [severity for _, severity, _, _ in found({"hi": HI | {"exits": {}}, "lost": END})]

    assert severities == ["error", "warning"]


def test_two_loops_are_both_told():
    steps = {
        "menu": menu(exits={"no_input": "a", "wrong_input": "c", "Sales": "c", "Support": "bye"}),
        "a": HI | {"exits": {"next": "b"}},
        "b": HI | {"exits": {"next": "a"}},
        "c": HI | {"exits": {"next": "c"}},
        "bye": END,
    }

    assert [step for code, _, step, _ in found(steps, languages=(ENGLISH,)) if code == "loop"] == ["a", "c"]


def test_a_loop_that_the_caller_drives_is_no_problem():
    steps = {
        "menu": menu(exits={"no_input": "bye", "wrong_input": "menu", "Sales": "menu", "Support": "menu"}),
        "bye": END,
    }

    assert found(steps) == []


def test_a_large_document_is_checked_in_a_moment():
    steps = {str(number): HI | {"exits": {"next": str((number * 7 + 1) % 10_000)}} for number in range(10_000)}

    assert "loop" in {code for code, *_ in found(steps)}


def test_a_queue_that_hands_over_callers_where_nobody_is_there_need_not_be_staffed_at_any_hour():
    from_anywhere = {"line": WAITED["line"] | {"exits": {**WAITED["line"]["exits"], "Back": "bye"}}, "bye": END}

    assert found(from_anywhere, at=MONDAY) == []


def test_calls_that_some_line_brings_are_called_back_from_its_number():
    lines = (KnownLine("Main", "+15005550100"), KnownLine("All others", "*"))

    assert found(WAITED, texts=back(), lines=lines, queues={"7": KnownQueue("Sales", calls_from=False)}) == []


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        ({(0, 9)}, "Monday 09:00 to 10:00"),
        (
            {(day, hour) for day in range(5) for hour in (8, 18, 19)},
            "Monday to Friday 08:00 to 09:00 and 18:00 to 20:00",
        ),
        ({(6, hour) for hour in range(24)}, "Sunday all day"),
        ({(0, 9), (2, 9)}, "Monday, Wednesday 09:00 to 10:00"),
        (
            {(day, day) for day in range(6)},
            (
                "Monday 00:00 to 01:00; Tuesday 01:00 to 02:00; Wednesday 02:00 to 03:00; Thursday 03:00 to 04:00;"
                " and 2 more stretches"
            ),
        ),
    ],
)
def test_hours_are_told_as_people_say_them(slots, words):
    assert stretches(slots) == words
