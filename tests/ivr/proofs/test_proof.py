"""What is certain of all calls that begin in a flow."""

import math

import pytest

from ivr.kinds import KINDS
from ivr.proofs.proof import Ground, Open, Taken, prove
from tests.effort import effort
from tests.ivr.factories import END, make_document, make_step, option

SOUNDS = {"five": 5.0}
FIVE = {"five": {"en-US": {"audio": "five"}, "es-US": {"audio": "five"}}}


def message(following, prompt="five"):
    return make_step("message", prompts={"message": prompt}, exits={"next": following})


def menu(*options, no_input="bye", wrong="bye", **settings):
    names = [f"Option {number}" for number in range(len(options))]
    return make_step(
        "menu",
        prompts={"greeting": "five"},
        options=[option(name, str(number)) for number, name in enumerate(names)],
        exits=dict(zip(names, options, strict=True)) | {"no_input": no_input, "wrong_input": wrong},
        settings={"timeout": 5, "max_silences": 1, "max_mistakes": 1} | settings,
    )


def ring(answered="bye", nobody="bye", seconds=20):
    exits = {"answered": answered, "busy": nobody, "nobody": nobody, "failed": nobody}
    return make_step("ring", settings={"targets": ["+15005550100"], "seconds": seconds}, exits=exits)


def line(answered="bye", timed_out="bye", **settings):
    exits = {"answered": answered, "timed_out": timed_out, "full": "bye", "unstaffed": "bye"}
    return make_step(
        "queue",
        queue="7",
        exits=exits,
        settings=settings,
        wait=[{"kind": "music", "prompt": "", "seconds": 0}],
    )


BOX = make_step(
    "voicemail",
    mailbox="1",
    prompts={"greeting": "five"},
    exits={"recorded": "bye", "empty": "bye"},
    settings={"max_length": 60},
)


def proved(steps, *, others=(), waits=None, **more):
    document = make_document(steps, texts=FIVE, **more)
    flows = {document.flow: document, **{other.flow: other for other in others}}
    return prove(document.flow, Ground(flows, SOUNDS, waits or {}))


def names(way):
    return [taken.step for taken in way.taken]


def test_the_longest_way_and_the_most_prompts_are_told_with_their_steps():
    found = proved({"hi": message("menu"), "menu": menu("more", "bye"), "more": message("bye"), "bye": END})

    assert names(found.longest) == ["hi", "menu", "more", "bye"]
    assert found.longest.taken[1] == Taken("1", "menu", "Option 0")
    assert (found.most_prompts.prompts, found.longest.steps) == (3, 4)
    assert not found.open
    assert found.goals == {"end"}


def test_the_longest_time_before_a_person_counts_everything_that_comes_first():
    found = proved(
        {
            "menu": menu("ring", max_silences=2),
            "ring": ring(nobody="line"),
            "line": line(longest=90),
            "bye": END,
        }
    )

    assert found.goal == "person"
    assert names(found.before) == ["menu", "ring", "line"]
    # asked, silent, asked; nobody answers; as long as the queue lets callers wait
    assert found.before.seconds == 2 * (5 + 5) + 20 + 90
    assert found.before.at_once == 5


def test_who_talks_to_somebody_has_waited_before_and_not_after():
    found = proved({"ring": ring(answered="ask"), "ask": menu("again"), "again": ring(seconds=600), "bye": END})

    assert found.before.seconds == 20


def test_a_wait_without_a_limit_has_none():
    steps = {"line": line(), "bye": END}

    assert proved(steps).before.seconds == math.inf
    assert proved(steps, waits={"7": 300}).before.seconds == 300


@pytest.mark.parametrize(
    ("steps", "goal", "seconds"),
    [
        ({"box": BOX, "bye": END}, "mailbox", 65),
        ({"hi": message("bye"), "bye": END}, "end", 5),
    ],
)
def test_where_nobody_is_reached_the_next_best_counts(steps, goal, seconds):
    found = proved(steps)

    assert (found.goal, found.before.seconds) == (goal, seconds)


def test_ways_go_on_in_other_flows():
    other = make_document({"line": line(longest=30), "bye": END}, flow=2)

    found = proved({"hi": message("go"), "go": make_step("go_to", to_flow="2")}, others=(other,))

    assert [(taken.flow, taken.step) for taken in found.before.taken] == [("1", "hi"), ("1", "go"), ("2", "line")]
    assert found.before.seconds == 35
    assert not found.open


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ({"hi": make_step("message", prompts={"message": "five"})}, Open("1", "hi", "next", "nowhere")),
        ({"go": make_step("go_to", to_flow="9")}, Open("1", "go", "", "unpublished")),
        (
            {"menu": menu("stuck"), "stuck": menu("stuck", no_input="stuck", wrong="stuck"), "bye": END},
            Open("1", "stuck", "", "endless"),
        ),
    ],
)
def test_a_way_that_does_not_end_well_is_told(steps, expected):
    found = proved(steps)

    assert found.open == (expected,)
    assert found.open


def test_an_unpublished_flow_is_no_open_way_where_another_one_leads_on():
    found = proved({"go": make_step("go_to", to_flow="9", exits={"unavailable": "bye"}), "bye": END})

    assert not found.open
    assert names(found.longest) == ["go", "bye"]


def test_a_round_is_told_by_its_shortest_way_and_how_often_it_is_possible():
    found = proved({"menu": menu("info", wrong="menu"), "info": message("menu"), "bye": END})

    (one,) = found.rounds
    assert [taken.step for taken in one.taken] == ["menu"]
    assert (one.most, one.ways_back) == (1000, 2)


def test_a_round_through_another_flow_is_told_too():
    other = make_document({"back": make_step("go_to", to_flow="1")}, flow=2)

    found = proved({"menu": menu("go"), "go": make_step("go_to", to_flow="2"), "bye": END}, others=(other,))

    (one,) = found.rounds
    assert [(taken.flow, taken.step) for taken in one.taken] == [("1", "menu"), ("1", "go"), ("2", "back")]
    assert one.most == 333


def test_two_menus_that_lead_to_each_other_are_a_round():
    found = proved({"first": menu("one", "two"), "one": menu("two"), "two": menu("one"), "bye": END})

    assert len(found.rounds) == 1
    assert len(found.rounds[0].taken) == 2
    assert found.longest.steps == 4


def test_of_many_rounds_the_most_important_ones_are_told():
    steps = {f"menu{number}": menu(f"menu{number + 1}", wrong=f"menu{number}") for number in range(12)}

    found = proved({**steps, "menu12": END, "bye": END})

    assert (len(found.rounds), found.more_rounds) == (8, 4)


def test_a_flow_without_a_first_step_proves_nothing():
    found = proved({"bye": END}, first="")

    assert (found.longest, found.goal, found.open) == (None, None, ())


def test_every_kind_of_step_can_be_on_a_way():
    steps = {"bye": END}
    for kind in KINDS.values():
        if not kind.ENDS:
            steps[kind.KIND] = make_step(kind.KIND, exits={row.name: "bye" for row in kind.EXITS})
    everything = dict(zip((f"Option {n}" for n in range(len(steps))), steps, strict=True))
    steps["menu0"] = menu(*everything.values())

    assert proved(steps, first="menu0").longest.steps >= 3


def test_five_times_as_many_steps_are_far_from_twenty_five_times_the_work():
    def winding(count):
        steps = {f"s{number}": menu(f"s{number + 1}", "s0", f"s{number // 2}") for number in range(count - 1)}
        document = make_document({**steps, f"s{count - 1}": END, "bye": END}, texts=FIVE)
        return Ground({"1": document}, SOUNDS)

    few, lots = winding(100), winding(500)

    assert prove("1", lots).longest.steps == 500
    assert effort(lambda: prove("1", lots)) <= 10 * effort(lambda: prove("1", few))
