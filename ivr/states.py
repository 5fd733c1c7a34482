"""The states of a question to a source of the owner, of a document on its way to callers, and of a replay. Pure."""

from collections.abc import Mapping
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


class ReleaseState(StrEnum):
    """Where a frozen document stands on its way to callers."""

    PROPOSED = "proposed"  # waits for a second person
    PLANNED = "planned"  # waits for its time
    PUBLISHED = "published"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"  # it could not be published when its time came


OPEN_RELEASES = frozenset({ReleaseState.PROPOSED, ReleaseState.PLANNED})

#: each way on; what ends a release ends it once
RELEASE_MOVES: Mapping[ReleaseState, frozenset[ReleaseState]] = {
    ReleaseState.PROPOSED: frozenset(
        {ReleaseState.PLANNED, ReleaseState.PUBLISHED, ReleaseState.DECLINED, ReleaseState.WITHDRAWN}
    ),
    ReleaseState.PLANNED: frozenset({ReleaseState.PUBLISHED, ReleaseState.WITHDRAWN, ReleaseState.FAILED}),
}


def release_may_become(state: ReleaseState) -> frozenset[ReleaseState]:
    """Give the states from which a release may come to `state`."""
    return frozenset(before for before, after in RELEASE_MOVES.items() if state in after)
