"""An example for each rule of steps that choose the way, share calls out or set values."""

from typing import Any

from tests.ivr.factories import END, make_step, option
from tests.ivr.problems.making import Case


def branch(*options: dict[str, Any], **settings: Any) -> dict[str, Any]:
    exits = {row["exit"]: "bye" for row in options} | {"otherwise": "bye"}
    return {"branch": make_step("branch", options=list(options), exits=exits, settings=settings), "bye": END}


def share(*options: dict[str, Any]) -> dict[str, Any]:
    return {
        "share": make_step("share", options=list(options), exits={row["exit"]: "bye" for row in options}),
        "bye": END,
    }


def setting(*lines: str) -> dict[str, Any]:
    return {"set": make_step("set", settings={"values": list(lines)}, exits={"next": "bye"}), "bye": END}


CASES: dict[str, Case] = {
    "an option of a branch that is never taken": (
        branch(option("Workday", "", "days: Monday, Friday"), option("Friday", "", "days: Friday"), by="time"),
        {},
        (
            "never_taken",
            "warning",
            "branch",
            "Option “Friday” of step “branch” is never taken: what fits it is taken by others first, as by “Workday”.",
        ),
    ),
    "an option of a branch that compares nothing": (
        branch(option("Abroad", "", "Atlantis"), by="country"),
        {},
        (
            "bad_comparison",
            "error",
            "branch",
            (
                "Option “Abroad” of step “branch”: “Atlantis” is no country, by its English name or two letters, and"
                " not “withheld”."
            ),
        ),
    ),
    "a share that is all": (
        share(option("All", "", "100 %")),
        {},
        (
            "nothing_to_share",
            "error",
            "share",
            "Calls can only be shared in step “share” when it has two options or more.",
        ),
    ),
    "a share without a percentage": (
        share(option("Old", "", "100 %"), option("New")),
        {},
        ("no_percentage", "error", "share", "Option “New” of step “share” has no percentage such as 50 %."),
    ),
    "shares that are not all calls": (
        share(option("Old", "", "50 %"), option("New", "", "40 %")),
        {},
        (
            "not_all_shared",
            "error",
            "share",
            "The percentages of step “share” add up to 90 %, not to 100 %: 10 % are missing.",
        ),
    ),
    "an address that is none": (
        {
            "away": make_step("send_away", settings={"address": "studio"}, exits={"failed": "bye"}),
            "bye": END,
        },
        {},
        (
            "bad_address",
            "error",
            "away",
            "Step “away” sends calls to “studio”, which is not an address such as https://….",
        ),
    ),
    "calls by SIP alone": (
        {
            "away": make_step(
                "send_away", settings={"to": "sip", "address": "sip:desk@pbx.example"}, exits={"failed": "bye"}
            ),
            "bye": END,
        },
        {},
        (
            "sip_only",
            "warning",
            "away",
            (
                "Step “away” sends only calls away that came by SIP; all others go by “Could not be reached”, because"
                " “Refused, or no call by SIP” leads nowhere."
            ),
        ),
    ),
    "TwiML that is none": (
        {
            "raw": make_step("raw_twiml", settings={"twiml": "<Response><Shout/></Response>"}, exits={"next": "bye"}),
            "bye": END,
        },
        {},
        (
            "bad_twiml",
            "error",
            "raw",
            "TwiML of step “raw”. Line 1, column 11: There is no <Shout> in TwiML. Capitals count.",
        ),
    ),
    "nothing to set": (setting(), {}, ("nothing_to_set", "warning", "set", "There is nothing to keep in step “set”.")),
    "a line that sets nothing": (
        setting("topic order"),
        {},
        ("bad_value", "error", "set", "“topic order” in step “set” is not such as: name = text."),
    ),
    "a value that is set twice": (
        setting("topic = order", "topic = repair"),
        {},
        ("set_twice", "warning", "set", "“topic” is set twice in step “set”; only the last counts after it."),
    ),
}
