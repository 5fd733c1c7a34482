"""TwiML that somebody has written, for what no other step can do. Its call always comes back to the step."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from ivr.kinds import values
from ivr.kinds.base import Dialed, ExitName, Heard, Keys, Leave, Move, Problem, Progress, Speech, Step, Turn, Wait
from ivr.kinds.sent import Referred
from ivr.kinds.settings import NAME, text
from ivr.script import RESERVED
from telephony import markup
from telephony.markup import Fault, Node, Unreadable
from telephony.twiml import Redirect, Written, escape

NEXT = "{next}"
LONGEST = 8_000
MOST_FAULTS = 5
#: what the document may be made of; each lets the call come back by itself, or by an address of ours
VERBS = frozenset({"Say", "Play", "Pause", "Gather", "Dial", "Connect", "Start", "Stop", "Pay", "Refer", "Redirect"})
WHY_NOT = {
    "Hangup": "use a step “Hang up”, so that the flow knows of it",
    "Reject": "use a step “Reject”",
    "Record": "use a step “Voicemail”, which keeps what is recorded",
    "Enqueue": "use a step “Queue”",
    "Queue": "use a step “Queue”",
    "Leave": "callers do not wait in a queue here",
    "Sms": "use a step “Text message”",
    "Recording": "what is recorded is decided by the policies of recording",
    "Conference": "conversations have their rooms; use a step “Conference room” or “Queue”",
}
#: verbs that ask for another document when they are over, and never go on to the next verb
MUST_COME_BACK = frozenset({"Gather"})
ADDRESSES = frozenset(
    {
        *("url", "action", "statusCallback", "partialResultCallback", "amdStatusCallback", "referUrl", "waitUrl"),
        *("statusCallbackUrl", "eventCallbackUrl", "clientNotificationUrl", "transcribeCallback"),
    }
)
_RECORDS = frozenset({"record", "recordingStatusCallback", "recordingTrack", "transcribe"})
_NAMES = re.compile(rf"\{{({NAME})\}}")


@dataclass(frozen=True, slots=True)
class RawTwiml(Step):
    twiml: str = text(
        "<Response>\n  <Say>Hello.</Say>\n</Response>",
        "TwiML",
        help_text="What Twilio executes. Write {next} as the action of a verb that asks for another document, such as "
        "Gather: there the call comes back to this step, as it does after the last verb. Values that the flow keeps "
        "stand in braces: {order_number}.",
        rows=16,
    )
    keep: str = text(
        "",
        "Keep what the caller did as",
        pattern=f"(?:{NAME})?",
        help_text="A name for the keys, the words, or how a call that was placed ended: completed, busy, no-answer …",
    )

    KIND = "raw_twiml"
    LABEL = "Raw TwiML"
    EXITS = (ExitName("next", "Next"),)
    HAS_OPTIONS = True
    WAITS = True
    LISTENS = False
    IS_RAW = True

    def enter(self, turn: Turn) -> Move:
        try:
            inner = body(self.twiml)
        except Unreadable:
            return Leave("next")
        return Wait((Written(_filled(inner, turn)), Redirect(turn.urls.resume)), Progress())

    def resume(self, turn: Turn, heard: Heard) -> Move:  # noqa: ARG002 (as every kind has it)
        did = _did(heard)
        kept = ((self.keep, did),) if self.keep else ()
        return Leave(values.way(self.options, did, otherwise="next"), variables=kept)

    def brings(self) -> Iterator[str]:
        if self.keep:
            yield self.keep

    def reads(self) -> Iterator[str]:
        for name in dict.fromkeys(_NAMES.findall(self.twiml)):
            if name not in RESERVED and name != "next":
                yield name

    def problems(self) -> Iterator[Problem]:
        found = list(faults(self.twiml))
        for fault in found[:MOST_FAULTS]:
            yield self.error("bad_twiml", f"TwiML of step “{self.name}”. {fault}")
        for option in self.options:
            if option.keys:
                text = (
                    f"Option “{option.exit}” of step “{self.name}” has a key; write what is pressed among its values."
                )
                yield self.error("keys_for_values", text)
            if not option.words:
                yield self.error("option_without_value", f"Option “{option.exit}” of step “{self.name}” has no value.")


def faults(twiml: str) -> Iterator[Fault]:
    """Find what is wrong with TwiML of a step: as such, and because the call has to come back from it."""
    if len(twiml) > LONGEST:
        yield Fault(1, 1, f"It has {len(twiml)} letters; at most {LONGEST} are possible.")
        return
    try:
        root = markup.read(twiml)
    except Unreadable as unreadable:
        yield unreadable.fault
        return
    found = list(markup.faults(root))
    yield from found
    if root.tag == "Response":
        if not root.children:
            yield root.fault("It holds no verb.")
        # an element is told of once: it has to be right as such before it matters where it leads
        told = {(fault.line, fault.column) for fault in found}
        yield from (fault for fault in _within_a_flow(root) if (fault.line, fault.column) not in told)


def addresses(twiml: str) -> Iterator[str]:
    """Give the addresses of the web that TwiML names."""
    try:
        root = markup.read(twiml)
    except Unreadable:
        return
    for node in root.all():
        named = [value for name, value in node.attributes.items() if name in ADDRESSES]
        named += [node.text.strip()] if node.tag == "Play" else []
        yield from (value for value in named if value.startswith(("https:", "http:")))


@lru_cache(maxsize=256)
def body(twiml: str) -> str:
    """Give the verbs of a document, written in one way. Raises Unreadable."""
    return "".join(child.written() for child in markup.read(twiml).children)


def _within_a_flow(root: Node) -> Iterator[Fault]:
    for verb in root.children:
        if verb.tag not in VERBS:
            yield verb.fault(
                f"<{verb.tag}> is not possible here: {WHY_NOT.get(verb.tag, 'it does not fit into a flow')}."
            )
        if verb.tag in MUST_COME_BACK and verb.attributes.get("action") != NEXT:
            yield verb.fault(f'<{verb.tag}> needs action="{NEXT}": there the call comes back to this step.')
        if verb.tag == "Redirect" and verb.text.strip() != NEXT:
            yield verb.fault(f"<Redirect> can only lead to {NEXT} here; use a step “Send away” for other addresses.")
    for node in root.all():
        if node.tag in ("Recording", "Conference", "Queue") and node not in root.children:
            yield node.fault(f"<{node.tag}> is not possible here: {WHY_NOT[node.tag]}.")
        yield from _attributes(node)
        if node.tag == "Play" and (address := node.text.strip()) and _wrong_address(address):
            yield node.fault(f"“{address}” {_wrong_address(address)}")


def _attributes(node: Node) -> Iterator[Fault]:
    for name, value in node.attributes.items():
        if name in _RECORDS and not (name == "record" and value in ("false", "do-not-record")):
            yield node.fault(f"“{name}” is not possible here: {WHY_NOT['Recording']}.")
        elif name == "action":
            if value != NEXT:
                yield node.fault(f'The action of <{node.tag}> must be "{NEXT}": else the call would not come back.')
        elif name in ADDRESSES and (told := _wrong_address(value)):
            yield node.fault(f"“{name}” of <{node.tag}> {told}")


def _wrong_address(address: str) -> str:
    if _NAMES.search(address):
        return "is an address, which holds no names in braces."
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in ("https", "wss", "http") and bool(parts.hostname)
    except ValueError:
        is_one = False
    return "" if is_one else "is no address that begins with https:// or wss://."


def _filled(inner: str, turn: Turn) -> str:
    """Put the way back and the values of the call where their names are; a name without a value stays."""

    def word(found: re.Match[str]) -> str:
        if found[0] == NEXT:
            return escape(turn.urls.resume)
        value = turn.variables.get(found[1])
        return found[0] if value is None else escape(value)

    return _NAMES.sub(word, inner)


def _did(heard: Heard) -> str:
    match heard:
        case Keys(digits):
            return digits
        case Speech(said):
            return said
        case Dialed(status) | Referred(status):
            return status
        case _:
            return ""
