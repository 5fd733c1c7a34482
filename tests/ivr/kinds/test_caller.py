"""Who calls: the ways for contacts, and what prompts may say of them."""

from typing import Any

import pytest

from ivr.kinds.known import KnownCaller
from telephony.twiml import Say
from tests.ivr.factories import Walk, make_document, make_step, option, wordings

FIXED = ("blocked", "vip", "known", "unknown")


def make_caller(
    known: KnownCaller | None, *options: dict[str, Any], exits: tuple[str, ...] = FIXED, **settings: Any
) -> Walk:
    ways = {name: name for name in exits} | {row["exit"]: row["exit"] for row in options}
    steps = {"who": make_step("caller", options=list(options), exits=ways, settings=settings)}
    steps |= {
        name: make_step("message", prompts={"message": name}, exits={"next": "end"}) for name in ways if name != "end"
    }
    steps |= {"end": make_step("hang_up")}
    texts = {"known": wordings("Hello {caller_name}, your plan is {plan}.", "Hola {caller_name}.")}
    return Walk(make_document(steps, texts=texts), known=known)


GOLD = option("gold", "", "Gold", "Platinum")


@pytest.mark.parametrize(
    ("known", "way"),
    [
        (None, "unknown"),
        (KnownCaller("1"), "known"),
        (KnownCaller("1", is_vip=True), "vip"),
        (KnownCaller("1", is_blocked=True, is_vip=True), "blocked"),
        (KnownCaller("1", attributes={"plan": "GOLD"}), "gold"),
        (KnownCaller("1", attributes={"plan": "platinum"}), "gold"),
        (KnownCaller("1", attributes={"plan": "free"}), "known"),
        (KnownCaller("1", attributes={}), "known"),
        (KnownCaller("1", is_vip=True, attributes={"plan": "gold"}), "vip"),
    ],
)
def test_the_way_follows_the_contact(known, way):
    assert make_caller(known, GOLD, decide="plan").left_by == [way, "next"]


def test_without_ways_of_their_own_vips_and_blocked_callers_go_as_others_do():
    exits = ("known", "unknown")

    assert make_caller(KnownCaller("1", is_vip=True, is_blocked=True), exits=exits).left_by[0] == "known"
    vip = KnownCaller("1", is_vip=True, attributes={"plan": "gold"})
    assert make_caller(vip, GOLD, exits=exits, decide="plan").left_by[0] == "gold"


def test_prompts_say_the_name_and_the_attributes_that_are_kept():
    known = KnownCaller("1", "Caller 1", attributes={"plan": "gold", "secret": "x"})

    walk = make_caller(known, keep=["plan", "city"])

    assert walk.said[0] == "Hello Caller 1, your plan is gold."
    assert walk.position.variables == {"caller_name": "Caller 1", "plan": "gold", "city": ""}


def test_the_contacts_language_is_spoken_where_the_flow_can_and_wants():
    spanish = KnownCaller("1", language="es-US")

    assert make_caller(spanish, language=True).said[0].startswith("Hola")
    assert make_caller(spanish, language=False).said[0].startswith("Hello")
    assert make_caller(KnownCaller("1", language="de-DE"), language=True).position.language == "en-US"


def test_the_history_tells_which_contact_it_was_and_sends_nothing_for_it():
    walk = make_caller(KnownCaller("7", language="de-DE", is_vip=True, matches=3, attributes={"plan": "gold"}), GOLD)

    noted = {"vip": True, "blocked": False, "option": "", "language": "de-DE"}
    assert walk.events("known") == [{"contact": "7", "matches": 3, **noted}]
    assert isinstance(walk.verbs[0], Say)
    assert make_caller(None).events("known") == []


@pytest.mark.parametrize(
    ("settings", "options", "codes"),
    [
        ({}, (), []),
        ({"decide": "plan"}, (GOLD,), []),
        ({}, (GOLD,), ["nothing_decides"]),
        ({"decide": "plan"}, (), ["nothing_to_decide"]),
        ({"decide": "plan"}, (option("gold", "1", "gold"),), ["keys_for_values"]),
        ({"decide": "plan"}, (option("gold"),), ["option_without_value"]),
        ({"decide": "plan"}, (GOLD, option("other", "", "góld")), ["duplicate_values"]),
        ({"keep": ["Two Words"]}, (), ["bad_name"]),
        ({"keep": [f"a{index}" for index in range(21)]}, (), ["too_many_names"]),
    ],
)
def test_its_problems(settings, options, codes):
    (step,) = [one for one in make_caller(None, *options, **settings).document.steps.values() if one.KIND == "caller"]

    assert [problem.code for problem in step.problems()] == codes


def test_only_what_leads_to_it_has_to_know_who_calls():
    document = make_caller(None).document

    assert document.ahead("who", arriving=True).callers
    assert not document.ahead("known", arriving=True).callers
