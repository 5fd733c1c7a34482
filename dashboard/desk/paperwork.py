"""Notes and disposition of the call that the agent handles, or has handled and wraps up."""

from dataclasses import dataclass
from datetime import timedelta

from dashboard.desk.viewer import Viewer
from messaging.reading import SEND
from queues.models import Disposition, Handling, Queue


@dataclass(frozen=True, slots=True)
class Paperwork:
    """`missing` says what the queue wants before the wrap-up may be ended."""

    handling: Handling
    queue: Queue
    dispositions: tuple[Disposition, ...]
    is_wrap_up: bool
    left: timedelta | None
    may_extend: bool
    missing: str
    may_text: bool


def paperwork(viewer: Viewer) -> Paperwork | None:
    """Read what is not done yet; there is one at a time."""
    handling = (
        Handling.objects.filter(agent=viewer.agent, done_at__isnull=True)
        .select_related("entry__queue", "disposition")
        .first()
    )
    if handling is None:
        return None
    queue = handling.entry.queue
    wraps_up = handling.ended_at is not None
    left = handling.wrap_up_until - viewer.at if wraps_up and handling.wrap_up_until else None
    return Paperwork(
        handling=handling,
        queue=queue,
        dispositions=tuple(queue.dispositions.filter(is_active=True).order_by("name")),
        is_wrap_up=wraps_up,
        left=None if left is None else max(left, timedelta(0)),
        may_extend=wraps_up and not handling.extended and queue.wrap_up_extension > 0 and left is not None,
        missing=_missing(handling, queue),
        may_text=wraps_up and handling.conference_id is not None and viewer.user.has_perm(SEND),
    )


def _missing(handling: Handling, queue: Queue) -> str:
    if handling.disposition_id is not None:
        return ""
    if queue.disposition_required:
        return "Choose first what the call came to."
    if queue.wrap_up == Queue.WrapUp.REQUIRED and not handling.notes.strip():
        return "Write a note first, or choose what the call came to."
    return ""
