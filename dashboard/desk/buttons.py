"""The buttons of a call: only what the rules of the room allow this person now. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from conferences import rules
from conferences.room import Mode, Phase, Press, Role, Room, Why


@dataclass(frozen=True, slots=True)
class Button:
    """`what` is the address under /desk/do/, `key` the shortcut, `slot` its place, the same in every call.

    `dialog` opens one in place of acting; `values` go with the press.
    """

    what: str
    label: str
    key: str
    icon: str
    slot: str
    tone: str = ""
    dialog: str = ""
    values: dict[str, str] = field(default_factory=dict)


PRESSES = {
    Press.HOLD: Button("hold", "Hold", "h", "pause", "hold"),
    Press.UNHOLD: Button("unhold", "Take off hold", "h", "play", "hold", "go"),
    Press.COMPLETE: Button("complete", "Complete the transfer", "o", "check", "consult", "go"),
    Press.SWAP: Button("swap", "Swap", "s", "swap", "transfer"),
    Press.MERGE: Button("merge", "All together", "j", "people", "add"),
    Press.CANCEL: Button("cancel", "Back to the caller", "x", "back", "cancel"),
    Press.HANG_UP: Button("hang-up", "Hang up", "E", "hang-up", "end", "stop"),
}
ASKS = {
    Why.CONSULT: Button("consult", "Ask a colleague", "c", "person-plus", "consult", dialog="targets"),
    Why.HAND_OVER: Button("hand-over", "Transfer", "t", "forward", "transfer", dialog="targets"),
    Why.ADD: Button("add", "Add somebody", "p", "people", "add", dialog="targets"),
}
MUTE = Button("mute", "Mute me", "m", "mic-off", "mute")
UNMUTE = Button("unmute", "Unmute me", "m", "mic", "mute", "go")
DIGITS = Button("digits", "Keypad", "k", "keypad", "digits", dialog="digits")
HELP = Button("help", "Get help", "g", "hand", "help")
LEAVE = Button("leave", "Leave the call", "E", "hang-up", "end", "stop")
PAUSE = Button("pause-recording", "Pause recording", "q", "pause", "pause")
RESUME = Button("resume-recording", "Record again", "q", "record", "pause", "go")
START = Button("start-recording", "Start recording", "v", "record", "record")
STOP = Button("stop-recording", "End recording", "v", "record-off", "record")
WITHDRAW = Button("withdraw", "Caller takes consent back", "y", "record-off", "consent", dialog="withdraw")
AGREE = Button("agree", "Caller agrees after all", "y", "check", "consent", dialog="agree")
RECORDING = (PAUSE, RESUME, START, STOP, WITHDRAW, AGREE)


def of(room: Room, me: str, *, muted: bool, help_asked: bool) -> tuple[Button, ...]:
    """Give the buttons of a person who is in the room, in the order in which they stand."""
    return tuple(_buttons(room, me, muted=muted, help_asked=help_asked))


def gives_back(room: Room, me: str) -> bool:
    """Tell whether this person, whose line broke, may give the customer to somebody else."""
    return Press.GIVE_BACK in rules.legal(room, me)


def _buttons(room: Room, me: str, *, muted: bool, help_asked: bool) -> Iterator[Button]:
    person = room.person(me)
    if person is None or not person.is_there or room.phase is Phase.CLOSED:
        return
    legal = rules.legal(room, me)
    if Press.HOLD in legal or Press.UNHOLD in legal:
        yield PRESSES[Press.HOLD if Press.HOLD in legal else Press.UNHOLD]
    supervises = person.role is Role.SUPERVISOR
    if not (supervises and person.mode is Mode.LISTEN):  # who listens is muted by the server
        yield UNMUTE if muted else MUTE
    for press in (Press.COMPLETE, Press.SWAP, Press.MERGE):
        if press in legal:
            yield PRESSES[press]
    for why, button in ASKS.items():
        if rules.may_ask(room, me, why):
            yield button
    if Press.CANCEL in legal:
        yield PRESSES[Press.CANCEL]
    others = [one for one in room.people if one.is_there and one.id != me]
    if others and room.owner is not None and room.owner.id == me:
        yield DIGITS
    if not (help_asked or supervises):
        yield HELP
    if Press.HANG_UP in legal:
        yield PRESSES[Press.HANG_UP]
    if supervises or person.role in (Role.TARGET, Role.GUEST):
        yield LEAVE
