"""Where a call came to, and where it would come to by the draft. Pure."""

from dataclasses import dataclass

from ivr.replay.answering import go_on
from ivr.replay.ends import End, Kind, Met, end_of, places
from ivr.replay.recording import EMERGENCY, HUNG_UP, Recorded, Visit, read
from ivr.replay.unknown import CannotKnow, Unknown, Why
from ivr.replay.walking import Consulted, Over, Replay, Walked, World, was_path

#: why nothing is known of a place beyond reaching it
BEYOND = {Kind.RING: Why.RUNG, Kind.QUEUE: Why.WAIT}


@dataclass(frozen=True, slots=True)
class Compared:
    """`was` is None where the history is gone; `would` is None where it cannot be known, for the reason `unknown`.

    `open`: how it would go on there is not known. `timed` and `consulted` are as in `Walked`.
    """

    was: End | None
    would: End | None
    unknown: Unknown | None = None
    open: bool = False
    timed: bool = False
    consulted: tuple[Consulted, ...] = ()

    @property
    def differs(self) -> bool:
        return self.was is not None and self.would is not None and self.was.key != self.would.key


def compare(visit: Visit, world: World) -> Compared:
    """Read a recorded visit, walk it through the draft, and tell where both come to."""
    recorded = read(visit)
    try:
        path = was_path(recorded, world)
        if not path:
            raise CannotKnow(Why.ERASED)
        was = end_of_recorded(recorded, path)
        walked = walk(visit, recorded, world)
    except CannotKnow as found:
        return Compared(None, None, found.unknown)
    return judge(was, path, walked)


def walk(visit: Visit, recorded: Recorded, world: World, *, tells: bool = False) -> Walked:
    """Walk a recorded visit through the draft until it has come where it stays, or until no more is known."""
    replay = Replay(visit, recorded, world, tells=tells)
    try:
        outcome = replay.begin()
        replay.take_in(outcome)
        while not outcome.ending:
            outcome = go_on(replay, outcome)
            replay.take_in(outcome)
    except CannotKnow as found:
        return _walked(replay, None, unknown=found.unknown)
    except Over as over:
        return _walked(replay, over.end, open=over.open)
    return _walked(replay, end_of(replay.path, gave_up=outcome.ending == HUNG_UP, trouble=outcome.ending == "failed"))


def _walked(replay: Replay, end: End | None, *, unknown: Unknown | None = None, open: bool = False) -> Walked:  # noqa: A002
    return Walked(replay.path, end, unknown, open, replay.timed, tuple(replay.consulted))


def end_of_recorded(recorded: Recorded, path: list[Met]) -> End:
    trouble = recorded.trouble == EMERGENCY or recorded.ended == "failed"
    return end_of(path, gave_up=recorded.gave_up, trouble=trouble)


def judge(was: End, path: list[Met], walked: Walked) -> Compared:
    """Compare both ends. A place where the call was already tells nothing new where it is not known how it goes on."""
    if walked.end is None:
        return Compared(was, None, walked.unknown, timed=walked.timed, consulted=walked.consulted)
    would = walked.end
    if walked.open and would.key in places(path) and (would.kind == Kind.RING or would.key != was.key):
        unknown = Unknown(BEYOND.get(would.kind, Why.OUTCOME), walked.path[-1].step, walked.path[-1].name)
        return Compared(was, None, unknown, timed=walked.timed, consulted=walked.consulted)
    return Compared(was, would, open=walked.open, timed=walked.timed, consulted=walked.consulted)
