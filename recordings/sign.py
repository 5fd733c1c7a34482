"""One sign for all recorders of a call: whether anything is recorded now, and if not, why. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from recordings.recorder import OVER, RecorderState, RecorderWish


class Sign(StrEnum):
    """What people see. Until Twilio has confirmed a pause, it is none: what is said then may be recorded."""

    OFF = "off"
    STARTING = "starting"
    RECORDING = "recording"
    PAUSING = "pausing"
    PAUSED = "paused"
    RESUMING = "resuming"
    STOPPING = "stopping"


#: nothing that is said now can be on a recording
SAFE = frozenset({Sign.OFF, Sign.PAUSED})


@dataclass(frozen=True, slots=True)
class Light:
    """A recorder: what Twilio has confirmed, and what is wanted of it."""

    state: str
    wants: str


def sign(lights: Collection[Light]) -> Sign:
    """Give the sign of all recorders together: whichever may hear something decides."""
    live = [one for one in lights if one.state not in OVER]
    heard = {one.wants for one in live if one.state == RecorderState.RUNNING}
    asked = {one.wants for one in live if one.state == RecorderState.ASKED}
    wished = {one.wants for one in live if one.state in (RecorderState.WANTED, RecorderState.PAUSED)}
    if RecorderWish.RUNNING in heard:
        return Sign.RECORDING
    if heard | asked:
        if RecorderWish.RUNNING in asked:
            return Sign.STARTING
        return Sign.PAUSING if RecorderWish.PAUSED in heard | asked else Sign.STOPPING
    if RecorderWish.RUNNING in wished:
        paused = any(one.state == RecorderState.PAUSED for one in live)
        return Sign.RESUMING if paused else Sign.STARTING
    if RecorderWish.PAUSED in wished:
        return Sign.PAUSED
    return Sign.STOPPING if wished else Sign.OFF


class Off(StrEnum):
    """Why nothing is recorded. The first that is true is told."""

    NO_POLICY = "no-policy"
    LEFT_OUT = "left-out"  # by the share of the policy that fits
    REFUSED = "refused"
    NOT_AGREED = "not-agreed"
    OTHERS = "others"  # somebody else who is there has not agreed
    FAILED = "failed"
    PRESS = "press"
    NOT_YET = "not-yet"


@dataclass(frozen=True, slots=True)
class Dark:
    """How things stand in a call without a live recorder.

    `fits`: a policy does. `governed`: it does not leave the call out. `presses`: it waits for an agent. The rest is
    what the ledger says, and whether Twilio would not record.
    """

    fits: bool = False
    governed: bool = False
    refused: bool = False
    agreed: bool = True
    others_agreed: bool = True
    failed: bool = False
    presses: bool = False


def off(dark: Dark) -> Off:
    """Say why nothing is recorded."""
    reasons = (
        (not dark.fits, Off.NO_POLICY),
        (not dark.governed, Off.LEFT_OUT),
        (dark.refused, Off.REFUSED),
        (not dark.agreed, Off.NOT_AGREED),
        (not dark.others_agreed, Off.OTHERS),
        (dark.failed, Off.FAILED),
        (dark.presses, Off.PRESS),
    )
    return next((why for is_so, why in reasons if is_so), Off.NOT_YET)
