"""Who is in a draft at the moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ivr.models import OpenPage, Step

HEARTBEAT = timedelta(seconds=20)
GONE_AFTER = timedelta(seconds=65)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has the page open; `step` is the name of what they look at, "" for nothing in particular."""

    name: str
    step_id: str
    step: str
    is_me: bool


def others(flow: int, page: UUID | None, *, user: int, at: datetime) -> list[Present]:
    """Give who else has the page of a draft open, oneself in another window included."""
    rows = OpenPage.objects.filter(flow=flow, seen_at__gte=at - GONE_AFTER).select_related("user").order_by("pk")
    found = [row for row in rows if row.page != page]
    keys = {int(row.step) for row in found if row.step.isdecimal()}
    names = dict(Step.objects.filter(flow=flow, pk__in=keys).values_list("pk", "name")) if keys else {}
    return [
        Present(
            name=row.user.get_full_name() or row.user.get_username(),
            step_id=row.step,
            step=names.get(int(row.step), "") if row.step.isdecimal() else "",
            is_me=row.user_id == user,
        )
        for row in found
    ]
