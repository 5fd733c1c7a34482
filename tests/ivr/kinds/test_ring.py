from typing import Any

import pytest

from ivr import engine
from ivr.kinds.base import Keys, Silence
from telephony.twiml import Client, Dial, Gather, Hangup, Number, Say, Sip
from tests.ivr.factories import END, URLS, Walk, make_document, make_step

TARGETS = ["+15005550100", "client:ann", "sip:desk@company.example"]
EXITS = ("answered", "busy", "nobody", "failed")


def make_ring(
    *,
    targets: list[str] = TARGETS,
    before: bool = False,
    whisper: bool = False,
    facts: dict[str, Any] | None = None,
    **settings: Any,
) -> Walk:
    steps: dict[str, Any] = (
        {"hi": make_step("message", prompts={"message": "hello"}, exits={"next": "ring"})} if before else {}
    )
    steps["ring"] = make_step(
        "ring",
        settings={"targets": targets, **settings},
        prompts={"whisper": "whisper"} if whisper else {},
        exits={name: name for name in EXITS},
    )
    return Walk(make_document(steps | dict.fromkeys(EXITS, END)), **({"caller": "+15005550199"} | (facts or {})))


def dial_of(walk: Walk) -> Dial:
    return next(verb for verb in walk.verbs if isinstance(verb, Dial))


def test_all_are_rung_at_once_with_their_callbacks():
    dial = dial_of(make_ring(seconds=15))

    assert dial.nouns == [
        Number("+15005550100", status_callback=URLS.child_status),
        Client("ann", status_callback=URLS.child_status),
        Sip("sip:desk@company.example", status_callback=URLS.child_status),
    ]
    assert (dial.action, dial.timeout) == (URLS.resume, 15)


def test_in_turn_each_is_rung_until_somebody_answers():
    walk = make_ring(order="in_turn")
    rung = [dial_of(walk).nouns]
    for _ in TARGETS[1:]:
        rung.append(dial_of(walk.dialed()).nouns)

    assert [len(nouns) for nouns in rung] == [1, 1, 1]
    assert [type(nouns[0]) for nouns in rung] == [Number, Client, Sip]
    assert walk.dialed().left_by == ["nobody"]


def test_in_turn_ends_with_the_first_who_answers():
    walk = make_ring(order="in_turn").dialed("busy").dialed("completed", bridged=True)

    assert walk.left_by == ["answered"]


@pytest.mark.parametrize(
    ("status", "bridged", "way"),
    [
        ("completed", True, "answered"),
        ("completed", False, "nobody"),
        ("completed", None, "answered"),
        ("answered", None, "answered"),
        ("busy", False, "busy"),
        ("busy", None, "busy"),
        ("no-answer", False, "nobody"),
        ("canceled", None, "nobody"),
        ("failed", False, "failed"),
        ("something-new", None, "nobody"),
    ],
)
def test_whether_somebody_answered_is_told_by_the_bridge_before_the_status(status, bridged, way):
    assert make_ring().dialed(status, bridged=bridged).left_by == [way]


@pytest.mark.parametrize(("accepted", "way"), [(True, "answered"), (False, "nobody")])
def test_with_screening_and_no_word_of_a_bridge_the_pressed_key_decides(accepted, way):
    walk = make_ring(screening=True, whisper=True, facts={"accepted": accepted})

    assert walk.dialed("completed", bridged=None).left_by == [way]


@pytest.mark.parametrize(
    ("statuses", "way"), [(["busy"] * 3, "busy"), (["failed"] * 3, "failed"), (["busy", "failed", "busy"], "nobody")]
)
def test_the_exit_in_turn_is_what_all_had_in_common(statuses, way):
    walk = make_ring(order="in_turn")
    for status in statuses:
        walk.dialed(status)

    assert walk.left_by == [way]


def test_anything_else_heard_means_that_ringing_is_over():
    assert make_ring().press("1").left_by == ["nobody"]


def test_the_caller_hears_the_real_ringing_only_where_nothing_was_said_before():
    assert dial_of(make_ring()).answer_on_bridge is True
    assert dial_of(make_ring(before=True)).answer_on_bridge is None
    assert dial_of(make_ring(order="in_turn").dialed()).answer_on_bridge is None


@pytest.mark.parametrize(
    ("setting", "caller", "targets", "shown"),
    [
        ("+15005550101", "+15005550199", TARGETS, "+15005550101"),
        ("", "+15005550199", TARGETS, None),
        # Twilio rings no number in the name of a client, a SIP address or somebody withheld
        ("", "client:joe", TARGETS, "+15005550102"),
        ("", "sip:joe@example.com", TARGETS, "+15005550102"),
        ("", "anonymous", TARGETS, "+15005550102"),
        ("", "client:joe", ["client:ann"], None),
    ],
)
def test_the_number_shown_is_ours_or_the_callers_own(setting, caller, targets, shown):
    walk = make_ring(targets=targets, caller_id=setting, facts={"caller": caller, "own_number": "+15005550102"})

    assert dial_of(walk).caller_id == shown


def screened(walk: Walk, heard: Keys | Silence | None) -> engine.Screening:
    return engine.screen(walk.document, walk.position, heard, urls=URLS)


def test_who_answers_is_asked_to_press_a_key():
    walk = make_ring(screening=True, whisper=True)

    assert all(noun.url == URLS.screen for noun in dial_of(walk).nouns)
    gather, hangup = screened(walk, None).verbs
    assert isinstance(gather, Gather)
    assert gather.action == URLS.screen
    assert gather.prompts == (Say("whisper in English.", voice="Polly.Joanna-Neural", language="en-US"),)
    assert hangup == Hangup()


def test_the_right_key_takes_the_call():
    assert screened(make_ring(screening=True, whisper=True), Keys("1")) == ((), True)


@pytest.mark.parametrize("heard", [Keys("2"), Silence()])
def test_another_key_or_a_mailbox_does_not(heard):
    assert screened(make_ring(screening=True, whisper=True), heard) == ((Hangup(),), False)


def test_a_whisper_without_screening_is_only_heard():
    walk = make_ring(whisper=True)

    assert [noun.url for noun in dial_of(walk).nouns] == [URLS.screen] * 3
    assert [type(verb) for verb in screened(walk, None).verbs] == [Say]


def test_who_answers_too_late_is_let_go():
    walk = make_ring(screening=True, whisper=True).dialed()

    assert screened(walk, None) == ((Hangup(),), False)
    assert screened(walk, Keys("1")) == ((Hangup(),), False)


def test_the_history_tells_who_was_rung_and_how_it_ended():
    walk = make_ring()

    assert walk.events("rang") == [{"targets": TARGETS}]
    assert walk.dialed("busy").events("dialed") == [
        {"step": "ring", "status": "busy", "bridged": False, "leg": "", "seconds": None}
    ]
