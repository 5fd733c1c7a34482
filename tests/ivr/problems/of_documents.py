"""What a document shows by itself: its languages, texts, options, and who is rung."""

from tests.ivr.factories import END, make_step, option, wordings
from tests.ivr.problems.making import HI, Case, menu, ring

CASES: dict[str, Case] = {
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
}
