"""The calls, to find and to read. They are Twilio's to make and to end: nothing here changes them."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.formats import date_format, get_format
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import display

from calls import timeline
from calls.ends import hidden, shown_to, text_shown_to
from calls.models import Call, EventKind
from calls.states import FINAL, Status
from calls.templatetags.calls import spelled
from telephony import numbers

STATUS_COLORS: dict[str, str] = {
    Status.QUEUED: "info",
    Status.INITIATED: "info",
    Status.RINGING: "info",
    Status.IN_PROGRESS: "info",
    Status.COMPLETED: "success",
    Status.BUSY: "warning",
    Status.NO_ANSWER: "warning",
    Status.CANCELED: "warning",
    Status.FAILED: "danger",
}

TONES = {"info": "plain", "success": "good", "warning": "warning", "danger": "bad"}
DIRECTIONS = {
    "inbound": _("came in"),
    "outbound-dial": _("rung by a call"),
    "outbound-api": _("made by us"),
}


class StatusFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("live", _("live")), *((status.value, status.value.replace("-", " ")) for status in Status)]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call]:
        match self.value():
            case None:
                return queryset
            case "live":
                return queryset.exclude(status__in=FINAL)
            case status:
                return queryset.filter(status=status)


class DirectionFilter(admin.SimpleListFilter):
    """Without a choice, and without a search, the legs that calls have rung are left to the pages of those calls."""

    title = _("direction")
    parameter_name = "direction"

    def __init__(self, request: HttpRequest, *rest: Any) -> None:
        super().__init__(request, *rest)
        self.is_search = bool(request.GET.get("q"))

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [*DIRECTIONS.items(), ("any", _("all, with each leg"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call]:
        match self.value():
            case None if not self.is_search:
                return queryset.filter(parent__isnull=True)
            case None | "any":
                return queryset
            case direction:
                return queryset.filter(direction=direction)


class DayFilter(RangeDateFilter):
    """From the first day to the last, both whole, in the time zone of the screens."""

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first, last = (self._day(end) for end in ("from", "to"))
        if first:
            queryset = queryset.filter(**{f"{self.field_path}__gte": first})
        return queryset.filter(**{f"{self.field_path}__lt": last + timedelta(days=1)}) if last else queryset

    def _day(self, end: str) -> datetime | None:
        written = str(self.used_parameters.get(f"{self.parameter_name}_{end}", ""))
        try:
            return make_aware(datetime.strptime(written, get_format("DATE_INPUT_FORMATS")[0]))  # noqa: DTZ007
        except ValueError:
            return None


@admin.register(Call)
class CallAdmin(ModelAdmin):
    list_filter = (
        StatusFilter,
        DirectionFilter,
        ("started_at", DayFilter),
        ("visit__version__flow", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("visit__version__flow",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("sid",)
    search_help_text = _("A number, written in any way, or a part of it; or a CallSid.")
    ordering = ("-started_at",)
    actions = None
    change_form_template = "admin/calls/call/change_form.html"

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        ends = (
            ("caller", "called") if request.user.has_perm("calls.view_numbers") else ("hidden_caller", "hidden_called")
        )
        return ("began", *ends, "shown_status", "length", "way", "flow")

    @display(description=_("began"), ordering="started_at")
    def began(self, call: Call) -> str:
        return date_format(localtime(call.started_at), "j M Y, H:i:s")

    @display(description=_("caller"), ordering="from_number")
    def caller(self, call: Call) -> str:
        return numbers.show(call.from_number)

    @display(description=_("called"), ordering="to_number")
    def called(self, call: Call) -> str:
        return numbers.show(call.to_number)

    @display(description=_("caller"))
    def hidden_caller(self, call: Call) -> str:
        return hidden(call.from_number)

    @display(description=_("called"))
    def hidden_called(self, call: Call) -> str:
        return hidden(call.to_number)

    @display(description=_("status"), ordering="status", label=STATUS_COLORS)
    def shown_status(self, call: Call) -> tuple[str, str]:
        return call.status, call.status.replace("-", " ") or "?"

    @display(description=_("length"), ordering="seconds")
    def length(self, call: Call) -> str:
        return spelled(call.duration)

    @display(description=_("direction"), ordering="direction")
    def way(self, call: Call) -> Any:
        return DIRECTIONS.get(call.direction, call.direction)

    @display(description=_("flow"))
    def flow(self, call: Call) -> str:
        """Flows lie above calls: only the name of the reverse relation is known here."""
        visit = getattr(call, "visit", None)
        return str(visit.version.flow) if visit else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        rows: QuerySet[Call] = super().get_queryset(request)
        return rows.defer("visit__answer", "visit__position", "visit__version__document")

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Call], search_term: str
    ) -> tuple[QuerySet[Call], bool]:
        """Find by a number however it is written, or by a CallSid."""
        text = search_term.strip()
        if not text:
            return queryset, False
        if re.fullmatch(r"CA[0-9a-fA-F]+", text):
            return queryset.filter(sid__startswith=text), False
        if any(character.isdigit() for character in text):
            return queryset.numbered(text), False  # type: ignore[attr-defined]  # it is our own class
        return queryset.filter(Q(from_number__icontains=text) | Q(to_number__icontains=text)), False

    def change_view(
        self, request: HttpRequest, object_id: str, _form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Tell the story of a call. There is no form: nothing of it can be changed."""
        call = self.get_object(request, object_id)
        if not self.has_view_permission(request, call):
            raise PermissionDenied
        if call is None:
            missing: HttpResponseBase = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return missing
        return TemplateResponse(
            request,
            self.change_form_template,
            {**self.admin_site.each_context(request), **(extra_context or {}), **self._story(request, call)},
        )

    def _story(self, request: HttpRequest, call: Call) -> dict[str, Any]:
        show = shown_to(request.user)
        events = list(call.events.order_by("id"))
        told = timeline.chapters(call, events, show=show, show_text=text_shown_to(request.user))
        began: dict[str, Any] = next((event.data for event in events if event.kind == EventKind.BEGAN), {})
        legs = list(call.legs.order_by("started_at"))
        return {
            "opts": self.opts,
            "original": call,
            "title": show(call.from_number),
            "call": call,
            "began": began,
            "from": show(call.from_number),
            "to": show(call.to_number),
            "direction": DIRECTIONS.get(call.direction, call.direction),
            "forwarded_from": show(call.forwarded_from) if call.forwarded_from else "",
            "tone": TONES[STATUS_COLORS.get(call.status, "info")],
            "waited": _waited(call),
            "parent_from": show(call.parent.from_number) if call.parent else "",
            "chapters": told,
            "way": timeline.way(told),
            "legs": [
                {"call": leg, "to": show(leg.to_number), "tone": TONES[STATUS_COLORS.get(leg.status, "info")]}
                for leg in legs
            ],
        }

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _call: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _call: Any = None) -> bool:
        return False


def _waited(call: Call) -> timedelta | None:
    """Tell how long a call rang; nothing where nobody knows, as where the first request already answers."""
    if call.answered_at is None or call.answered_at - call.started_at < timedelta(seconds=1):
        return None
    return call.answered_at - call.started_at
