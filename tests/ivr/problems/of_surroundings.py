"""What has to be known beyond a document: other flows, staff, numbers, recording, holidays."""

from datetime import date

from ivr.problems.knowledge import Holiday, KnownLine, KnownQueue, Lacking, Recording, Unconfirmed
from tests.ivr.factories import END, make_document, make_step
from tests.ivr.problems.making import (
    BACK,
    HI,
    HOURS,
    LINE,
    LONG,
    MONDAY,
    OTHER,
    PIN,
    WAITED,
    WEEKS,
    Case,
    back,
    hours_of_a_week,
    menu,
    ring,
)

CASES: dict[str, Case] = {
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
