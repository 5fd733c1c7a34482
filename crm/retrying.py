"""How patiently a subscription is told, and what an answer means for it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

# After the first try, the second, and so on: more and more, over about three and a half days in all.
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=32),
)
TRIES = len(PAUSES) + 1
JITTER = 0.2  # of a pause, at most: what failed together does not come back together
LONGEST_ASKED = timedelta(hours=24)  # so long a receiver may ask us to wait
PATIENCE = timedelta(days=5)  # of failures and not one success, after which a subscription is switched off
GONE = 410


class Outcome(StrEnum):
    DELIVERED = "delivered"
    AGAIN = "again"
    GIVEN_UP = "given-up"
    GONE = "gone"  # the receiver wants to hear nothing any more


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    pause: timedelta = timedelta()


def judge(status: int | None, headers: Mapping[str, str], *, tries: int, chance: float, at: datetime) -> Verdict:
    """Tell what becomes of a delivery after its `tries`th try; `chance` is from 0 to 1, `status` None where none came.

    Any 2xx is a success; a redirect is not followed and counts as a failure like any other status.
    """
    if status is not None and 200 <= status < 300:
        return Verdict(Outcome.DELIVERED)
    if status == GONE:
        return Verdict(Outcome.GONE)
    if tries >= TRIES:
        return Verdict(Outcome.GIVEN_UP)
    pause = PAUSES[max(tries, 1) - 1] * (1 + JITTER * chance)
    return Verdict(Outcome.AGAIN, max(pause, _asked(headers, at=at)))


def is_worn_out(failing_since: datetime | None, *, at: datetime) -> bool:
    """Tell whether a subscription has failed for so long that it is switched off."""
    return failing_since is not None and at - failing_since >= PATIENCE


def _asked(headers: Mapping[str, str], *, at: datetime) -> timedelta:
    """Read Retry-After, seconds or a date; nothing sensible is nothing."""
    text = {name.lower(): value for name, value in headers.items()}.get("retry-after", "").strip()
    if text.isdecimal() and text.isascii():
        return min(timedelta(seconds=int(text[:9])), LONGEST_ASKED)
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return timedelta()
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return min(max(then - at, timedelta()), LONGEST_ASKED)
