"""Who called, as a recording tells it, for a step that asks so in another way. Pure."""

from collections.abc import Mapping
from typing import Any

from ivr.kinds import values
from ivr.kinds.asking import normal
from ivr.kinds.base import Step
from ivr.kinds.caller import Caller
from ivr.kinds.known import KnownCaller
from ivr.replay.recording import Stay
from ivr.replay.unknown import CannotKnow, Why


def known(step: Caller, stay: Stay, was: Step | None) -> KnownCaller | None:
    """Give who called so that `step` goes the right way; `was` is the step in which it was found out.

    None for nobody known. Raises CannotKnow where `step` asks for something that was not noted.
    """
    if stay.known is None:
        return None
    told = _told(stay, stay.known, was)
    unknown = CannotKnow(Why.WHO_CALLS, step.id, step.name)
    if step.language and told["language"] is None:
        raise unknown
    blocked, vip = told["blocked"], told["vip"]
    if ("blocked" in step.exits and blocked is None) or ("vip" in step.exits and not blocked and vip is None):
        raise unknown
    decided = ("blocked" in step.exits and blocked) or ("vip" in step.exits and vip)
    value = None if decided or not step.options else _value(step, told["option"], was)
    if value is None and step.options and not decided:
        raise unknown
    return KnownCaller(
        contact="replay",
        language=told["language"] or "",
        is_vip=bool(vip),
        is_blocked=bool(blocked),
        attributes={step.decide: value or ""},
    )


def _told(stay: Stay, noted: Mapping[str, Any], was: Step | None) -> Mapping[str, Any]:
    """Give what was noted, or what follows from the way that was taken; None for what nobody knows."""
    if "vip" in noted:
        return noted
    exits: Mapping[str, str] = was.exits if was else {}
    options = {option.exit for option in was.options} if was else set()
    blocked = True if stay.exit == "blocked" else False if "blocked" in exits else None
    vip = True if stay.exit == "vip" else False if "vip" in exits and stay.exit != "blocked" else None
    option = stay.exit if stay.exit in options else "" if stay.exit == "known" else None
    return {"blocked": blocked, "vip": vip, "option": option, "language": None}


def _value(step: Caller, option: str | None, was: Step | None) -> str | None:
    """Give a value that goes the way in `step` which the contact's would go; None where that is not sure."""
    if option is None or not isinstance(was, Caller) or was.decide != step.decide:
        return None
    if option:
        words = next((row.words for row in was.options if row.exit == option), ())
        ways = {values.way(step.options, word, otherwise="known") for word in words}
        return words[0] if len(ways) == 1 else None
    asked = {normal(word) for row in was.options for word in row.words}
    return "" if {normal(word) for row in step.options for word in row.words} <= asked else None
