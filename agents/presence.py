"""How an agent stands: what was chosen and what is observed, told in one word and in sentences. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from agents.states import Activity, Chosen, EndpointKind, Microphone, Standing

HEARTBEAT = timedelta(seconds=10)
ALIVE = timedelta(seconds=35)  # three heartbeats may be lost


@dataclass(frozen=True, slots=True)
class Seen:
    """All that decides how an agent stands. `reason` is its name, empty where none was given."""

    chosen: str
    reason: str
    desk_seen_at: datetime | None
    microphone: str
    phone_registered: bool
    activity: str
    wrap_up_until: datetime | None
    cooling_until: datetime | None
    is_active: bool
    endpoint_kinds: tuple[str, ...]


class Overstay(StrEnum):
    """Whether a pause has lasted too long: reminded is told to the agent, over to supervisors as well."""

    NO = "no"
    REMINDED = "reminded"
    OVER = "over"


def is_alive(seen: Seen, now: datetime) -> bool:
    """Tell whether a desk is open: it was heard of a moment ago."""
    return seen.desk_seen_at is not None and now - seen.desk_seen_at < ALIVE


def standing(seen: Seen, now: datetime) -> Standing:
    """Say in one word how the agent stands. READY means that a call may be offered now, and nothing else does."""
    if seen.activity == Activity.RINGING:
        return Standing.RINGING
    if seen.activity == Activity.TALKING:
        return Standing.TALKING
    if not is_alive(seen, now):
        return Standing.OFFLINE
    if seen.activity == Activity.WRAP_UP:
        return Standing.WRAP_UP
    if seen.chosen != Chosen.READY:
        return Standing.NOT_READY
    if _cools(seen, now):
        return Standing.COOLING_OFF
    if not seen.is_active or usable(seen.endpoint_kinds, seen, now) is None:
        return Standing.UNREACHABLE
    return Standing.READY


def usable(kinds: Sequence[str], seen: Seen, now: datetime) -> int | None:
    """Give the place of the first endpoint that can ring now, None if there is none.

    A browser phone rings where its desk is alive, it is registered, and the microphone is not blocked; a telephone
    and a SIP device always do.
    """
    browser = is_alive(seen, now) and seen.phone_registered and seen.microphone != Microphone.BLOCKED
    for place, kind in enumerate(kinds):
        if browser or kind != EndpointKind.BROWSER:
            return place
    return None


def why_not(seen: Seen, now: datetime) -> tuple[str, ...]:
    """Tell the agent in sentences why no call is offered; nothing exactly when the agent is READY."""
    return tuple(_obstacles(seen, now))


def overstay(since: datetime | None, *, warn_minutes: int | None, limit_minutes: int | None, now: datetime) -> Overstay:
    """Tell whether a pause that began at `since` has lasted longer than its reason allows."""
    if since is None:
        return Overstay.NO
    if limit_minutes is not None and now - since >= timedelta(minutes=limit_minutes):
        return Overstay.OVER
    if warn_minutes is not None and now - since >= timedelta(minutes=warn_minutes):
        return Overstay.REMINDED
    return Overstay.NO


def turns_by_itself(seen: Seen, *, now: datetime) -> list[tuple[datetime, str]]:
    """Give the past moments at which time alone may have changed how the agent stands, each with its cause."""
    moments = []
    if seen.cooling_until is not None:
        moments.append((seen.cooling_until, "the cool-off was over"))
    if seen.desk_seen_at is not None:
        moments.append((seen.desk_seen_at + ALIVE, "the desk fell silent"))
    return sorted((moment, cause) for moment, cause in moments if moment <= now)


def _cools(seen: Seen, now: datetime) -> bool:
    return seen.cooling_until is not None and seen.cooling_until > now


def _obstacles(seen: Seen, now: datetime) -> Iterator[str]:
    if not seen.is_active:
        yield "You are set to be offered no calls. An administrator can change that."
    if seen.chosen != Chosen.READY:
        yield f"You chose not to be ready: {seen.reason}." if seen.reason else "You have not chosen to be ready."
    match seen.activity:
        case Activity.RINGING:
            yield "You are being rung."
        case Activity.TALKING:
            yield "You are on a call."
        case Activity.WRAP_UP:
            yield "You are wrapping up the last call."
    if not is_alive(seen, now):
        yield "Your desk is not open, or has lost its connection."
    if _cools(seen, now):
        yield "You missed a call. Calls come again in a moment."
    if usable(seen.endpoint_kinds, seen, now) is None:
        yield from _unreachable(seen)


def _unreachable(seen: Seen) -> Iterator[str]:
    if EndpointKind.BROWSER not in seen.endpoint_kinds:
        yield "No phone is set up for you."
        return
    if seen.microphone == Microphone.BLOCKED:
        yield "The microphone is blocked. Allow it for this page in the browser."
    if not seen.phone_registered:
        yield "The phone of this page is not connected."
