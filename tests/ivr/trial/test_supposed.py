from dataclasses import replace

import pytest

from compliance.policies import Asking, Rule
from compliance.states import Mode, Subject
from ivr.kinds.requests import JoinQueue, NoteConsent, Notice, Wording
from ivr.trial.conditions import Conditions, QueueAs
from ivr.trial.supposed import Supposed
from ivr.trial.world import PolicyOf, QueueOf
from queues.states import EntryState
from tests.ivr.factories import END, make_step
from tests.ivr.trial.tries import MONDAY, OURS, a_world

CONSENT = make_step("consent", exits={"agreed": "end", "refused": "end"})
WORLD = a_world({"consent": CONSENT, "end": END})
RULE = Rule(7, Subject.CONVERSATION)
WORDS = Wording("May we?", "en-US")
POLICY = PolicyOf(RULE, Asking(7, Mode.ASK_ONE, frozenset({"May we?"})), Notice(7, asks=True, wordings=(WORDS,)))
JOIN = JoinQueue("1", "en-US", 0, "https://example.com/2")


@pytest.mark.parametrize(
    ("rule", "owed"),
    [
        (RULE, 1),
        (replace(RULE, number=OURS), 1),
        (replace(RULE, number="+15005550199"), 0),
        (replace(RULE, flow=1), 1),
        (replace(RULE, flow=2), 0),
        (replace(RULE, queue=1), 0),
        (replace(RULE, subject=Subject.VOICEMAIL), 0),
        (replace(RULE, direction="outbound"), 0),
        (replace(RULE, share=1), 1),
    ],
)
def test_the_policy_that_counts_for_the_call_asks(rule: Rule, owed: int) -> None:
    world = replace(WORLD, policies=(replace(POLICY, rule=rule),))
    supposed = Supposed(world, Conditions(MONDAY, number=OURS))

    assert len(supposed.facts(world.document, None, None, 0).consents["talk:"].owed) == owed


def test_a_policy_that_asks_nobody_can_count_in_place_of_another() -> None:
    quiet = replace(POLICY, rule=Rule(8, number=OURS), asking=Asking(8, Mode.NONE))
    supposed = Supposed(replace(WORLD, policies=(POLICY, quiet)), Conditions(MONDAY, number=OURS))

    assert supposed.facts(WORLD.document, None, None, 0).consents["talk:"].owed == ()


def test_who_has_answered_owes_nothing_more_and_a_no_is_remembered() -> None:
    supposed = Supposed(replace(WORLD, policies=(POLICY,)), Conditions(MONDAY, number=OURS))

    supposed.carry_out([NoteConsent(7, WORDS, "refused", "2")], 1)
    found = supposed.facts(WORLD.document, None, None, 2).consents["talk:"]

    assert (found.owed, found.refused) == ((), True)


def test_the_place_in_line_grows_old_and_the_queue_ends_it_at_its_limit() -> None:
    world = replace(WORLD, queues={"1": QueueOf("Sales", longest=30)})
    supposed = Supposed(world, Conditions(MONDAY, queues={"1": QueueAs(place=2)}))

    supposed.carry_out([JOIN], 10)

    assert [supposed.standing(second).waited for second in (10, 25)] == [0, 15]  # type: ignore[union-attr]
    assert supposed.standing(40).state == EntryState.TIMED_OUT  # type: ignore[union-attr]


def test_what_is_asked_for_is_worked_out_and_what_is_not_there_is_not_found() -> None:
    facts = Supposed(WORLD, Conditions(MONDAY)).facts(WORLD.document, None, None, 0)

    assert facts.queues.get("1") is not None
    assert facts.queues.get("2") is None
    assert (list(facts.queues), len(facts.queues)) == (["1"], 1)


@pytest.mark.parametrize(
    ("told", "attempt", "word"),
    [("", 0, "answered"), ("busy", 3, "busy"), ("busy declined", 1, "declined"), ("busy declined", 2, "declined")],
)
def test_what_happens_to_who_is_rung(told: str, attempt: int, word: str) -> None:
    assert Supposed(WORLD, Conditions(MONDAY, rung={"9": told})).rung("9", attempt) == word
