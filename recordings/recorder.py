"""Whether a recorder should run now, and why not. Pure."""

from enum import StrEnum


class RecorderWish(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class RecorderState(StrEnum):
    """What Twilio has confirmed. WANTED to RUNNING climbs; RUNNING and PAUSED go to and fro."""

    WANTED = "wanted"  # our wish; Twilio was not asked yet
    ASKED = "asked"  # a task has claimed it and asks, once, whatever becomes of the answer
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FAILED = "failed"  # Twilio would not, or was never heard of it


class PauseReason(StrEnum):
    AGENT = "agent"  # the agent's key
    HOLD = "hold"  # the customer hears music
    WAIT = "wait"  # the customer waits in a queue
    DIGITS = "digits"  # secret ones are collected, which must be kept nowhere
    PAYMENT = "payment"
    ASKING = "asking"  # somebody new has not agreed yet
