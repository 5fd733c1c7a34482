"""Calls that take exits which no scenario takes: found by trying, few, and such that they pass as they are."""

import pytest

from ivr.scenarios import words
from ivr.scenarios.checking import Script, check
from ivr.scenarios.suggesting import of_exits, suggest
from ivr.trial.conditions import Press
from ivr.trial.world import LineOf, RoomOf
from tests.ivr.factories import END, make_document, make_step, option
from tests.ivr.scenarios.factories import AT, urls, world


def found(around, covered=frozenset(), **more):
    return suggest(around, covered, at=AT, zone="UTC", urls=urls, **more)


def test_a_call_is_found_for_every_exit_of_a_usual_flow():
    around = world()

    searched = found(around)

    assert searched.left == ()
    assert searched.is_whole
    assert {exit_ for one in searched.suggestions for exit_ in one.covers} == set(words.exits(around.document))
    assert len(searched.suggestions) < len(list(words.exits(around.document)))


def test_what_is_suggested_passes_as_it_is_and_takes_what_it_says():
    around = world()

    for one in found(around).suggestions:
        script = Script(1, one.name, one.conditions, one.inputs, one.expected)
        result = check(script, around, urls=urls)

        assert result.differences == ()
        assert result.trial
        assert set(one.covers) <= {(way.step, way.exit) for way in result.trial.path}


def test_only_what_nobody_covers_is_searched():
    around = world()
    every = set(words.exits(around.document))

    searched = found(around, every - {("ring", "busy")})

    assert [(one.name, one.covers) for one in searched.suggestions] == [("ring: Busy", (("ring", "busy"),))]
    assert searched.runs < 40
    assert found(around, every).suggestions == ()


def test_the_shortest_call_is_suggested():
    (one,) = found(world(), set(words.exits(world().document)) - {("menu", "wrong_input")}).suggestions

    assert one.inputs == (Press("0"), Press("0"), Press("0"))


def test_an_exit_that_no_call_takes_is_left():
    steps = {"first": make_step("go_to", to_flow="5", exits={"unavailable": "end"}), "end": END}
    there = make_document({"other": END}, flow=5)
    around = world(steps, flows={"5": there})

    searched = found(around)

    assert searched.left == (("first", "unavailable"),)
    assert searched.is_whole
    assert found(world(steps)).left == (), "without the other flow it is taken"


def test_the_search_is_cut_short():
    searched = found(world(), most_runs=5)

    assert searched.runs == 5
    assert not searched.is_whole
    assert searched.left


def rest(kind, *names, **more):
    return {"first": make_step(kind, exits=dict.fromkeys(names, "end"), **more), "end": END}


SOURCE = {"source": "4", "settings": {"decide": "plan", "keep": ["plan"]}}


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(
            rest(
                "collect", "collected", "no_input", "wrong_input", prompts={"question": "q"}, settings={"min_length": 4}
            ),
            id="collect",
        ),
        pytest.param(
            rest(
                "caller",
                "blocked",
                "vip",
                "known",
                "unknown",
                "gold",
                settings={"decide": "plan"},
                options=[option("gold", "", "gold")],
            ),
            id="caller",
        ),
        pytest.param(
            rest("look_up", "found", "default", "gold", options=[option("gold", "", "gold")], **SOURCE), id="look-up"
        ),
        pytest.param(
            rest(
                "call_back",
                *("stored", "refused", "failed"),
                queue="7",
                prompts={"confirm": "c", "key_in": "k", "stored": "s"},
            ),
            id="call back",
        ),
        pytest.param(
            rest("conference_room", "left", "ended", "wrong_pin", "full", room="3", prompts={"pin": "p"}), id="room"
        ),
        pytest.param(
            rest(
                "language",
                *("Spanish", "no_choice"),
                options=[option("Spanish", "", "Español", language="es-US")],
                prompts={"greeting": "g"},
            ),
            id="language",
        ),
        pytest.param(rest("text", "sent", "refused", prompts={"text": "t"}), id="text"),
        pytest.param(
            rest("voicemail", "recorded", "empty", "refused", mailbox="9", prompts={"greeting": "g"}), id="voicemail"
        ),
        pytest.param(rest("consent", "agreed", "refused"), id="consent"),
        pytest.param(
            rest("share", "A", "B", options=[option("A", "", "99 %"), option("B", "", "1 %")]),
            id="share",
        ),
        pytest.param(rest("send_away", "failed", settings={"address": "https://flows.example.com/a"}), id="send away"),
        pytest.param(
            rest("send_away", "refused", "failed", settings={"to": "sip", "address": "sip:desk@company.example"}),
            id="send away by SIP",
        ),
        pytest.param(
            rest(
                "branch",
                *("weekend", "christmas", "otherwise"),
                settings={"by": "time", "zone": "Europe/Berlin"},
                options=[
                    option("christmas", "", "dates: 2026-12-24 to 2026-12-26"),
                    option("weekend", "", "days: Sunday"),
                ],
            ),
            id="time",
        ),
        pytest.param(
            rest(
                "branch",
                *("here", "hidden", "otherwise"),
                settings={"by": "country"},
                options=[option("here", "", "Germany"), option("hidden", "", "withheld")],
            ),
            id="country",
        ),
    ],
)
def test_calls_are_found_for_every_kind_of_step(steps):
    names = {row.name for row in world(steps).document.steps["first"].exit_names()}
    steps["first"]["exits"] = {name: "end" for name in steps["first"]["exits"] if name in names}
    around = world(
        steps, sources={"4": "Orders"}, rooms={"3": RoomOf("Board", 5)}, lines=(LineOf("+12015550100", "Main", "1"),)
    )

    searched = found(around)

    assert searched.left == ()


def test_what_is_keyed_in_is_what_a_branch_looks_at():
    steps = {
        "ask": make_step(
            "collect",
            settings={"variable": "age"},
            prompts={"question": "q"},
            exits={"collected": "old", "no_input": "end", "wrong_input": "end"},
        ),
        "old": make_step(
            "branch",
            settings={"by": "variable", "variable": "age"},
            options=[option("old", "", "at least: 18"), option("baby", "", "is: 0")],
            exits={"old": "end", "baby": "end", "otherwise": "end"},
        ),
        "end": END,
    }

    assert found(world(steps)).left == ()


def test_exits_are_named_with_where_they_lead():
    around = world()

    assert of_exits(around, [("menu", "Sales"), ("line", "timed_out"), ("gone", "x")]) == {
        ("menu", "Sales"): "“menu”: Sales → “line”",
        ("line", "timed_out"): "“line”: Timed out → “mail”",
    }
