"""Refer: the SIP phone at the other end of the leg is asked to call somebody else in place of us."""

import re

from simulator.process import HungUp, Steps, Wait
from simulator.ringing import ENDINGS, SETUP_SECONDS
from simulator.twiml import Verb
from simulator.verbs.running import DocumentFailed, Jump, Running

NOT_SIP = 13801
#: SIP answers: to the request, and of the new call as the phone tells of it
ACCEPTED, NOT_ALLOWED, TRYING, TAKEN, NOT_FOUND = "202", "405", "180", "200", 404


def refer(running: Running, verb: Verb) -> Steps[Jump | None]:
    """Ask the phone, wait for what becomes of its new call, and go on with the action, else with the next verb.

    A phone whose new call was taken hangs up on us. The new call is not ours, and no leg of this account.
    """
    leg, board = running.leg, running.board
    if not leg.phone.startswith("sip:"):
        running.complain(NOT_SIP, "this leg is not SIP")
        raise DocumentFailed(NOT_SIP, running.page.url)
    running.answer()
    target = _target(running, verb)
    phone, there = board.phones.get(leg.phone), board.phones.get(target)
    refused = {"ReferCallStatus": "failed", "ReferSipResponseCode": NOT_ALLOWED}
    fields = {"ReferCallStatus": "canceled", "ReferSipResponseCode": ACCEPTED, "NotifySipResponseCode": TRYING}
    try:
        board.do(leg, f"being referred to {target}")
        if phone is not None and not phone.habit.refers:
            fields = refused
        elif there is None or there.habit.answers == "unreachable":
            yield Wait(SETUP_SECONDS)
            fields |= {"ReferCallStatus": "failed", "NotifySipResponseCode": str(NOT_FOUND)}
        else:
            yield Wait(SETUP_SECONDS + there.habit.after)
            fields |= _answered(there.habit.answers)
    except HungUp:
        if verb.get("action"):
            yield from running.tell(running.source(verb, fields))
        raise
    if fields["ReferCallStatus"] == "in-progress":
        board.hear(leg, "note", f"Connected with {target} by the telephone system")
        board.clock.call_later(1.0, lambda: board.end(leg) if leg.live else None)
    return Jump(running.source(verb, fields)) if verb.get("action") else None


def _answered(habit: str) -> dict[str, str]:
    match habit:
        case "busy":
            status, code = ENDINGS["busy"]
        case "declines":
            status, code = ENDINGS["decline"]
        case "ignores":
            status, code = ENDINGS["no-answer"]
        case _:
            return {"ReferCallStatus": "in-progress", "NotifySipResponseCode": TAKEN}
    return {"ReferCallStatus": status, "NotifySipResponseCode": str(code)}


def _target(running: Running, verb: Verb) -> str:
    text = next((child.text for child in verb.children if child.name == "Sip"), "")
    address = text.partition("?")[0].partition(";")[0]
    if not re.fullmatch(r"sips?:[^@\s]+@[^@\s]+", address):
        running.complain(12200, "Refer holds a Sip with a URI")
        raise DocumentFailed(12200, running.page.url)
    return address
