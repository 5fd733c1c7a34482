"""What a schedule and a line do at an instant, and why, in words for a person. Pure."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.document import Document
from ivr.hours.opening import Closure, Opening, Week, next_change, opening
from ivr.kinds.base import Step
from ivr.kinds.go_to import GoToFlow
from ivr.kinds.hours import Hours
from ivr.kinds.language import Language
from ivr.kinds.message import Message


def hours(week: Week, at: datetime) -> str:
    """Tell whether it is open at `at`, why, and until when: "Open, until 18:00"."""
    now = opening(week, at)
    name = f" ({now.name})" if now.name else ""
    if now.state == "open":
        change = next_change(week, at)
        if change is None:
            return f"Open{name}, with no change within a year"
        return f"Open{name}, until {moment(week, change, at).removeprefix('at ')}"
    if now.layer == "emergency" and any(one.ends is None for one in _lasting(week, at)):
        return f"Closed at once{name}, until somebody opens it again"
    reopens = _next_opening(week, at)
    closed = f"Closed for {now.name}" if now.state == "holiday" else "Closed"
    closed = f"Closed at once{name}" if now.layer == "emergency" else closed
    return f"{closed}; opens {moment(week, reopens, at)}" if reopens else f"{closed}, with no opening within a year"


def _lasting(week: Week, at: datetime) -> list[Closure]:
    return [one for one in week.closures if one.begins <= at and (one.ends is None or at < one.ends)]


def _next_opening(week: Week, at: datetime) -> datetime | None:
    change = next_change(week, at)
    while change is not None and opening(week, change).state != "open":
        change = next_change(week, change)
    return change


def moment(week: Week, when: datetime, seen_from: datetime) -> str:
    """Name an instant in the week's zone, as short as it is clear from another one."""
    zone = ZoneInfo(week.time_zone)
    local, here = when.astimezone(zone), seen_from.astimezone(zone)
    clock = f"{local:%H:%M}"
    days = (local.date() - here.date()).days
    if days == 0:
        return f"at {clock}"
    if days == 1:
        return f"tomorrow at {clock}"
    if days < 7:
        return f"{local:%A} at {clock}"
    return f"{local:%A}, {local.day} {local:%B %Y} at {clock}"


def answer(
    document: Document,
    weeks: Mapping[str, tuple[str, Week]],
    at: datetime,
    *,
    flows: Mapping[str, Document] | None = None,
    said: Mapping[str, str] | None = None,
) -> str:
    """Tell what a caller meets who calls at `at`, up to where people decide.

    `weeks` are names and hours by schedule, `flows` what callers of other flows meet, `said` the names of what openings
    let them hear.
    """
    sentence, seen = "", set[tuple[str, str]]()
    key = document.first
    while key in document.steps and (document.flow, key) not in seen:
        seen.add((document.flow, key))
        step = document.steps[key]
        if isinstance(step, Hours):
            name, week = weeks.get(step.reference, (step.name, None))
            found = opening(week, at) if week else Opening("closed")
            heard = (said or {}).get(found.prompt)
            hears = f", heard “{heard}”" if heard and found.state != "open" else ""
            joined = "; " if sentence and not sentence.endswith(": ") else ""
            sentence += joined + (f"{hours(week, at)} ({name}){hears}: " if week else f"Closed ({name} is gone): ")
            key = step.exits.get(found.state, "")
            continue
        joined = "" if not sentence or sentence.endswith(": ") else ", then "
        sentence += f"{joined}{step.LABEL[0].lower()}{step.LABEL[1:]} “{step.name}”"
        entered = (flows or {}).get(step.reference) if isinstance(step, GoToFlow) else None
        if entered:
            document, key = entered, entered.first
        else:
            key = _following(step)
    return sentence.removesuffix(": ") or "nothing"


def _following(step: Step) -> str:
    """Give the step that follows for certain, "" if that is up to people."""
    match step:
        case Message():
            return step.exits.get("next", "")
        case Language():
            targets = {step.exits.get(option.exit, "") for option in step.options}
            return targets.pop() if len(targets) == 1 else ""
        case _:
            return ""
