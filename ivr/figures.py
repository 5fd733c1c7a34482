"""How many callers took which exit in the last days, where they gave up, and where they are now."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Sum
from django.db.models.fields.json import KT

from ivr.models import Flow, StepCount, Visit

DAYS = 7


def of_last_days(steps: Iterable[str], *, at: datetime) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Give the callers of the last days by step and exit, and those who gave up by step; today is among the days."""
    first = at.date() - timedelta(days=DAYS - 1)
    rows = StepCount.objects.filter(step__in=list(steps), day__gte=first).values_list("step", "exit")
    taken: dict[tuple[str, str], int] = {}
    gave_up: dict[str, int] = {}
    for step, exit_, callers in rows.annotate(total=Sum("callers")):
        if exit_:
            taken[step, exit_] = callers
        else:
            gave_up[step] = callers
    return taken, gave_up


def inside(flow: Flow) -> dict[str, int]:
    """Give how many callers are in each step of a flow now, whatever version they walk."""
    rows = Visit.objects.filter(version__flow=flow, ended_at__isnull=True).values_list(KT("position__step"))
    return {step: callers for step, callers in rows.annotate(callers=Count("pk")) if step}
