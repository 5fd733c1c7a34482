from typing import Any

import pytest

from ivr.problems import Knowledge, problems
from tests.ivr.factories import END, ENGLISH, make_document, make_step, option, wordings

HI = make_step("message", prompts={"message": "hello"}, exits={"next": "bye"})


def menu(**more: Any) -> dict[str, Any]:
    base = {
        "options": [option("Sales", "1", "sales"), option("Support", "2")],
        "prompts": {"greeting": "hello"},
        "exits": {"no_input": "bye", "wrong_input": "bye", "Sales": "bye", "Support": "bye"},
    }
    return make_step("menu", **(base | more))


def ring(**settings: Any) -> dict[str, Any]:
    exits = dict.fromkeys(("answered", "busy", "nobody", "failed"), "bye")
    return make_step("ring", settings={"targets": ["+15005550100"]} | settings, exits=exits)


LINE = make_step(
    "queue",
    queue="7",
    wait=[{"kind": "message", "prompt": "hello", "seconds": 0}],
    exits=dict.fromkeys(("answered", "timed_out", "full", "unstaffed"), "bye"),
)
BACK = make_step(
    "call_back",
    queue="7",
    prompts={role: role for role in ("confirm", "key_in", "stored")},
    exits=dict.fromkeys(("stored", "refused", "failed"), "bye"),
)
ROOM = make_step(
    "conference_room",
    room="4",
    prompts={"pin": "hello"},
    exits=dict.fromkeys(("left", "ended", "wrong_pin", "full"), "bye"),
)


def found(
    steps: dict[str, Any], *, numbers: set[str] | None = None, published: set[str] | None = None, **more: Any
) -> list[tuple[str, str, str, str]]:
    known = Knowledge(
        None if numbers is None else frozenset(numbers), None if published is None else frozenset(published)
    )
    return [
        (row.code, row.severity, row.step, row.text) for row in problems(make_document(steps, **more), knowledge=known)
    ]


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, str, str, str]]] = {
    "no first step": (
        {"bye": END},
        {"first": ""},
        ("no_first_step", "error", "", "Flow “Flow 1” has no first step."),
    ),
    "no language": ({"bye": END}, {"languages": ()}, ("no_language", "error", "", "Flow “Flow 1” speaks no language.")),
    "unknown language": (
        {"bye": END},
        {"languages": (("xx-XX", "man"),)},
        ("unknown_language", "error", "", "The language xx-XX of flow “Flow 1” is not known."),
    ),
    "unknown voice": (
        {"bye": END},
        {"languages": (("en-US", "alice"),)},
        ("unknown_voice", "error", "", "The voice alice in flow “Flow 1” is not known."),
    ),
    "no voice": (
        {"bye": END},
        {"languages": (("en-US", ""),)},
        ("unknown_voice", "error", "", "There is no voice for en-US in flow “Flow 1”."),
    ),
    "voice of another language": (
        {"bye": END},
        {"languages": (("en-US", "Polly.Lupe"),)},
        ("foreign_voice", "warning", "", "The voice Polly.Lupe in flow “Flow 1” speaks es-US, not en-US."),
    ),
    "unreachable step": (
        {"hi": HI, "bye": END, "lost": END},
        {},
        ("unreachable", "warning", "lost", "No way leads to step “lost”."),
    ),
    "dead end": (
        {
            "menu": menu(exits={"no_input": "bye", "wrong_input": "bye", "Sales": "stuck", "Support": "bye"}),
            "stuck": menu(exits=dict.fromkeys(("no_input", "wrong_input", "Sales", "Support"), "stuck")),
            "bye": END,
        },
        {},
        ("dead_end", "error", "stuck", "From step “stuck” no way leads to an end of the call."),
    ),
    "loop": (
        {
            "hi": HI | {"exits": {"next": "menu"}},
            "menu": menu(exits={"no_input": "hi", "wrong_input": "bye", "Sales": "bye", "Support": "bye"}),
            "bye": END,
        },
        {},
        ("loop", "error", "hi", "Calls can go round without the caller doing anything: “hi” → “menu” → “hi”."),
    ),
    "loop through the same flow": (
        {
            "menu": menu(exits={"no_input": "go", "wrong_input": "bye", "Sales": "bye", "Support": "bye"}),
            "go": make_step("go_to", to_flow="1"),
            "bye": END,
        },
        {},
        ("loop", "error", "menu", "Calls can go round without the caller doing anything: “menu” → “go” → “menu”."),
    ),
    "missing exit": (
        {"menu": menu(exits={"no_input": "bye", "wrong_input": "bye", "Sales": "bye"}), "bye": END},
        {},
        ("missing_exit", "error", "menu", "Exit “Support” of step “menu” leads nowhere."),
    ),
    "missing prompt": (
        {"menu": menu(prompts={}), "bye": END},
        {},
        ("missing_prompt", "error", "menu", "Step “menu” has no prompt “Greeting”."),
    ),
    "missing whisper": (
        {"ring": ring(screening=True), "bye": END},
        {},
        ("missing_prompt", "error", "ring", "Step “ring” screens the call, but has no whisper that says to press 1."),
    ),
    "missing language": (
        {"hi": HI, "bye": END},
        {"texts": {"hello": {"en-US": {"text": "Hello."}, "es-US": {"text": " "}}}},
        ("missing_language", "error", "hi", "There is no wording in es-US for prompt “hello” of step “hi”."),
    ),
    "language that is not spoken": (
        {
            "choice": make_step(
                "language",
                prompts={"greeting": "hello"},
                options=[option("German", "1", language="de-DE")],
                exits={"German": "bye", "no_choice": "bye"},
            ),
            "bye": END,
        },
        {},
        (
            "missing_language",
            "error",
            "choice",
            "Option “German” of step “choice” sets de-DE, no language of the flow.",
        ),
    ),
    "option without language": (
        {
            "choice": make_step(
                "language",
                prompts={"greeting": "hello"},
                options=[option("German", "1")],
                exits={"German": "bye", "no_choice": "bye"},
            ),
            "bye": END,
        },
        {},
        ("option_without_language", "error", "choice", "Option “German” of step “choice” sets no language."),
    ),
    "long markup": (
        {"hi": HI, "bye": END},
        {"texts": {"hello": wordings("x" * 3001 + "<break/>")}},
        (
            "too_long",
            "error",
            "hi",
            (
                "The text of prompt “hello” of step “hi” in en-US has 3001 characters; with tags it cannot be split,"
                " and Polly.Joanna-Neural takes 3000."
            ),
        ),
    ),
    "too much for an answer": (
        {"hi": HI, "bye": END},
        {"texts": {"hello": wordings("Hello there. " * 3000)}},
        ("too_long", "error", "hi", "What step “hi” says is too long: 39 kB; at most 30 kB fit."),
    ),
    "hidden option": (
        {"menu": menu(options=[option("Sales", "1"), option("Support", "12")]), "bye": END},
        {},
        (
            "hidden_option",
            "warning",
            "menu",
            (
                "Option “Support” (12) of step “menu” is hidden behind “Sales” (1): who dials it with a pause gets"
                " “Sales”, and who presses 1 waits 5 seconds."
            ),
        ),
    ),
    "same keys": (
        {"menu": menu(options=[option("Sales", "1"), option("Support", "1")]), "bye": END},
        {},
        ("duplicate_keys", "error", "menu", "Options “Sales” and “Support” of step “menu” have the same keys 1."),
    ),
    "same words": (
        {"menu": menu(options=[option("Sales", "1", "Buy!"), option("Support", "2", "help", "buy")]), "bye": END},
        {},
        ("duplicate_words", "error", "menu", "Options “Sales” and “Support” of step “menu” have the same word “buy”."),
    ),
    "option without input": (
        {"menu": menu(options=[option("Sales", "1"), option("Support")]), "bye": END},
        {},
        ("option_without_input", "error", "menu", "Option “Support” of step “menu” has neither keys nor words."),
    ),
    "no options": (
        {"menu": menu(options=[]), "bye": END},
        {},
        ("no_options", "error", "menu", "Step “menu” has no options to choose from."),
    ),
    "reject that is not first": (
        {
            "hi": HI | {"exits": {"next": "hours"}},
            "hours": make_step("hours", schedule="1", exits=dict.fromkeys(("open", "closed", "holiday"), "no")),
            "no": make_step("reject"),
        },
        {},
        (
            "reject_not_first",
            "error",
            "no",
            "Step “no” can only reject a call that has heard nothing yet, but calls come to it later too.",
        ),
    ),
    "unknown caller ID": (
        {"ring": ring(caller_id="+15005550101"), "bye": END},
        {"numbers": {"+15005550102"}},
        ("unknown_caller_id", "error", "ring", "Step “ring” shows the number +15005550101, which is not one of ours."),
    ),
    "wrong markup": (
        {"hi": HI, "bye": END},
        {"texts": {"hello": wordings("Hi <blink>x</blink>")}},
        (
            "bad_markup",
            "error",
            "hi",
            (
                "In prompt “hello” of step “hi” in en-US, at character 4: The tag <blink> is not possible. Possible are"
                " <break>, <emphasis>, <lang>, <p>, <phoneme>, <prosody>, <s>, <say-as>, <sub>, <w>."
            ),
        ),
    ),
    "markup that the voice does not speak": (
        {"hi": HI, "bye": END},
        {"languages": (("en-US", "man"),), "texts": {"hello": {"en-US": {"text": "Hi<break/>"}}}},
        (
            "bad_markup",
            "error",
            "hi",
            "In prompt “hello” of step “hi” in en-US, at character 3: This voice does not know the tag <break>.",
        ),
    ),
    "unknown voice of a wording": (
        {"hi": HI, "bye": END},
        {"texts": {"hello": wordings() | {"en-US": {"text": "Hi", "voice": "Polly.Nobody"}}}},
        (
            "unknown_voice",
            "error",
            "hi",
            "The voice Polly.Nobody in prompt “hello” of step “hi” in en-US is not known.",
        ),
    ),
    "nobody to ring": (
        {"ring": ring(targets=[]), "bye": END},
        {},
        ("no_targets", "error", "ring", "Step “ring” rings nobody."),
    ),
    "not a number": (
        {"ring": ring(targets=["555 0100"]), "bye": END},
        {},
        (
            "bad_target",
            "error",
            "ring",
            "“555 0100” in step “ring” is no number like +15005550100, client:name or sip:name@host.",
        ),
    ),
    "too many to ring at once": (
        {"ring": ring(targets=[f"client:agent{number}" for number in range(11)]), "bye": END},
        {},
        ("too_many_targets", "error", "ring", "Step “ring” rings 11 at once; at most 10 are possible."),
    ),
    "screening while all ring": (
        {
            "ring": ring(targets=["+15005550100", "client:ann"], screening=True) | {"prompts": {"whisper": "hello"}},
            "bye": END,
        },
        {},
        (
            "screening_together",
            "warning",
            "ring",
            (
                "Step “ring” rings all at once and asks who answers to press 1: as soon as one phone is picked up, also"
                " by a mailbox, the others stop ringing. Ring one after the other instead."
            ),
        ),
    ),
    "unpublished flow": (
        {"go": make_step("go_to", to_flow="9")},
        {"published": {"2"}},
        ("unpublished_flow", "error", "go", "Step “go” goes to a flow that is not published."),
    ),
    "unpublished flow with a way out": (
        {"go": make_step("go_to", to_flow="9", exits={"unavailable": "bye"}), "bye": END},
        {"published": {"2"}},
        ("unpublished_flow", "warning", "go", "Step “go” goes to a flow that is not published."),
    ),
    "no queue": (
        {"line": LINE | {"queue": ""}, "bye": END},
        {},
        ("missing_queue", "error", "line", "Step “line” has no queue."),
    ),
    "no room": (
        {"room": ROOM | {"room": ""}, "bye": END},
        {},
        ("missing_room", "error", "room", "Step “room” has no conference room."),
    ),
    "no way for nobody staffed": (
        {"line": LINE | {"exits": dict.fromkeys(("answered", "timed_out", "full"), "bye")}, "bye": END},
        {},
        ("missing_exit", "error", "line", "Exit “Nobody staffed” of step “line” leads nowhere."),
    ),
    "a place in line without its number": (
        {"line": LINE | {"wait": [{"kind": "position", "prompt": "hello", "seconds": 0}]}, "bye": END},
        {"texts": {"hello": {"en-US": {"text": "You wait."}, "es-US": {"text": "{position}"}}}},
        (
            "no_number",
            "error",
            "line",
            "Prompt “hello” of step “line” in en-US lacks {position}, which stands for the number.",
        ),
    ),
    "a prompt of the wait without a wording": (
        {"line": LINE, "bye": END},
        {"texts": {"hello": {"en-US": {"text": "You wait."}}}},
        (
            "missing_language",
            "error",
            "line",
            "There is no wording in es-US for prompt “hello” of step “line”.",
        ),
    ),
    "a call back without a queue before it": (
        {"back": BACK, "bye": END},
        {"texts": {"confirm": {"en-US": {"text": "{number}"}, "es-US": {"text": "{number}"}}}},
        (
            "no_queue_before",
            "warning",
            "back",
            "No way leads from its queue to step “back”, so that callers begin at the end of the line.",
        ),
    ),
    "no flow": ({"go": make_step("go_to")}, {}, ("missing_to_flow", "error", "go", "Step “go” has no flow to go to.")),
    "no schedule": (
        {"hours": make_step("hours", exits=dict.fromkeys(("open", "closed", "holiday"), "bye")), "bye": END},
        {},
        ("missing_schedule", "error", "hours", "Step “hours” has no opening hours."),
    ),
    "no mailbox": (
        {
            "box": make_step(
                "voicemail", prompts={"greeting": "hello"}, exits=dict.fromkeys(("recorded", "empty"), "bye")
            ),
            "bye": END,
        },
        {},
        ("missing_mailbox", "error", "box", "Step “box” has no mailbox."),
    ),
    "impossible length": (
        {
            "ask": make_step(
                "collect",
                settings={"min_length": 5, "max_length": 4},
                prompts={"question": "hello"},
                exits=dict.fromkeys(("collected", "no_input", "wrong_input"), "bye"),
            ),
            "bye": END,
        },
        {},
        ("impossible_length", "error", "ask", "Step “ask” wants at least 5 but at most 4 digits."),
    ),
    "speech that is not understood": (
        {"menu": menu(), "bye": END},
        {"languages": (("ro-RO", "Polly.Carmen"),), "texts": {"hello": {"ro-RO": {"text": "Bună."}}}},
        (
            "not_understood",
            "warning",
            "menu",
            "Twilio does not understand speech in ro-RO, which step “menu” listens to.",
        ),
    ),
    "too many steps": (
        {str(number): HI | {"exits": {"next": str(number + 1)}} for number in range(100)} | {"100": END},
        {},
        (
            "too_many_steps",
            "error",
            "100",
            "More than 100 steps follow each other without the caller, up to step “100”.",
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_problem_is_told_in_words(case):
    steps, more, expected = CASES[case]

    assert expected in found(steps, **more)


# what comes in company, because one thing follows from the other
COMPANY = {"dead end", "no first step", "no options", "no language"}


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

    assert found(steps, numbers={"+15005550101"}, published={"2"}) == []


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
