"""Who waited, whom they were offered to, and what came of it: to look at, for nothing of it can be changed."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from agents.models import User
from calls.ends import hidden
from queues.models import Entry, Handling, Offer
from queues.states import EntryState
from telephony import numbers

COLORS: dict[str, str] = {
    EntryState.WAITING: "info",
    EntryState.OFFERED: "info",
    EntryState.TALKING: "info",
    EntryState.ANSWERED: "success",
    EntryState.ABANDONED: "warning",
    EntryState.TIMED_OUT: "warning",
    EntryState.FAILED: "danger",
}


class ReadOnly:
    """A page or a part of one that shows what has happened."""

    def has_add_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False


class OfferInline(ReadOnly, TabularInline):
    model = Offer
    fields = ("agent", "state", "why", "offered_at", "ended_at")
    ordering = ("offered_at",)
    extra = 0
    hide_title = True
    verbose_name_plural = _("Whom the caller was offered to, and why")


class HandlingInline(ReadOnly, TabularInline):
    model = Handling
    fields = ("agent", "began_at", "ended_at", "done_at", "disposition", "notes")
    ordering = ("began_at",)
    extra = 0
    hide_title = True
    verbose_name_plural = _("Who talked to the caller, and what came of it")


@admin.register(Entry)
class EntryAdmin(ReadOnly, ModelAdmin):
    list_filter = ("state", ("queue", admin.RelatedOnlyFieldListFilter))
    list_filter_submit = True
    list_select_related = ("queue", "agent", "call", "callback")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-joined_at",)
    date_hierarchy = "joined_at"
    inlines = (OfferInline, HandlingInline)
    actions = None
    readonly_fields = ("caller", "hidden_caller", "shown_state", "waited")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        assert isinstance(request.user, User)
        return Entry.objects.visible_to(request.user)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("joined_at", "queue", _caller(request), "shown_state", "waited", "agent")

    def get_fieldsets(self, request: HttpRequest, _entry: Entry | None = None) -> Any:
        fields = (
            ("queue", "shown_state"),
            (_caller(request), "call"),
            ("joined_at", "answered_at", "ended_at"),
            ("position", "waited", "agent"),
            ("language", "priority", "is_first"),
        )
        return [(None, {"fields": fields})]

    @display(description=_("caller"))
    def caller(self, entry: Entry) -> str:
        return numbers.show(_number(entry)) or "-"

    @display(description=_("caller"))
    def hidden_caller(self, entry: Entry) -> str:
        return hidden(_number(entry)) or "-"

    @display(description=_("state"), ordering="state", label=COLORS)
    def shown_state(self, entry: Entry) -> tuple[str, str]:
        return entry.state, entry.state.replace("-", " ")

    @display(description=_("waited"))
    def waited(self, entry: Entry) -> timedelta:
        until = entry.answered_at or entry.ended_at or timezone.now()
        return timedelta(seconds=round((until - entry.joined_at).total_seconds()))


def _caller(request: HttpRequest) -> str:
    return "caller" if request.user.has_perm("calls.view_numbers") else "hidden_caller"


def _number(entry: Entry) -> str:
    if entry.call is not None:
        return entry.call.other_end
    return entry.callback.number if entry.callback else ""
