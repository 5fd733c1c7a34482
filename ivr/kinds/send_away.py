"""Send the call away: by SIP Refer to another telephone system, or to another TwiML address such as a Studio flow."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from ivr.kinds.base import End, ExitName, Heard, Leave, Move, Problem, Progress, Role, Step, Turn, Wait
from ivr.kinds.sent import Referred
from ivr.kinds.settings import choice, text
from telephony.twiml import Hangup, Redirect, Refer

DOCUMENT, SIP = "document", "sip"
#: phases: the other address has the call, or the caller's telephone system was asked to take it
AWAY, ASKED = "away", "asked"
#: how the visit of a call ends that is elsewhere now
SENT_AWAY = "sent away"
LONGEST = 500
_SIP = re.compile(r"sips?:[^\s@<>\"]{1,128}@[^\s@<>\"]{1,400}")
_TAKEN = frozenset({"in-progress", "answered", "completed"})


@dataclass(frozen=True, slots=True)
class SendAway(Step):
    to: str = choice(
        DOCUMENT,
        "Send the call to",
        (
            (DOCUMENT, "Another TwiML address, such as a Studio flow"),
            (SIP, "A SIP address (only calls that came by SIP)"),
        ),
    )
    address: str = text(
        "",
        "Address",
        help_text="https://… of what answers with TwiML from then on; or sip:name@host, which the caller's own "
        "telephone system is asked to call in place of us.",
    )

    KIND = "send_away"
    LABEL = "Send away"
    EXITS = (
        ExitName("refused", "Refused, or no call by SIP", required=False),
        ExitName("failed", "Could not be reached"),
    )
    PROMPTS = (Role("message", "Before the call is sent", required=False),)
    WAITS = True
    LISTENS = False
    ENDS = True

    def enter(self, turn: Turn) -> Move:
        said = self.say(turn, "message")
        told = (("sent-away", {"step": self.id, "to": self.address}),)
        if self.to == SIP:
            if not _is_by_sip(turn) or not self._is_possible():
                return Leave(self._refused())
            return Wait((*said, Refer(self.address, turn.urls.resume)), Progress(phase=ASKED), events=told)
        if not self._is_possible():
            return Leave("failed")
        return Wait((*said, Redirect(self.address)), Progress(phase=AWAY), events=told)

    def resume(self, turn: Turn, heard: Heard) -> Move:
        match heard:
            case Referred(status=status) if turn.progress.phase == ASKED and status in _TAKEN:
                return End(SENT_AWAY, (Hangup(),))
            case Referred(code=code) if code[:1] in ("3", "4", "5", "6"):
                return Leave(self._refused())
            case _:
                return Leave("failed")

    def problems(self) -> Iterator[Problem]:
        where = f"Step “{self.name}”"
        if not self._is_possible():
            wanted = (
                "a SIP address such as sip:desk@company.example" if self.to == SIP else "an address such as https://…"
            )
            yield self.error("bad_address", f"{where} sends calls to “{self.address}”, which is not {wanted}.")
        if self.to == SIP and "refused" not in self.exits:
            yield self.warning(
                "sip_only",
                f"{where} sends only calls away that came by SIP; all others go by “Could not be reached”, because"
                " “Refused, or no call by SIP” leads nowhere.",
            )

    def _refused(self) -> str:
        return "refused" if "refused" in self.exits else "failed"

    def _is_possible(self) -> bool:
        if len(self.address) > LONGEST:
            return False
        return _SIP.fullmatch(self.address) is not None if self.to == SIP else is_address(self.address)


def _is_by_sip(turn: Turn) -> bool:
    """Whether the call comes by SIP, also where its caller is shown by a number."""
    return turn.by_sip or turn.caller.startswith(("sip:", "sips:"))


def is_address(address: str) -> bool:
    """Whether this is written as an address of the web is; who may be asked there is another matter."""
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in ("https", "http") and bool(parts.hostname) and address.isascii() and address.isprintable()
        )
    except ValueError:
        return False
