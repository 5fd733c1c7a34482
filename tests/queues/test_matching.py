"""Who is asked to take whom: tables of cases, and rules that hold for any floor."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from queues.matching import Decision, Order, Rules, decide, explain, obstacles
from tests.calls.factories import AT
from tests.queues.factories import asks, candidate, waiting

GERMAN = Rules(1, "Support", requirements=(asks("German", 5, relaxed=80, to=3),))


def names(decisions: tuple[Decision, ...]) -> list[str]:
    return [decision.candidate.name for decision in decisions]


# ---- which agent


def test_the_longest_idle_is_asked():
    floor = [candidate("Ann", idle=10), candidate("Bob", idle=90), candidate("Cid", idle=30)]

    assert names(decide([waiting()], floor, AT)) == ["Bob"]


def test_the_most_skilled_is_asked_where_the_queue_says_so_and_the_longest_idle_among_equals():
    rules = Rules(1, order=Order.MOST_SKILLED, requirements=(asks("German", 2), asks("Billing", 1)))
    floor = [
        candidate("Ann", idle=900, skills={"German": 9, "Billing": 1}),
        candidate("Bob", idle=10, skills={"German": 6, "Billing": 6}),
        candidate("Cid", idle=20, skills={"German": 6, "Billing": 6, "Chess": 10}),
    ]

    assert names(decide([waiting(rules=rules) for _ in floor], floor, AT)) == ["Cid", "Bob", "Ann"]


def test_members_of_a_better_priority_are_asked_before_who_is_longer_idle():
    floor = [candidate("Ann", idle=900, queues={1: 2}), candidate("Bob", idle=10, queues={1: 1})]

    assert names(decide([waiting()], floor, AT)) == ["Bob"]


def test_several_are_asked_at_once_but_nobody_is_kept_from_another_caller_for_that():
    rules = Rules(1, order=Order.RING_SEVERAL, several=3)
    floor = [candidate(name, idle=idle) for name, idle in (("Ann", 50), ("Bob", 40), ("Cid", 30), ("Dee", 20))]
    first, second = waiting(60, rules=rules), waiting(10, rules=rules)

    decisions = decide([second, first], floor, AT)

    assert [(one.waiting.id, one.candidate.name) for one in decisions] == [
        (first.id, "Ann"),
        (first.id, "Cid"),
        (first.id, "Dee"),
        (second.id, "Bob"),
    ]


@pytest.mark.parametrize(
    ("fields", "is_asked"),
    [
        ({}, True),
        ({"hindrance": "is on a call"}, False),
        ({"queues": {2: 1}}, False),
        ({"languages": frozenset({"de-DE"})}, True),
        ({"languages": frozenset({"de"})}, True),
        ({"languages": frozenset({"en-US"})}, False),
    ],
)
def test_only_who_can_take_a_caller_is_asked(fields, is_asked):
    caller, agent = waiting(language="de-AT"), candidate("Ann", **fields)

    decisions = decide([caller], [agent], AT)

    assert bool(decisions) is is_asked
    assert (not list(obstacles(caller, agent, AT))) is is_asked


@pytest.mark.parametrize(("waited", "level", "is_asked"), [(0, 5, True), (0, 4, False), (80, 3, True), (80, 2, False)])
def test_levels_relax_with_the_wait(waited, level, is_asked):
    agent = candidate("Ann", skills={"German": level})

    assert bool(decide([waiting(waited, rules=GERMAN)], [agent], AT)) is is_asked


def test_a_skill_that_relaxes_to_nothing_is_asked_of_nobody_any_more():
    rules = Rules(1, requirements=(asks("German", 5, relaxed=60),))

    assert names(decide([waiting(60, rules=rules)], [candidate("Ann")], AT)) == ["Ann"]


def test_who_declined_a_caller_is_spared_that_caller_for_a_while_and_takes_another():
    agent = candidate("Ann")
    spared = {agent.id: AT + timedelta(seconds=30)}
    first, second = waiting(60, spared=spared), waiting(10)

    assert [one.waiting.id for one in decide([first, second], [agent], AT)] == [second.id]
    assert decide([first], [agent], AT + timedelta(seconds=30))


# ---- which caller


def test_the_caller_with_most_points_is_served_first():
    rules, better = Rules(1), Rules(1, priority=5)
    cases = {
        "has waited 3 minutes": waiting(180, rules=rules),
        "has a point, and waited a minute": waiting(60, rules=rules, priority=1),
        "of a better queue": waiting(0, rules=better),
        "first": waiting(0, rules=rules, is_first=True),
    }
    order = []
    while cases:
        (decision,) = decide(cases.values(), [candidate("Ann")], AT)
        order.append(next(what for what, one in cases.items() if one is decision.waiting))
        del cases[order[-1]]

    assert order == ["first", "of a better queue", "has waited 3 minutes", "has a point, and waited a minute"]


def test_nobody_is_overtaken_by_who_comes_later_than_their_points_make_up_for():
    """Four points more at two points a minute are two minutes."""
    usual, important = Rules(1, ageing=2), Rules(1, ageing=2, priority=4)
    patient = waiting(300, rules=usual)

    def served(came_before: float) -> bool:
        return decide([patient, waiting(came_before, rules=important)], [candidate("Ann")], AT)[0].waiting is patient

    assert served(179)
    assert not served(181)


# ---- rules that hold for any floor


@some.composite
def floors(draw):
    skills = some.dictionaries(some.sampled_from("ABC"), some.integers(1, 10), max_size=3)
    queues = [
        Rules(
            number,
            order=draw(some.sampled_from(Order)),
            several=3,
            requirements=tuple(asks(skill, level, relaxed=60) for skill, level in draw(skills).items()),
        )
        for number in range(3)
    ]
    agents = [
        candidate(
            f"Agent {number}",
            idle=draw(some.integers(0, 100)),
            queues=draw(some.dictionaries(some.integers(0, 2), some.integers(1, 2))),
            skills=draw(skills),
            languages=draw(some.frozensets(some.sampled_from(["en", "de"]))),
            hindrance=draw(some.sampled_from(["", "", "is on a call"])),
        )
        for number in range(draw(some.integers(0, 6)))
    ]
    line = [
        waiting(
            draw(some.integers(0, 120)),
            rules=draw(some.sampled_from(queues)),
            language=draw(some.sampled_from(["", "en-US", "de-DE"])),
            is_first=draw(some.booleans()),
            spared={one.id: AT + timedelta(seconds=5) for one in agents if draw(some.integers(0, 4)) == 0},
        )
        for _ in range(draw(some.integers(0, 6)))
    ]
    return line, agents


@given(floors())
def test_no_agent_is_asked_twice_and_nobody_who_cannot(floor):
    line, agents = floor

    decisions = decide(line, agents, AT)

    assert len({one.candidate.id for one in decisions}) == len(decisions)
    assert all(not list(obstacles(one.waiting, one.candidate, AT)) for one in decisions)


@given(floors())
def test_nobody_waits_while_somebody_who_could_take_them_is_left(floor):
    line, agents = floor

    decisions = decide(line, agents, AT)

    served, asked = {one.waiting.id for one in decisions}, {one.candidate.id for one in decisions}
    for caller in line:
        for agent in agents:
            if caller.id not in served and agent.id not in asked:
                assert list(obstacles(caller, agent, AT))


# ---- in words


@pytest.mark.parametrize(
    ("caller", "agent", "sentence"),
    [
        (
            waiting(0, rules=GERMAN),
            candidate("Ann", skills={"German": 3}),
            "Ann: lacks German (has 3, 5 is asked for until 1:20 of waiting)",
        ),
        (
            waiting(0, rules=GERMAN),
            candidate("Ann", skills={"German": 2}),
            "Ann: lacks German (has 2, 5 is asked for)",
        ),
        (waiting(80, rules=GERMAN), candidate("Ann"), "Ann: lacks German (has none, 3 is asked for)"),
        (
            waiting(language="de-DE"),
            candidate("Ann", hindrance="is on a call", languages=frozenset({"en-US"}), queues={}),
            "Ann: is on a call; is no member of Support; does not speak de-DE",
        ),
        (
            waiting(spared={candidate("Ann").id: AT + timedelta(seconds=40)}),
            candidate("Ann"),
            "Ann: did not take this caller a moment ago, and is asked again in 0:40",
        ),
        (waiting(), candidate("Ann", idle=3700), "Ann: can be asked (priority 1, idle for 1:01:40)"),
        (
            waiting(90, rules=GERMAN),
            candidate("Ann", skills={"German": 4}),
            "Ann: can be asked (priority 1, idle for 1:00, German 3 is enough after 1:20)",
        ),
    ],
)
def test_it_can_be_said_why(caller, agent, sentence):
    assert explain(caller, agent, AT) == sentence


def test_a_decision_says_why_this_agent():
    rules = Rules(1, order=Order.MOST_SKILLED, requirements=(asks("German", 5),))

    (decision,) = decide([waiting(rules=rules)], [candidate("Ann", skills={"German": 7}, queues={1: 2})], AT)

    assert decision.why == "priority 2, skill 7, idle for 1:00"
