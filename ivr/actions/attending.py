"""Who has the page of a draft open tells so again and again; who stops telling is gone."""

from datetime import datetime
from uuid import UUID

from agents.models import User
from ivr.actions.editing import tell
from ivr.drafting.attendance import GONE_AFTER
from ivr.models import OpenPage


def attend(flow: int, page: UUID, *, user: User, step: str, at: datetime) -> None:
    """Note that somebody's page is open, and at which step. Others hear of it when that is news."""
    OpenPage.objects.filter(seen_at__lt=at - GONE_AFTER).delete()
    told = OpenPage.objects.filter(page=page, user=user, flow=flow)
    before = told.values_list("step", flat=True).first()
    if before is not None:
        told.update(seen_at=at, step=step)
    else:
        OpenPage.objects.bulk_create(
            [OpenPage(flow_id=flow, user=user, page=page, step=step, seen_at=at)], ignore_conflicts=True
        )
    if before != step:
        tell(flow)


def leave(flow: int, page: UUID, *, user: User) -> None:
    """Note that somebody has closed the page."""
    if OpenPage.objects.filter(page=page, user=user, flow=flow).delete()[0]:
        tell(flow)
