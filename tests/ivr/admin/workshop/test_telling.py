from typing import Any

import pytest

from ivr.admin.workshop import telling
from ivr.trial.conditions import Conditions, Press, QueueAs, Speak, StaySilent
from ivr.trial.told import Expects, Moment, Reached, Trial
from tests.ivr.factories import END, make_document, make_step
from tests.ivr.trial.test_run import FLOW
from tests.ivr.trial.test_waiting import queue
from tests.ivr.trial.tries import CALLER, MONDAY, a_world, attempt


def test_a_call_in_words() -> None:
    trial = attempt(FLOW, Press("2"), Speak(9))

    rows = list(telling.rows(trial, a_world(FLOW), known=3))

    assert [row.text for row in rows if row][:3] == [
        "greeting in English.",
        "Presses 2.",
        "speak in English.",
    ]
    assert [row.name for row in rows if row and row.name] == ["menu", "box", "bye"]
    assert [row.is_new for row in rows if row][:4] == [False, False, False, True]
    assert telling.end(trial.reached, trial).startswith("The caller reaches the mailbox “Front desk” after 0:0")
    assert [one.name for one in telling.times(trial, a_world(FLOW))] == ["menu", "box", "bye"]
    assert telling.documents(trial.documents)[0].text.startswith("<Response>\n  <Gather")


def test_the_middle_of_a_very_long_call_is_left_out() -> None:
    trial = attempt(queue(), StaySilent(), queues={"1": QueueAs(answered_after=3000)})

    rows = list(telling.rows(trial, a_world(queue()), known=0))

    assert len(rows) == telling.MOST_ROWS + 1
    assert rows[telling.MOST_ROWS // 2] is None


def test_what_two_trials_share_was_there_before() -> None:
    assert telling.known_before(attempt(FLOW, Press("1")), attempt(FLOW)) == 1
    assert telling.known_before(attempt(FLOW), None) == 0


def test_steps_of_other_flows_are_named_with_their_flow() -> None:
    here, there = make_document({"go": make_step("go_to", to_flow="2")}), make_document({"1": END}, flow=2)

    names = telling.names_of(a_world(here, flows={"1": here, "2": there}))

    assert names == {("1", "go"): "go", ("2", "1"): "Flow 2: 1"}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("person", "reaches a person after 1:05: Sales"),
        ("room", "conference room “Sales”"),
        ("callback", "called back, by the queue “Sales”"),
        ("away", "sent to Sales"),
        ("waiting", "nothing ever happens"),
        ("open", "The call goes on."),
    ],
)
def test_where_the_caller_ends(kind: Any, words: str) -> None:
    trial = Trial((), (), (), Reached(kind, name="Sales", second=65))

    assert words in telling.end(trial.reached, trial)


@pytest.mark.parametrize("may", ["answer", "message", "wait", "talk", "meet", "nothing"])
def test_what_the_caller_may_do_now(may: Any) -> None:
    assert telling.now(Expects(may)).endswith(".")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (Moment(0, "sound", "1", "1", audio=""), "Music plays."),
        (Moment(0, "pause", "1", "1", seconds=4), "Silence, 4 seconds."),
        (Moment(0, "heard", "1", "1", 'Hello<break time="1s"/> you'), "Hello you"),
        (Moment(0, "rung", "1", "1", "busy"), "Busy."),
        (Moment(0, "consent", "1", "1", "agreed"), "The caller agrees to be recorded."),
        (Moment(0, "ended", "1", "1", "other"), "The flow ends the call."),
        (Moment(0, "not texted", "1", "1"), "No text message is sent."),
    ],
)
def test_moments(moment: Moment, words: str) -> None:
    trial = Trial((moment,), (), (), Reached("open"))

    (row,) = telling.rows(trial, a_world({"end": END}), known=0)

    assert row is not None
    assert row.text == words


def test_what_is_supposed_in_short() -> None:
    assert telling.in_short(Conditions(MONDAY, caller=CALLER)) == "Mon 2 Mar 2026, 15:00, +1 415-555-0123"
    assert telling.in_short(Conditions(MONDAY)).endswith("hidden number")
