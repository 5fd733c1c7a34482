"""What a step names or is set to: other flows, queues, rooms, mailboxes, values."""

from tests.ivr.factories import END, make_step, option, wordings
from tests.ivr.problems.making import BACK, HI, LINE, ROOM, WAITED, Case, asking, back, menu

CASES: dict[str, Case] = {
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
}
