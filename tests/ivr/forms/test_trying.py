from dataclasses import replace
from typing import Any

import pytest

from ivr.forms.trying import TryingForm
from ivr.kinds.known import KnownCaller
from ivr.trial.conditions import Conditions, QueueAs, RoomAs
from ivr.trial.world import LineOf, World
from tests.ivr.factories import END, make_document, make_step, option
from tests.ivr.trial.tries import CALLER, MONDAY, OURS, a_world

VERSIONS = [("draft", "The draft")]
ENDS = dict.fromkeys(("answered", "timed_out", "full", "unstaffed"), "end")
STEPS = {
    "queue": make_step("queue", queue="1", exits=ENDS | {"timed_out": "ring"}),
    "ring": make_step(
        "ring",
        exits={"answered": "end", "nobody": "room", "busy": "end", "failed": "end"},
        settings={"targets": ["+14155550111", "client:ann"], "order": "in_turn"},
    ),
    "room": make_step(
        "conference_room", room="1", exits=dict.fromkeys(("left", "ended", "full"), "end") | {"wrong_pin": "ask"}
    ),
    "ask": make_step("look_up", source="1", exits={"found": "share", "default": "end"}, settings={"keep": ["plan"]}),
    "share": make_step(
        "share", exits={"A": "away", "B": "end"}, options=[option("A", "", "50 %"), option("B", "", "50 %")]
    ),
    "away": make_step("send_away", exits={"failed": "end"}, settings={"address": "https://example.com"}),
    "apart": make_step("hours", schedule="1", exits=dict.fromkeys(("open", "closed", "holiday"), "end")),
    "end": END,
}
GIVEN = Conditions(
    MONDAY,
    number=OURS,
    caller=CALLER,
    zone="America/New_York",
    known=KnownCaller("made up", "Carla", is_vip=True, attributes={"plan": "gold"}),
    queues={"1": QueueAs(answered_after=None, place=4, minutes=(2, 5))},
    looked_up={"1": {"plan": "gold"}},
    rung={"ring": "busy answered"},
    drawn={"share": "B"},
    away={"away": "failed"},
    rooms={"1": RoomAs(full=True)},
    talk=9,
)


def a_form(data: dict[str, Any] | None = None, *, given: Conditions = GIVEN, world: World | None = None) -> TryingForm:
    lines = (LineOf(OURS, "Main", "1"), LineOf("*", "All others", "1"))
    there = world or a_world(make_document(STEPS), lines=lines)
    return TryingForm(data, world=there, conditions=given, versions=VERSIONS, known=lambda _number, _at: None)


def sent(form: TryingForm, **changed: Any) -> dict[str, Any]:
    """Give what a browser would send of a form as it comes."""
    fields = {name: form[name].value() for name in form.fields}
    fields = {name: value for name, value in fields.items() if value not in (None, False)}
    return {key: value for key, value in (fields | {"asked": form.asked} | changed).items() if value is not None}


def test_what_a_form_shows_comes_back_as_the_same_conditions() -> None:
    form = a_form(sent(a_form()))

    assert form.is_valid(), form.errors
    assert form.conditions() == GIVEN


def test_only_what_callers_can_come_to_is_asked_for() -> None:
    names = {name.partition("-")[0] for name in a_form().fields}

    assert {"staffed", "rung0", "rung1", "room_full", "answers", "drawn", "away", "talk"} <= names
    assert "hours" not in names
    assert "texts" not in names
    assert [address for address, _label in a_form().fields["number"].choices] == [OURS]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("who", "known"),
    [
        ("number", None),
        ("withheld", None),
        ("made_up", replace(GIVEN.known, is_vip=False)),  # type: ignore[type-var]
        ("vip", GIVEN.known),
        ("blocked", replace(GIVEN.known, is_vip=False, is_blocked=True)),  # type: ignore[type-var]
    ],
)
def test_who_calls(who: str, known: KnownCaller | None) -> None:
    form = a_form(sent(a_form(), who=who))

    assert form.is_valid()
    assert form.conditions().known == known
    assert form.conditions().caller == ("" if who == "withheld" else CALLER)


def test_what_the_flow_has_asked_for_only_since_is_as_it_begins() -> None:
    before = a_form(world=a_world({"end": END}, lines=(LineOf(OURS, "Main", "1"),)))

    form = a_form(sent(before, talk=3))

    assert form.is_valid(), form.errors
    assert form.conditions() == replace(GIVEN, talk=3)


@pytest.mark.parametrize("changed", [{"zone": "Mars"}, {"caller": "12"}, {"answer-1": "Plan"}, {"talk": "0"}])
def test_what_cannot_be_is_told(changed: dict[str, str]) -> None:
    form = a_form(sent(a_form(), **changed))

    assert set(form.errors) == set(changed)
    assert any(is_open for _part, fields, is_open in form.sections() if fields[0].form.errors)


def test_a_time_is_that_of_the_zone() -> None:
    form = a_form(sent(a_form(), date="2026-07-05", time="19:00", zone="Europe/Berlin"))

    assert form.is_valid()
    assert form.conditions().at.isoformat() == "2026-07-05T19:00:00+02:00"
