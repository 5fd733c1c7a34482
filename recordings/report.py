"""What of a call is not on a recording, and why. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from recordings.recorder import OVER, RecorderState


class Why(StrEnum):
    """Why something is not on a recording, beside the reasons for a pause (`recordings.recorder`)."""

    FLOW = "flow"  # no queue and no talk: greetings, menus, messages
    REFUSED = "refused"
    NOT_BEGUN = "not-begun"
    STOPPED = "stopped"
    UNEXPLAINED = "unexplained"


#: shorter than this, and with no reason of its own, it is what Twilio takes to do what it is asked
LAG = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Span:
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """From when until when there was a reason not to record."""

    since: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch that is not on a recording, with every reason that there was for it."""

    since: datetime
    until: datetime
    reasons: tuple[str, ...]

    @property
    def lasts(self) -> timedelta:
        return self.until - self.since


def ran(marks: Iterable[tuple[datetime, str]], *, until: datetime) -> list[Span]:
    """Give when a recorder ran, by what Twilio has confirmed of it and when, up to `until` where it still runs."""
    found, since = [], None
    for at, state in sorted(marks, key=lambda mark: mark[0]):
        if state == RecorderState.RUNNING:
            since = since or at
        elif since is not None and (state == RecorderState.PAUSED or state in OVER):
            found.append(Span(since, at))
            since = None
    if since is not None and since < until:
        found.append(Span(since, until))
    return found


def united(spans: Iterable[Span]) -> list[Span]:
    """Put together what overlaps or touches, in order."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.since, one.until)):
        if found and span.since <= found[-1].until:
            found[-1] = Span(found[-1].since, max(found[-1].until, span.until))
        elif span.since < span.until:
            found.append(span)
    return found


def without(whole: Span, spans: Iterable[Span]) -> list[Span]:
    """Give the parts of `whole` that none of the spans covers."""
    found, since = [], whole.since
    for span in united(spans):
        if span.since > since:
            found.append(Span(since, min(span.since, whole.until)))
        since = max(since, span.until)
        if since >= whole.until:
            break
    if since < whole.until:
        found.append(Span(since, whole.until))
    return [span for span in found if span.since < span.until]


def silent(whole: Span, recorded: Sequence[Span], causes: Iterable[Cause]) -> list[Stretch]:
    """Give what of `whole` is not among what was recorded, each stretch with its reasons, in order, none overlapping.

    Where nothing says why: before the first it had not begun, after the last it was stopped.
    """
    known = list(causes)
    spoken = united(recorded)
    found = []
    for gap in without(whole, spoken):
        default = Why.UNEXPLAINED
        if not spoken or gap.until <= spoken[0].since:
            default = Why.NOT_BEGUN
        elif gap.since >= spoken[-1].until:
            default = Why.STOPPED
        found += _explained(gap, known, default)
    return found


def _explained(gap: Span, causes: Sequence[Cause], default: str) -> list[Stretch]:
    here = [one for one in causes if one.since < gap.until and one.until > gap.since]
    borders = sorted({gap.since, gap.until, *(edge for one in here for edge in (one.since, one.until))})
    borders = [edge for edge in borders if gap.since <= edge <= gap.until]
    found = []
    for since, until in pairwise(borders):
        reasons = {one.reason for one in here if one.since < until and one.until > since}
        found.append(Stretch(since, until, tuple(sorted(reasons))))
    return _joined(_without_lag(found), default)


def _without_lag(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Let what Twilio took for what it was asked have the reason of that: what was before, else what comes after."""
    found = list(stretches)
    for place, one in enumerate(found):
        if one.reasons or one.lasts > LAG:
            continue
        before = found[place - 1].reasons if place else ()
        after = found[place + 1].reasons if place + 1 < len(found) else ()
        found[place] = Stretch(one.since, one.until, before or after)
    return found


def _joined(stretches: Iterable[Stretch], default: str) -> list[Stretch]:
    found: list[Stretch] = []
    for one in stretches:
        reasons = one.reasons or (default,)
        if found and found[-1].reasons == reasons:
            found[-1] = Stretch(found[-1].since, one.until, reasons)
        else:
            found.append(Stretch(one.since, one.until, reasons))
    return found
