"""How an outgoing leg finds who is at its other end, and rings there until somebody decides."""

from functools import partial

from simulator import detection
from simulator.detection import Detection
from simulator.exchanges import violation
from simulator.legs import Decision, Leg, Status
from simulator.numbers import Number, Phone
from simulator.process import Inbox, Steps, Wait
from simulator.switchboard import Switchboard

SETUP_SECONDS = 0.5
RING_BUFFER_SECONDS = 5.0

# What a ringing phone's decision makes of the leg, with the SIP code that Twilio reports.
ENDINGS: dict[Decision, tuple[Status, int]] = {
    "busy": ("busy", 486),
    "decline": ("busy", 603),
    "failed": ("failed", 404),
    "no-answer": ("no-answer", 487),
}


def originate(
    board: Switchboard,
    leg: Leg,
    then: Steps[None],
    *,
    timeout: float,
    digits: str = "",
    time_limit: float = 0,
    detect: Detection | None = None,
) -> None:
    """Place a call asked for by REST when the account's rate allows it; what follows begins with the answer."""
    board.take_slot(leg)
    # Key tones at the begin and finding out who answers exclude each other.
    board.start(leg, _outbound(board, leg, then, timeout, digits, time_limit, None if digits else detect))


def _outbound(
    board: Switchboard,
    leg: Leg,
    then: Steps[None],
    timeout: float,
    digits: str,
    time_limit: float,
    detect: Detection | None,
) -> Steps[None]:
    yield Wait(leg.queue_ms / 1000)
    answered = yield from place(board, leg, timeout)
    if not answered:
        return
    if time_limit:
        board.limit(leg, time_limit)
    if digits:
        yield from board.tones(leg, digits)
    if detect is not None and detect.waits:
        yield from detection.find_out(board, leg, detect)
        leg.parameters = {**leg.parameters, "AnsweredBy": leg.answered_by}
    elif detect is not None:
        detection.begin(board, leg, detect)
    yield from then


def place(board: Switchboard, leg: Leg, timeout: float) -> Steps[bool]:
    """Ring whoever is at the leg's other end; return whether it was answered. If not, the leg has ended."""
    board.begin(leg)
    yield Wait(SETUP_SECONDS)
    number, phone = board.number(leg.to), board.phones.get(leg.to)
    leg.rings_at = board.edge.devices_of(leg.to)
    if number is None and not leg.rings_at and (phone is None or phone.habit.answers == "unreachable"):
        if leg.to.startswith("sip:"):
            board.exchanges.note(leg.sid, violation(32009, "warning"))
        # A client that nobody registered rings unheard; any other address does not exist.
        board.end(leg, *ENDINGS["no-answer" if leg.to.startswith("client:") else "failed"])
        return False
    leg.decision = Inbox()
    board.ring(leg)
    if number is not None:
        _ring_own(board, leg, number)
    elif phone is not None:
        _ring_phone(board, leg, phone)
    decision: Decision = (yield Wait(timeout + RING_BUFFER_SECONDS, leg.decision)) or "no-answer"
    leg.decision = None
    if decision != "answer":
        board.end(leg, *ENDINGS[decision])
        return False
    leg.sip_code = 200
    board.answer(leg)
    detection.answered(board, leg)
    return True


def _ring_phone(board: Switchboard, leg: Leg, phone: Phone) -> None:
    decisions: dict[str, Decision] = {"answers": "answer", "busy": "busy", "declines": "decline"}
    decision = decisions.get(phone.habit.answers)
    if decision is not None:
        board.clock.call_later(phone.habit.after, partial(board.decide, leg, decision))


def _ring_own(board: Switchboard, leg: Leg, number: Number) -> None:
    leg.far = board.receive(leg.from_, number, far=leg)
    leg.phone = ""
