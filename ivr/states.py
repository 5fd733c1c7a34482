"""The states of a question to a source of the owner. Pure."""

from enum import StrEnum


class LookUpState(StrEnum):
    """What became of a look-up. Only one that is open can be answered, and each ends once."""

    WANTED = "wanted"
    ASKING = "asking"
    ANSWERED = "answered"
    FAILED = "failed"  # nobody answered, or not as wanted
    GIVEN_UP = "given-up"  # its time was over: the caller went on without


OPEN = frozenset({LookUpState.WANTED, LookUpState.ASKING})
