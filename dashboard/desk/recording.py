"""The sign of the recording in a call: what Twilio has confirmed, why nothing is recorded, and what may be pressed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from conferences.models import Conference, Participant
from conferences.room import Role
from conferences.states import LegState
from dashboard.desk.buttons import AGREE, PAUSE, RESUME, START, STOP, WITHDRAW, Button
from dashboard.desk.viewer import Viewer
from dashboard.desk.words import Word
from recordings import now
from recordings.now import Now
from recordings.recorder import PauseReason
from recordings.sign import Off, Sign

#: those who may press something about the recording: whoever talks; who supervises does not
PARTAKERS = frozenset({Role.OWNER, Role.TARGET, Role.GUEST})

SIGNS: Mapping[Sign, Word] = {
    Sign.OFF: Word("Not recorded", "record-off", "off"),
    Sign.STARTING: Word("Recording begins…", "record", "on"),
    Sign.RECORDING: Word("Recording", "record", "on"),
    Sign.PAUSING: Word("Pausing… still recording", "record", "on"),
    Sign.PAUSED: Word("Paused", "pause", "paused"),
    Sign.RESUMING: Word("Recording goes on…", "record", "on"),
    Sign.STOPPING: Word("Ending… still recording", "record", "on"),
}
PAUSES: Mapping[str, str] = {
    PauseReason.PAYMENT: "payment",
    PauseReason.AGENT: "card details",
    PauseReason.DIGITS: "the caller enters digits",
    PauseReason.ASKING: "somebody has not agreed yet",
    PauseReason.HOLD: "the caller is on hold",
    PauseReason.WAIT: "the caller waits",
}
OFFS: Mapping[Off, str] = {
    Off.NO_POLICY: "no policy covers this call",
    Off.LEFT_OUT: "this call is not among those that are recorded",
    Off.REFUSED: "the caller does not want it",
    Off.NOT_AGREED: "the caller has not agreed",
    Off.OTHERS: "somebody else has not agreed",
    Off.FAILED: "Twilio could not record",
    Off.PRESS: "you may start it",
    Off.NOT_YET: "it begins with the talk",
}
EXPECTED = frozenset({Off.NO_POLICY, Off.LEFT_OUT})  # nothing that anybody has to be told aloud


@dataclass(frozen=True, slots=True)
class Tape:
    """`text` is the sign in words, `note` what else is to be known. `left`: until it goes on by itself."""

    text: str
    icon: str
    tone: str
    note: str = ""
    since: timedelta | None = None
    left: timedelta | None = None
    is_loud: bool = True
    buttons: tuple[Button, ...] = ()


def tape(viewer: Viewer, conference: Conference, mine: Participant) -> Tape | None:
    """Read how the recording stands; None where there is no customer of whom something could be recorded."""
    if conference.room_id is not None or conference.customer_id is None:
        return None
    return shown(viewer, now.read(conference.customer_id), presses=partakes(mine))


def partakes(mine: Participant) -> bool:
    """Tell whether somebody talks in the call, and may have a say in its recording."""
    return mine.state == LegState.JOINED and Role(mine.role) in PARTAKERS


def shown(viewer: Viewer, stands: Now, *, presses: bool) -> Tape:
    word = SIGNS[stands.sign]
    text, note = word.text, ""
    match stands.sign:
        case Sign.OFF if stands.why is not None:
            text = f"{word.text}: {OFFS[stands.why]}"
        case Sign.PAUSED | Sign.PAUSING if stands.reasons:
            text = f"{word.text}: {PAUSES[stands.reasons[0]]}"
            note = _by(viewer, stands)
        case Sign.RECORDING if stands.reasons:  # an agent's own line goes on
            note = f"Not on the caller's line: {PAUSES[stands.reasons[0]]}."
    is_counted = stands.since is not None and stands.sign in (Sign.RECORDING, Sign.PAUSED, Sign.PAUSING)
    return Tape(
        text,
        word.icon,
        word.tone,
        note,
        since=viewer.at - stands.since if is_counted and stands.since else None,
        left=_left(viewer, stands),
        is_loud=stands.why not in EXPECTED,
        buttons=tuple(_buttons(stands)) if presses else (),
    )


def _by(viewer: Viewer, stands: Now) -> str:
    if stands.by is None:
        return ""
    name = "you" if stands.by.pk == viewer.user.pk else stands.by.get_full_name() or stands.by.get_username()
    return f"Paused by {name}."


def _left(viewer: Viewer, stands: Now) -> timedelta | None:
    if stands.sign is not Sign.PAUSED or stands.due_at is None:
        return None
    return max(stands.due_at - viewer.at, timedelta(0))


def _buttons(stands: Now) -> Iterator[Button]:
    if stands.may_resume:
        yield RESUME
    elif stands.may_pause:
        yield PAUSE
    if stands.may_stop:
        yield STOP
    elif stands.may_start:
        yield START
    if stands.may_agree:
        yield AGREE
    elif stands.may_withdraw:
        yield WITHDRAW
