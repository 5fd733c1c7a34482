"""Policies, and who listens to them: whatever is recorded at Twilio is checked against the ledger at its beginning."""

from typing import Any

from django.utils import timezone

from compliance.actions import consent
from compliance.models import Consent, Policy
from compliance.states import Mode
from conferences.models import Participant
from simulator.recordings import Recording as Tape
from tests.scenarios.desk import Desk, Phone

TOLD = "This call is recorded for training."
ASKED = "May we record this call? One is yes, two is no."
COLLEAGUES = "This call is recorded."


def policy(mode: str, *, language: str = "en-US", **fields: Any) -> Policy:
    made = Policy.objects.create(**({"name": f"Policy {mode}", "consent": mode, "clears": False} | fields))
    if mode != Mode.NONE:
        text = TOLD if mode == Mode.ANNOUNCE else ASKED
        consent.word(made, language, text, by=None, at=timezone.now())
    return made


class Watch:
    """Looks at every recorder of Twilio's at the moment in which it begins: had everybody agreed who is asked?"""

    def __init__(self, desk: Desk, mode: str) -> None:
        self.desk, self.mode = desk, mode
        self.wrong: list[str] = []
        recorder = desk.twilio._board.recorder
        begin, resume = recorder.start, recorder.resume

        def start(*args: Any, **parts: Any) -> Tape:
            tape = begin(*args, **parts)
            self.look(tape)
            return tape

        def go_on(tape: Tape) -> None:
            resume(tape)
            self.look(tape)

        recorder.start, recorder.resume = start, go_on  # type: ignore[method-assign]

    def look(self, tape: Tape) -> None:
        if tape.wish.source == "RecordVerb":
            return
        answers = {(one.party, one.leg if one.party != "customer" else ""): one.answer
                   for one in Consent.objects.order_by("at")}  # fmt: skip
        customer = answers.get(("customer", ""))
        if self.mode == Mode.ANNOUNCE and customer not in ("told", "agreed"):
            self.wrong.append(f"{tape.sid}: the customer was not told")
        if self.mode in (Mode.ASK_ONE, Mode.ASK_EVERY) and customer != "agreed":
            self.wrong.append(f"{tape.sid}: the customer has not agreed")
        if self.mode == Mode.ASK_EVERY:
            there = Participant.objects.filter(state="joined").exclude(role="customer")
            for one in there:
                wanted = ("told", "agreed") if one.agent_id else ("agreed",)
                party = "colleague" if one.agent_id else "outside"
                mine = [
                    entry.answer
                    for entry in Consent.objects.filter(party=party)
                    if entry.participant in (one.pk, one.agent_id)
                ]
                if not mine or mine[-1] not in wanted:
                    self.wrong.append(f"{tape.sid}: {one.role} {one.pk} has not agreed")

    def tapes(self, phone: Phone | None = None) -> list[Tape]:
        """Give what was recorded of a leg, or of all, without voicemails."""
        found = [one for one in self.desk.twilio.recordings if one.wish.source != "RecordVerb"]
        return [one for one in found if phone is None or one.leg.sid == phone.sid]

    def runs(self, phone: Phone | None = None) -> bool:
        return any(one.status == "in-progress" for one in self.tapes(phone))


class Obliging:
    """Whoever is asked presses a key, within a second or two: `keys` by the leg's number, else 1."""

    def __init__(self, desk: Desk, **keys: str) -> None:
        self.desk, self.keys, self._answered = desk, keys, set[tuple[str, int]]()
        desk.clock.call_later(1, self._look, background=True)

    def _look(self) -> None:
        self.desk.clock.call_later(1, self._look, background=True)
        for leg in self.desk.twilio.legs():
            asked = sum(ASKED in one.text for one in leg.heard)
            if leg.live and asked and (leg.sid, asked) not in self._answered:
                self._answered.add((leg.sid, asked))
                key = self.keys.get(leg.to.lstrip("+"), self.keys.get(leg.from_.lstrip("+"), "1"))
                if key:
                    self.desk.twilio.press(leg.sid, key)
