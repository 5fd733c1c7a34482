"""Policies in one line, and what is doubtful about them."""

import pytest

from compliance.models import Notice, Policy
from compliance.sentences import ANSWERS, BEGINS, MODES, PARTIES, SUBJECTS, described, doubts
from compliance.states import Answer, Begins, Mode, Party, Subject, Withdrawal
from ivr.models import Flow
from queues.models import Queue

SALES, MAIN = Queue(name="Sales"), Flow(name="Main")
TEXT = [Notice(language="en-US", text="We record.")]


def made(key: int = 1, **fields: object) -> Policy:
    return Policy(**({"pk": key, "name": f"Policy {key}"} | fields))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Conversations of all calls, both channels, from the talk, the customer is told, 100 % of calls"),
        (
            {"queue": SALES, "consent": Mode.ASK_ONE},
            "Conversations of queue Sales, both channels, from the talk, the customer is asked, 100 % of calls",
        ),
        (
            {"flow": MAIN, "number": "+15005550100", "queue": SALES, "direction": "inbound", "share": 20},
            (
                "Conversations of inbound calls of number +1 500-555-0100, flow Main and queue Sales, both channels, "
                "from the talk, the customer is told, 20 % of calls"
            ),
        ),
        (
            {"subject": Subject.AGENT, "direction": "outbound", "channels": 1, "begins": Begins.PRESS},
            (
                "Agents' lines of outbound calls, one mixed channel, when the agent starts it, the customer is told, "
                "100 % of calls"
            ),
        ),
        (
            {"subject": Subject.VOICEMAIL, "consent": Mode.NONE, "withdrawal": Withdrawal.DELETE},
            "Voicemail of all calls, nobody is asked, deleted when consent is taken back, 100 % of calls",
        ),
        (
            {"direction": "outbound", "queue": SALES, "begins": Begins.CALL, "consent": Mode.ASK_EVERY},
            (
                "Conversations of outbound calls of queue Sales, both channels, from the beginning of the call, "
                "everybody is asked, 100 % of calls"
            ),
        ),
    ],
)
def test_a_policy_says_in_one_line_what_it_does(fields, words):
    assert described(made(**fields)) == words


@pytest.mark.parametrize(
    ("enum", "words"), [(Subject, SUBJECTS), (Begins, BEGINS), (Mode, MODES), (Party, PARTIES), (Answer, ANSWERS)]
)
def test_there_is_a_word_for_everything(enum, words):
    assert set(words) == set(enum)


def told(policy: Policy, *others: Policy, notices: list[Notice] = TEXT) -> str:
    return "\n".join(doubts(policy, others, notices))


def test_nothing_is_doubtful_about_a_policy_that_asks_in_words_of_its_own():
    assert told(made(consent=Mode.ASK_ONE), made(2, queue_id=3), made(3, subject=Subject.AGENT)) == ""


def test_of_policies_for_the_very_same_calls_it_is_said_which_one_counts():
    older, newer = made(1, queue_id=3), made(2, queue_id=3)

    assert "“Policy 2”. Only the newest one counts: “Policy 2”" in told(older, newer)
    assert "“Policy 1”. Only the newest one counts: “Policy 2”" in told(newer, older)
    assert told(made(1, queue_id=3, is_active=False), newer) == ""


def test_a_policy_is_no_twin_of_itself():
    assert told(made(1), made(1)) == ""


def test_who_asks_nobody_is_told_that_laws_differ():
    assert "answers for it" in told(made(consent=Mode.NONE), notices=[])


def test_without_a_text_of_its_own_it_says_what_people_hear():
    assert "“This call is recorded.”" in told(made(consent=Mode.ANNOUNCE), notices=[])
    assert "Press 1 for yes" in told(made(consent=Mode.ASK_EVERY), notices=[])


def test_of_an_agents_line_it_is_said_that_coaching_is_heard():
    assert "who coaches" in told(made(subject=Subject.AGENT))
