"""Redirect, Reject, Hangup, and the end of a document."""

from simulator.legs import Leg, Source
from simulator.switchboard import Switchboard
from simulator.twiml import Verb
from simulator.verbs.running import Jump, Running


def redirect(running: Running, verb: Verb) -> Jump:
    """Go on with another document; an empty one means this document again."""
    return Jump(Source(running.url(verb.text), verb.get("method", "POST")))


def reject(running: Running, verb: Verb) -> Jump:
    """Refuse a call that is not answered; an answered one is only hung up."""
    leg = running.leg
    if leg.answered is not None:
        running.warn(0, "Reject after the call was answered only hangs up; it must be the first verb")
        running.board.end(leg)
    elif verb.get("reason") == "busy":
        running.board.hear(leg, "note", "Busy")
        running.board.end(leg, "busy")
    else:
        running.board.hear(leg, "note", "The number is not in service")
        running.board.end(leg, "no-answer")
    return Jump(None)


def hang_up(board: Switchboard, leg: Leg) -> None:
    """End a leg because its document says so, or is over.

    Twilio answers (and bills) a call whose first verb is Hangup; only Reject, or a Dial with answerOnBridge that nobody
    took, leaves it unanswered.
    """
    if leg.answered is None and leg.rings_through:
        board.end(leg, "no-answer")
        return
    board.answer(leg)
    board.end(leg)
