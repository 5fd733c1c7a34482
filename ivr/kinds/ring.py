"""Ring people: all at once, or one after the other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.kinds.base import Dialed, ExitName, Heard, Leave, Move, Problem, Progress, Role, Step, Turn, Wait
from ivr.kinds.settings import choice, flag, lines, text, whole
from telephony.twiml import Client, Dial, Number, Sip

# Twilio rings so many together
MOST_TOGETHER = 10
E164 = re.compile(r"\+[1-9]\d{6,14}")
CLIENT = re.compile(r"client:[\w.@+-]{1,249}", re.ASCII)
SIP = re.compile(r"sips?:[^\s@<>\"]{1,128}@[^\s@<>\"]{1,120}")

# how ringing ended when nobody answered, by Twilio's status; everything else is "nobody"
UNANSWERED = {"busy": "busy", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Ring(Step):
    targets: tuple[str, ...] = lines(
        "Whom to ring", help_text="One per line: +15005550100, client:ann or sip:desk@company.example."
    )
    order: str = choice("together", "Ring", (("together", "All at once"), ("in_turn", "One after the other")))
    seconds: int = whole(25, "Seconds to ring each", minimum=5, maximum=600)
    caller_id: str = text("", "Show this number", help_text="One of ours. Empty: the caller's own.")
    screening: bool = flag(False, "Whoever answers must press 1", help_text="So that a mailbox cannot take the call.")

    KIND = "ring"
    LABEL = "Ring people"
    EXITS = (
        ExitName("answered", "Answered", by_caller=True),
        ExitName("busy", "Busy"),
        ExitName("nobody", "Nobody answered"),
        ExitName("failed", "Failed"),
    )
    PROMPTS = (Role("whisper", "Whisper to whoever answers", required=False),)
    WAITS = True

    def enter(self, turn: Turn) -> Move:
        return self._ring(turn, Progress()) if self.targets else Leave("failed")

    def resume(self, turn: Turn, heard: Heard) -> Move:
        dialed = heard if isinstance(heard, Dialed) else Dialed("no-answer", bridged=False)
        if self._answered(turn, dialed):
            return Leave("answered")
        ended = UNANSWERED.get(dialed.status, "nobody")
        if turn.progress.phase not in ("", ended):
            ended = "nobody"
        following = turn.progress.index + 1
        if self.order == "in_turn" and following < len(self.targets):
            return self._ring(turn, Progress(phase=ended, index=following))
        return Leave(ended)

    def problems(self) -> Iterator[Problem]:
        if not self.targets:
            yield self.error("no_targets", f"Step “{self.name}” rings nobody.")
        for target in self.targets:
            if not any(pattern.fullmatch(target) for pattern in (E164, CLIENT, SIP)):
                text = f"“{target}” in step “{self.name}” is no number like +15005550100, client:name or sip:name@host."
                yield self.error("bad_target", text)
        if self.order == "together" and len(self.targets) > MOST_TOGETHER:
            yield self.error(
                "too_many_targets",
                f"Step “{self.name}” rings {len(self.targets)} at once; at most {MOST_TOGETHER} are possible.",
            )
        if self.screening and self.order == "together" and len(self.targets) > 1:
            yield self.warning(
                "screening_together",
                f"Step “{self.name}” rings all at once and asks who answers to press 1: as soon as one phone is picked"
                " up, also by a mailbox, the others stop ringing. Ring one after the other instead.",
            )
        if self.screening and not self.prompts.get("whisper"):
            yield self.error(
                "missing_prompt", f"Step “{self.name}” screens the call, but has no whisper that says to press 1."
            )

    def _answered(self, turn: Turn, dialed: Dialed) -> bool:
        # a called person who refuses the screening leaves the status "completed" all the same
        if dialed.bridged is not None:
            return dialed.bridged
        return turn.accepted if self.screening else dialed.status in ("completed", "answered")

    def _ring(self, turn: Turn, progress: Progress) -> Move:
        targets = (
            self.targets[progress.index : progress.index + 1]
            if self.order == "in_turn"
            else self.targets[:MOST_TOGETHER]
        )
        url = turn.urls.screen if self.screening or self.prompts.get("whisper") else None
        nouns = [_noun(target, url, turn.urls.child_status) for target in targets]
        dial = Dial(
            nouns,
            action=turn.urls.resume,
            timeout=self.seconds,
            caller_id=self.caller_id or _own_number(turn, nouns),
            answer_on_bridge=True if turn.first else None,
        )
        return Wait((dial,), progress)


def _own_number(turn: Turn, nouns: list[Number | Client | Sip]) -> str | None:
    """Give our number where Twilio could not show the caller's: numbers cannot be rung in the name of a client."""
    if E164.fullmatch(turn.caller) or not any(isinstance(noun, Number) for noun in nouns):
        return None
    return turn.own_number or None


def _noun(target: str, url: str | None, status: str) -> Number | Client | Sip:
    if target.startswith("client:"):
        return Client(target.removeprefix("client:"), url=url, status_callback=status)
    if target.startswith(("sip:", "sips:")):
        return Sip(target, url=url, status_callback=status)
    return Number(target, url=url, status_callback=status)
