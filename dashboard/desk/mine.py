"""How the agent stands, in words: what was chosen, what is observed, why no calls come, and what may be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents import presence
from agents.models import PresenceChange, Reason
from agents.presence import Overstay
from agents.states import Activity, Chosen, Standing
from dashboard.desk import words
from dashboard.desk.viewer import Viewer
from dashboard.desk.words import Word


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is "ready" or the id of a reason."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Mine:
    word: Word
    since: timedelta | None
    chose: str
    cause: str
    why_not: tuple[str, ...]
    reminder: str
    choices: tuple[Choice, ...]


def mine(viewer: Viewer) -> Mine:
    agent = viewer.agent
    seen = agent.seen()
    stands = presence.standing(seen, viewer.at)
    present = PresenceChange.objects.filter(agent=agent, until__isnull=True).first()
    reasons = list(Reason.objects.filter(is_active=True, is_automatic=False).order_by("position", "name"))
    quiet = stands in (Standing.RINGING, Standing.TALKING, Standing.WRAP_UP)
    return Mine(
        word=words.standing(stands),
        since=viewer.at - present.at if present and present.standing == stands else None,
        chose=_chose(agent.chosen, seen.reason, agent.chosen_at, busy=agent.activity != Activity.IDLE),
        cause=present.cause if present and not quiet and present.by_id != viewer.user.pk else "",
        why_not=() if quiet else _obstacles(seen, viewer.at),
        reminder=_reminder(viewer, quiet),
        choices=_choices(agent.chosen, agent.reason_id, reasons),
    )


def _obstacles(seen: presence.Seen, at: datetime) -> tuple[str, ...]:
    """Leave out what the agent has chosen: that is said already, and is no fault."""
    return presence.why_not(seen, at) if seen.chosen == Chosen.READY else ()


def _chose(chosen: str, reason: str, at: datetime | None, *, busy: bool) -> str:
    if chosen == Chosen.READY:
        return "You chose to be ready." if not busy else "You are ready again after this."
    if at is None:
        return "You have not chosen to be ready yet."
    said = f"You chose not to be ready: {reason}." if reason else "You chose not to be ready."
    return said if not busy else f"After this you are not ready: {reason}." if reason else said


def _reminder(viewer: Viewer, quiet: bool) -> str:
    agent, reason = viewer.agent, viewer.agent.reason
    if reason is None or agent.chosen == Chosen.READY or quiet:
        return ""
    lasts = presence.overstay(
        agent.chosen_at, warn_minutes=reason.warn_minutes, limit_minutes=reason.limit_minutes, now=viewer.at
    )
    match lasts:
        case Overstay.OVER:
            return f"{reason.name} has lasted longer than {reason.limit_minutes} minutes. Supervisors see that."
        case Overstay.REMINDED:
            return f"{reason.name} has lasted {reason.warn_minutes} minutes."
    return ""


def _choices(chosen: str, reason_id: int | None, reasons: Sequence[Reason]) -> tuple[Choice, ...]:
    ready = chosen == Chosen.READY
    return (
        Choice("ready", "Ready", ready),
        *(Choice(str(one.pk), one.name, not ready and one.pk == reason_id) for one in reasons),
    )
