"""The states of a question to a source of the owner, and of a replay. Pure."""

from enum import StrEnum


class LookUpState(StrEnum):
    """What became of a look-up. Only one that is open can be answered, and each ends once."""

    WANTED = "wanted"
    ASKING = "asking"
    ANSWERED = "answered"
    FAILED = "failed"  # nobody answered, or not as wanted
    GIVEN_UP = "given-up"  # its time was over: the caller went on without


OPEN = frozenset({LookUpState.WANTED, LookUpState.ASKING})


class ReplayState(StrEnum):
    """How far the walk of a period's visits through a draft is. What is not open stays as it is."""

    WANTED = "wanted"
    RUNNING = "running"
    DONE = "done"
    CANCELED = "canceled"
    FAILED = "failed"


REPLAY_OPEN = frozenset({ReplayState.WANTED, ReplayState.RUNNING})
