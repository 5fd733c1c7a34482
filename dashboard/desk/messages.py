"""What is pressed about messages and missed calls in the agent's mailboxes."""

from collections.abc import Callable, Mapping
from typing import Any

from agents.actions import Busy
from agents.models import User
from dashboard.desk.pressed import Pressed, Refused
from dialing.actions import NotPermitted
from queues.actions.callbacks import NotCallable
from recordings import actions as recordings
from recordings import worklist
from recordings.actions.working import WORK
from recordings.worklist import Seen


def _row(pressed: Pressed) -> Seen:
    """Read which row of the own mailboxes is meant, as it was seen."""
    mine = pressed.viewer.user.mailboxes.values_list("pk", flat=True)
    found = worklist.find(pressed.fields.get("row", ""), mailboxes=list(mine))
    if found is None:
        raise Refused("That message is not there any more.")
    return found


def _work(act: Callable[[Pressed, Seen], Any], said: str) -> Callable[[Pressed], str]:
    def press(pressed: Pressed) -> str:
        if not pressed.viewer.user.has_perm(WORK):
            raise Refused("You may listen to messages, not work on them.")
        try:
            act(pressed, _row(pressed))
        except (recordings.Settled, recordings.NotAMember, NotCallable, NotPermitted) as refused:
            raise Refused(str(refused)) from None
        except recordings.Taken as taken:
            raise Refused(f"{taken} looks after it.") from None
        except recordings.BeingCalled as busy:
            raise Refused(f"{busy} is calling that number right now.") from None
        return said

    return press


def _call_back(pressed: Pressed, seen: Seen) -> None:
    try:
        recordings.call_back(seen, agent=pressed.agent, at=pressed.viewer.at)
    except Busy:
        raise Refused("You are on a call, or are being rung.") from None
    except recordings.NoPhone:
        raise Refused("You have no phone that can ring now: see My phone.") from None


def _assign(pressed: Pressed, seen: Seen) -> None:
    to = User.objects.filter(pk=pressed.number("to")).first()
    if to is None:
        raise Refused("That colleague is not there any more.")
    recordings.assign(seen, to=to)


DOES: Mapping[str, Callable[[Pressed], str]] = {
    "take-message": _work(lambda pressed, seen: recordings.take(seen, by=pressed.viewer.user), "It is yours."),
    "take-over-message": _work(
        lambda pressed, seen: recordings.assign(seen, to=pressed.viewer.user), "It is yours now."
    ),
    "release-message": _work(lambda _pressed, seen: recordings.release(seen), "It is everybody's again."),
    "assign-message": _work(_assign, "Passed on."),
    "finish-message": _work(
        lambda pressed, seen: recordings.finish(seen, by=pressed.viewer.user, at=pressed.viewer.at), "Marked as done."
    ),
    "reopen-message": _work(lambda _pressed, seen: recordings.reopen(seen), "It is open again."),
    "call-back": _work(_call_back, "Your phone rings. When you have picked up, the number is rung."),
}
