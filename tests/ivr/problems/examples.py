"""One failing example of each rule, with the sentence that the person reads."""

from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ivr.hours.opening import Interval, Week
from ivr.problems import Knowledge, problems
from ivr.problems.knowledge import Holiday, KnownLine, KnownQueue, Lacking, Recording, Unconfirmed
from tests.ivr.factories import END, make_document, make_step, option, wordings
from tests.ivr.problems import of_ways

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


KNOWN = {field.name for field in fields(Knowledge)}


def found(steps: dict[str, Any], **more: Any) -> list[tuple[str, str, str, str]]:
    """Check a document of these steps. What belongs to `Knowledge` is known, all else is the document's."""
    known = Knowledge(**{name: value for name, value in more.items() if name in KNOWN})
    document = make_document(steps, **{name: value for name, value in more.items() if name not in KNOWN})
    return [(row.code, row.severity, row.step, row.text) for row in problems(document, knowledge=known)]


def asking(kind: str, name: str, **more: Any) -> dict[str, Any]:
    """A step with values: a look-up, or who calls."""
    ways = {
        "look_up": ("found", "default"),
        "caller": ("known", "unknown"),
    }[kind]
    base = {"exits": dict.fromkeys(ways, "bye")}
    if kind == "look_up":
        base |= {"source": "3", "prompts": {"message": "hello"}}
    more.setdefault("exits", base["exits"] | {row["exit"]: "bye" for row in more.get("options", ())})
    return {"ask": make_step(kind, **(base | more)), "bye": END}


HOURS = make_step("hours", schedule="1", exits={"open": "line", "closed": "bye", "holiday": "bye"})
PIN = make_step(
    "collect",
    settings={"secret": True, "max_length": 4},
    prompts={"question": "hello"},
    exits=dict.fromkeys(("collected", "no_input", "wrong_input"), "bye"),
)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)  # at midnight
OFFICE = Week("UTC", tuple(Interval(day, time(9), time(17)) for day in range(5)))
WEEKS = {"1": ("Office", OFFICE)}


def hours_of_a_week(*hours: int, days: range = range(5)) -> frozenset[datetime]:
    return frozenset(MONDAY + timedelta(days=day, hours=hour) for day in days for hour in hours)


def back(number: str = "{number}") -> dict[str, Any]:
    return {"confirm": {"en-US": {"text": number}, "es-US": {"text": number}}}


WAITED = {
    "line": LINE | {"options": [option("Back", "1")], "exits": {**LINE["exits"], "Back": "back"}},
    "back": BACK,
    "bye": END,
}
OTHER = make_document({"again": make_step("go_to", to_flow="1")}, flow=2)
LONG = make_document(
    {str(number): HI | {"exits": {"next": str(number + 1)}} for number in range(99)} | {"99": END}, flow=2
)
CIRCLE = make_document(
    {
        "menu": menu(exits={"no_input": "go", "wrong_input": "menu", "Sales": "menu", "Support": "go"}),
        "go": make_step("go_to", to_flow="1"),
    },
    flow=2,
)

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
        {"numbers": frozenset({"+15005550102"})},
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
        {"published": frozenset({"2"})},
        ("unpublished_flow", "error", "go", "Step “go” goes to a flow that is not published."),
    ),
    "unpublished flow with a way out": (
        {"go": make_step("go_to", to_flow="9", exits={"unavailable": "bye"}), "bye": END},
        {"published": frozenset({"2"})},
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
    "words for those who wait": (
        {
            "line": LINE | {"options": [option("Leave", "1", "leave")], "exits": {**LINE["exits"], "Leave": "bye"}},
            "bye": END,
        },
        {},
        (
            "words_while_waiting",
            "error",
            "line",
            "Option “Leave” of step “line” has words; while they wait callers choose by key.",
        ),
    ),
    "nothing to hear while waiting": (
        {"line": LINE | {"wait": []}, "bye": END},
        {},
        ("empty_wait", "error", "line", "Callers hear nothing while they wait in step “line”."),
    ),
    "a sound of over a minute for those who wait": (
        {"line": LINE, "bye": END},
        {"texts": {"hello": {"en-US": {"audio": "a1"}, "es-US": {"text": "Hola."}}}, "long": frozenset({"a1"})},
        (
            "long_item",
            "warning",
            "line",
            (
                "What prompt “hello” says in en-US in step “line” lasts over a minute: meanwhile nobody"
                " looks whether the"
                " wait is over."
            ),
        ),
    ),
    "a name that nothing keeps": (
        {"hi": HI, "bye": END},
        {"texts": {"hello": wordings("Hello {name}.", "Hola {name}.")}},
        (
            "unknown_variable",
            "warning",
            "hi",
            "Prompt “hello” of step “hi” says {name}, which no step of this flow keeps.",
        ),
    ),
    "a name that stands for something else": (
        asking("look_up", "ask", settings={"keep": ["position"]}),
        {},
        (
            "reserved_name",
            "warning",
            "ask",
            "Step “ask” keeps something as “position”, which stands for something else in prompts.",
        ),
    ),
    "no source": (
        asking("look_up", "ask", source=""),
        {},
        ("missing_source", "error", "ask", "Step “ask” has no source to ask."),
    ),
    "options that nothing decides": (
        asking("look_up", "ask", options=[option("Gold", "", "gold")]),
        {},
        (
            "nothing_decides",
            "error",
            "ask",
            "The options of step “ask” are never taken: it does not say what of the answer chooses the way.",
        ),
    ),
    "a value without options": (
        asking("caller", "ask", settings={"decide": "plan"}),
        {},
        ("nothing_to_decide", "warning", "ask", "There are no options for the value “plan” of step “ask”."),
    ),
    "a key where nobody presses": (
        asking("look_up", "ask", settings={"decide": "tier"}, options=[option("Gold", "1", "gold")]),
        {},
        (
            "keys_for_values",
            "error",
            "ask",
            "Option “Gold” of step “ask” has a key; values are compared here, callers press nothing.",
        ),
    ),
    "an option without a value": (
        asking("look_up", "ask", settings={"decide": "tier"}, options=[option("Gold")]),
        {},
        ("option_without_value", "error", "ask", "Option “Gold” of step “ask” has no value."),
    ),
    "the same value twice": (
        asking("look_up", "ask", settings={"decide": "tier"}, options=[option("A", "", "x"), option("B", "", "X")]),
        {},
        ("duplicate_values", "error", "ask", "Options “A” and “B” of step “ask” have the same value “x”."),
    ),
    "a name that cannot be one": (
        asking("look_up", "ask", settings={"keep": ["Plan A"]}),
        {},
        (
            "bad_name",
            "error",
            "ask",
            "“Plan A” in step “ask” is not a name: small letters, digits and _, at most 32, a letter first.",
        ),
    ),
    "too many names": (
        asking("look_up", "ask", settings={"keep": [f"name{number}" for number in range(21)]}),
        {},
        ("too_many_names", "error", "ask", "Step “ask” names more than 20 values."),
    ),
    "no country": (
        WAITED | {"back": BACK | {"settings": {"countries": "US, QX"}}},
        {"texts": back()},
        ("unknown_country", "error", "back", "“QX” in step “back” is no country's two letters."),
    ),
    "round and round through another flow": (
        {"go": make_step("go_to", to_flow="2")},
        {"flows": {"2": OTHER}},
        (
            "loop_across",
            "error",
            "go",
            (
                "Calls can go round through several flows without the caller doing anything:"
                " “go” → “again” of flow “Flow 2” → “go”."
            ),
        ),
    ),
    "too many steps through another flow": (
        {"hi": HI | {"exits": {"next": "go"}}, "go": make_step("go_to", to_flow="2")},
        {"flows": {"2": LONG}},
        (
            "too_many_steps_across",
            "error",
            "go",
            (
                "More than 100 steps follow each other without the caller, through other flows, up to “98” of flow"
                " “Flow 2”."
            ),
        ),
    ),
    "no end in another flow": (
        {
            "menu": menu(exits={"no_input": "go", "wrong_input": "go", "Sales": "go", "Support": "menu"}),
            "go": make_step("go_to", to_flow="2"),
        },
        {
            "flows": {
                "2": make_document(
                    {"menu": menu(exits=dict.fromkeys(("no_input", "wrong_input", "Sales", "Support"), "menu"))}, flow=2
                )
            }
        },
        (
            "dead_end_across",
            "error",
            "go",
            "From step “go” calls go on in flow “Flow 2”, and no way leads to an end of the call.",
        ),
    ),
    "a queue without members": (
        {"line": LINE, "bye": END},
        {"queues": {"7": KnownQueue("Sales", members=0)}},
        ("nobody_takes", "warning", "line", "Step “line”: nobody is a member of the queue “Sales”."),
    ),
    "a skill that nobody holds": (
        {"line": LINE, "bye": END},
        {"queues": {"7": KnownQueue("Sales", lacking=(Lacking("Repairs", 5),))}},
        (
            "skill_nobody_holds",
            "warning",
            "line",
            "Step “line”: no member of the queue “Sales” has the skill “Repairs” at level 5.",
        ),
    ),
    "nobody at a desk while it is open": (
        {"hours": HOURS, "line": LINE, "bye": END},
        {
            "queues": {"7": KnownQueue("Sales", present=hours_of_a_week(*range(9, 16)))},
            "weeks": WEEKS,
            "at": MONDAY,
        },
        (
            "nobody_at_desk",
            "warning",
            "line",
            (
                "Step “line”: callers come to the queue “Sales” by “Office”, but in the last 4 weeks no member was"
                " at a desk on Monday to Friday 16:00 to 17:00 (UTC)."
            ),
        ),
    ),
    "nobody at a desk for weeks": (
        {"hours": HOURS, "line": LINE, "bye": END},
        {"queues": {"7": KnownQueue("Sales", present=frozenset())}, "weeks": WEEKS, "at": MONDAY},
        (
            "nobody_at_desk",
            "warning",
            "line",
            "Step “line”: no member of the queue “Sales” was at a desk in the last 4 weeks.",
        ),
    ),
    "a queue at any hour that keeps its callers": (
        {"line": LINE | {"settings": {"unstaffed": "never"}}, "bye": END},
        {"queues": {"7": KnownQueue("Sales", present=hours_of_a_week(*range(24), days=range(6)))}, "at": MONDAY},
        (
            "nobody_at_desk",
            "warning",
            "line",
            (
                "Step “line”: callers come to the queue “Sales” at any hour: no opening hours lead to it,"
                " but in the last 4"
                " weeks no member was at a desk on Sunday all day (UTC)."
            ),
        ),
    ),
    "no number to call back from": (
        WAITED,
        {
            "texts": back(),
            "queues": {"7": KnownQueue("Sales", calls_from=False)},
            "lines": (KnownLine("Desk", "sip:desk@company.example"),),
        },
        (
            "no_number_to_call_from",
            "error",
            "back",
            (
                "Step “back” offers to call back, but there is no number to call from: no line that leads"
                " here is one, and"
                " queue “Sales” has none."
            ),
        ),
    ),
    "no number to call some back from": (
        WAITED,
        {
            "texts": back(),
            "queues": {"7": KnownQueue("Sales", calls_from=False)},
            "lines": (KnownLine("Desk", "sip:desk@company.example"), KnownLine("Main", "+15005550100")),
        },
        (
            "no_number_to_call_from",
            "warning",
            "back",
            "Step “back” cannot call back who came by line “Desk”: queue “Sales” has no number to call from.",
        ),
    ),
    "a number in another country": (
        {"ring": ring(targets=["+442079460123"]), "bye": END},
        {"countries": frozenset({"US"}), "home": "US"},
        ("country_not_allowed", "error", "ring", "Step “ring” rings +442079460123. Calls to GB are not allowed."),
    ),
    "a number in another country, written as TwiML": (
        {
            "raw": make_step(
                "raw_twiml",
                settings={"twiml": "<Response><Dial><Number>+442079460123</Number></Dial></Response>"},
                exits={"next": "bye"},
            ),
            "bye": END,
        },
        {"countries": frozenset({"US"}), "home": "US"},
        ("country_not_allowed", "error", "raw", "Step “raw” rings +442079460123. Calls to GB are not allowed."),
    ),
    "a shown number of another country": (
        {"ring": ring(caller_id="+442079460123"), "bye": END},
        {"countries": frozenset({"US"}), "home": "US"},
        (
            "country_not_allowed",
            "warning",
            "ring",
            (
                "Step “ring” shows +442079460123, a number of GB, where calls are not allowed: telephone companies may"
                " refuse or mark calls from abroad."
            ),
        ),
    ),
    "calling back to another country": (
        WAITED | {"back": BACK | {"settings": {"countries": "US, GB"}}},
        {"texts": back(), "countries": frozenset({"US"}), "home": "US"},
        (
            "country_not_allowed",
            "warning",
            "back",
            "Step “back” offers to call back to GB. Calls there are not allowed, so none is made.",
        ),
    ),
    "a line that is forwarded abroad": (
        {"bye": END},
        {"lines": (KnownLine("Main", "+15005550100", "+442079460123"),), "countries": frozenset({"US"}), "home": "US"},
        (
            "country_not_allowed",
            "warning",
            "",
            "In an emergency line “Main” rings +442079460123. Calls to GB are not allowed.",
        ),
    ),
    "a number that costs more": (
        {"ring": ring(targets=["+19005550123"]), "bye": END},
        {"countries": frozenset({"US"}), "home": "US"},
        (
            "premium_number",
            "error",
            "ring",
            "Step “ring” rings +19005550123: a call to that number is charged at a higher rate.",
        ),
    ),
    "an emergency number": (
        {"ring": ring(targets=["+19115550100"]), "bye": END},
        {"home": "US"},
        ("emergency_number", "error", "ring", "Step “ring” rings +19115550100, an emergency number."),
    ),
    "a number that is none": (
        {"ring": ring(targets=["+1911911"]), "bye": END},
        {"home": "US"},
        ("impossible_number", "error", "ring", "Step “ring” rings +1911911, which is no telephone number."),
    ),
    "secret digits in a recorded call": (
        {"pin": PIN, "bye": END},
        {"recordings": (Recording("All calls", 120),)},
        (
            "secret_recorded",
            "warning",
            "pin",
            (
                "Step “pin” asks for digits that nobody may keep, while “All calls” records from the"
                " beginning of the call."
                " Recording is paused meanwhile. Where Twilio does not confirm that within 10 seconds, the"
                " caller is asked"
                " all the same, and the keys are in the recording."
            ),
        ),
    ),
    "a pause that is over before the question": (
        {"pin": PIN | {"settings": {"secret": True, "max_length": 16}}, "bye": END},
        {"recordings": (Recording("All calls", 120),)},
        (
            "pause_too_short",
            "error",
            "pin",
            (
                "Step “pin” may ask for secret digits for 259 seconds, but by “All calls” a pause ends by"
                " itself after 120:"
                " what is pressed later is in the recording."
            ),
        ),
    ),
    "a holiday that nobody is told of": (
        {"hours": HOURS | {"exits": dict.fromkeys(("open", "closed", "holiday"), "bye")}, "bye": END},
        {"weeks": WEEKS, "holidays": (Holiday("1", date(2026, 3, 9), "Founders' Day", False),)},
        (
            "holiday_without_prompt",
            "warning",
            "hours",
            (
                "“Office” is closed on Monday, 9 March 2026 (Founders' Day), which has no prompt: callers hear only"
                " what comes after “Holiday” of step “hours”."
            ),
        ),
    ),
    "a year of holidays that nobody has confirmed": (
        {"hours": HOURS | {"exits": dict.fromkeys(("open", "closed", "holiday"), "bye")}, "bye": END},
        {"weeks": WEEKS, "unconfirmed": (Unconfirmed("1", 2027),)},
        (
            "unconfirmed_holidays",
            "warning",
            "hours",
            "Nobody has confirmed the public holidays of 2027 for “Office”, which step “hours” looks at.",
        ),
    ),
}
CASES |= of_ways.CASES
