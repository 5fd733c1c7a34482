"""Whether a recorder should run now, and why not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from compliance.states import Begins, Subject


class RecorderWish(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # for good: who agrees again gets a new one


class RecorderState(StrEnum):
    """What Twilio has confirmed. WANTED to RUNNING climbs; RUNNING and PAUSED go to and fro."""

    WANTED = "wanted"  # our wish; Twilio was not asked yet
    ASKED = "asked"  # a task has claimed it and asks, once, whatever becomes of the answer
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FAILED = "failed"  # Twilio would not


class PauseReason(StrEnum):
    AGENT = "agent"  # the agent's key
    HOLD = "hold"  # the customer hears music
    WAIT = "wait"  # the customer waits in a queue
    DIGITS = "digits"  # secret ones are collected, which must be kept nowhere
    PAYMENT = "payment"
    ASKING = "asking"  # somebody is there who has not agreed


#: what somebody or a step of a flow asks for, and ends again; the others follow from where the people are
ASKED_FOR = frozenset({PauseReason.AGENT, PauseReason.DIGITS, PauseReason.PAYMENT})


@dataclass(frozen=True, slots=True)
class Situation:
    """How things stand on the leg of a recorder.

    `over`: the leg has ended. `governed`: its policy still counts. `agreed`: the customer has, as the policy asks.
    `others_agreed`: so has everybody else who is there. `talks`: the leg is in the conversation. `waits`: it waits in a
    queue. `held`: the customer hears music, or is about to. `asked_for`: pauses that are wanted for now.
    """

    subject: str = Subject.CONVERSATION
    begins: str = Begins.TALK
    over: bool = False
    governed: bool = True
    agreed: bool = True
    others_agreed: bool = True
    talks: bool = True
    waits: bool = False
    held: bool = False
    asked_for: frozenset[PauseReason] = field(default_factory=frozenset)


def pauses(situation: Situation) -> frozenset[PauseReason]:
    """Give every reason why nothing must be recorded at the moment.

    An agent's own line goes on while the customer is on hold: consultations are what it is recorded for.
    """
    found = set(situation.asked_for)
    if situation.held and situation.subject == Subject.CONVERSATION:
        found.add(PauseReason.HOLD)
    if situation.waits and not situation.talks:
        found.add(PauseReason.WAIT)
    if not situation.others_agreed:
        found.add(PauseReason.ASKING)
    return frozenset(found)


def wish(situation: Situation) -> RecorderWish:
    """Say how a recorder is wanted. One that is not there yet is made when this says RUNNING."""
    begun = situation.talks or situation.begins == Begins.CALL
    if situation.over or not (situation.governed and situation.agreed and begun):
        return RecorderWish.STOPPED
    return RecorderWish.PAUSED if pauses(situation) else RecorderWish.RUNNING


def begins_itself(begins: str) -> bool:
    """Tell whether a recorder of such a policy begins without a press."""
    return begins != Begins.PRESS


def speakers(channels: int, first: str, others: Sequence[str]) -> list[str]:
    """Say who is on which channel (Twilio's pages "Recordings resource" and "Conference").

    Of a leg that is recorded by REST, channel 1 is that leg, 2 everybody whom it hears; of a conference, channel 1 is
    whoever joined first. One channel has everybody.
    """
    rest = list(dict.fromkeys(other for other in others if other and other != first))
    if channels == 2:
        return [first, " and ".join(rest) or "others"]
    return [" and ".join([first, *rest])]


# Twilio's `status` of a recording in our words; what is over has no way back.
CONFIRMS: dict[str, RecorderState] = {
    "in-progress": RecorderState.RUNNING,
    "paused": RecorderState.PAUSED,
    "stopped": RecorderState.STOPPED,
    "processing": RecorderState.STOPPED,
    "completed": RecorderState.STOPPED,
    "absent": RecorderState.STOPPED,
    "failed": RecorderState.STOPPED,
    "deleted": RecorderState.STOPPED,
}
OVER = frozenset({RecorderState.STOPPED, RecorderState.FAILED})

# What is asked of Twilio so that a state becomes a wish; nothing where there is no need.
Status: TypeAlias = Literal["paused", "in-progress", "stopped"]
ASKS: dict[tuple[RecorderState, RecorderWish], Status] = {
    (RecorderState.RUNNING, RecorderWish.PAUSED): "paused",
    (RecorderState.RUNNING, RecorderWish.STOPPED): "stopped",
    (RecorderState.PAUSED, RecorderWish.RUNNING): "in-progress",
    (RecorderState.PAUSED, RecorderWish.STOPPED): "stopped",
}


def asks(state: str, wanted: str) -> Literal["", "start", "paused", "in-progress", "stopped"]:
    """Give the status that Twilio is to be asked for; "start" for a new one, "" where there is nothing to ask."""
    if state == RecorderState.WANTED:
        return "start" if wanted == RecorderWish.RUNNING else ""
    return ASKS.get((RecorderState(state), RecorderWish(wanted)), "")
