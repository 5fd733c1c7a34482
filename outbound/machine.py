"""What is done about who answers, by Twilio's detection of machines. It errs towards people. Pure."""

from enum import StrEnum


class Answer(StrEnum):
    """What a flow does with whoever has answered."""

    GO_ON = "go-on"
    LEAVE_MESSAGE = "leave-message"  # now, after the tone
    HANG_UP = "hang-up"


MACHINES = frozenset({"machine_end_beep", "machine_end_silence", "machine_end_other"})
FAX = "fax"


def is_machine(answered_by: str) -> bool:
    """Tell whether no person answered; whatever Twilio is not sure of is a person."""
    return answered_by == FAX or answered_by.startswith("machine_")


def answer_to(answered_by: str, *, spoke: bool, has_message: bool) -> Answer:
    """Give what to do. `spoke`: whoever it is has pressed a key or said something that was asked for: a person."""
    if spoke or not is_machine(answered_by):
        return Answer.GO_ON
    if answered_by in MACHINES and has_message:
        return Answer.LEAVE_MESSAGE
    return Answer.HANG_UP
