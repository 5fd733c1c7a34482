"""How agents stood and stand: a record that nobody changes, and an agent's day."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from agents.day import stretches, totals
from agents.models import Agent, PresenceChange
from agents.states import Standing

COLORS: dict[str, str] = {
    Standing.READY: "success",
    Standing.RINGING: "info",
    Standing.TALKING: "info",
    Standing.WRAP_UP: "info",
    Standing.COOLING_OFF: "warning",
    Standing.UNREACHABLE: "danger",
    Standing.NOT_READY: "default",  # named, or unfold shows the bare value
    Standing.OFFLINE: "default",
}
FIRST_DAY = date(2000, 1, 1)
TONES = {"success": "good", "warning": "warning", "danger": "bad"}


@admin.register(PresenceChange)
class PresenceChangeAdmin(ModelAdmin):
    """Read-only: presence is what agents choose and what the system observes."""

    list_display = ("begins", "ends", "agent", "shown_standing", "reason", "cause", "by")
    list_filter = (
        ("at", admin.DateFieldListFilter),
        "standing",
        ("agent", AutocompleteSelectFilter),
        "agent__team",
        "reason",
    )
    list_filter_submit = True
    list_select_related = ("agent", "by")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-at", "-pk")
    fields = ("agent", "begins", "ends", "standing", "chosen", "reason", "cause", "by")
    readonly_fields = fields
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[PresenceChange]:
        return super().get_queryset(request).filter(agent__in=Agent.objects.supervised_by(request.user))

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    @display(description=_("from"), ordering="at")
    def begins(self, change: PresenceChange) -> str:
        return _written(change.at)

    @display(description=_("until"), ordering="until")
    def ends(self, change: PresenceChange) -> str:
        return _written(change.until) if change.until else str(_("now"))

    @display(description=_("standing"), ordering="standing", label=COLORS)
    def shown_standing(self, change: PresenceChange) -> tuple[str, str]:
        return change.standing, change.standing.replace("-", " ")


def context_of_day(request: HttpRequest, agent: Agent) -> dict[str, Any]:
    """Give the page of an agent the day that it asks for: today, or `?day=`; a day of the screen's time zone."""
    now = timezone.now()
    today = timezone.localdate(now)
    try:
        asked = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        asked = today
    asked = min(max(asked, FIRST_DAY), today)
    begin, after = (timezone.make_aware(datetime.combine(day, time())) for day in (asked, asked + timedelta(days=1)))
    changes = PresenceChange.objects.filter(agent=agent).between(begin, after).select_related("by")
    day = stretches(changes, begin=begin, end=min(after, now))
    return {
        "day": asked,
        "day_before": asked - timedelta(days=1),
        "day_after": asked + timedelta(days=1) if asked < today else None,
        "stretches": [(stretch, tone_of(stretch.change.standing)) for stretch in day],
        "totals": [(total, tone_of(total.standing)) for total in totals(day)],
    }


def tone_of(standing: str) -> str:
    return TONES.get(COLORS.get(standing, ""), "plain")


def _written(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M Y, H:i:s")
