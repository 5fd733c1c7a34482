"""Closing at once, from one page that fits a phone; and who has closed when."""

from typing import Any
from uuid import uuid4

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from agents.admin.accounts import person
from ivr.actions import closing
from ivr.forms.closing import CloseForm, Until, shown
from ivr.hours import attention, outlook
from ivr.hours.timetables import timetables
from ivr.models import Closure, ClosureEvent, Schedule

REASONS = (
    gettext_lazy("Fire drill"),
    gettext_lazy("Power cut"),
    gettext_lazy("Telephones out of order"),
    gettext_lazy("Staff meeting"),
    gettext_lazy("Nobody is here"),
    gettext_lazy("Storm"),
)
MAY_CLOSE = "ivr.close_now"


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Show what is closed at once, close, move the end, and open again."""
    if not request.user.has_perm(MAY_CLOSE):
        raise PermissionDenied
    match request.POST.get("do"):
        case "open":
            return _open(request)
        case "move":
            return _move(request)
    at = now()
    read = timetables(list(Schedule.objects.values_list("pk", flat=True)), since=at)
    sent = request.POST if request.method == "POST" else None
    form = CloseForm(sent, read=read, at=at, initial=_initial(request))
    if form.is_valid() and _close(request, form):
        return HttpResponseRedirect(reverse("close"))
    context = {
        **admin.site.each_context(request),
        "title": _("Close now"),
        "form": form,
        "reasons": REASONS,
        "nothing_to_close": not read,
        "closures": lasting(request),
        "has_error": bool(form.errors),
    }
    return TemplateResponse(request, "admin/ivr/close.html", context, status=400 if form.errors else 200)


def lasting(request: HttpRequest) -> list[dict[str, Any]]:
    """Give what is closed at once now, each with the form that moves its end, for who may open it."""
    may, at = request.user.has_perm(MAY_CLOSE), now()
    found = []
    for closure in attention.closures(person(request), at=at):
        names = sorted(schedule.name for schedule in closure.schedules.all())
        found.append({"closure": closure, "names": ", ".join(names), "may_open": may})
    return found


def _initial(request: HttpRequest) -> dict[str, Any]:
    schedule = request.GET.get("schedule", "")
    chosen: dict[str, Any] = {"which": "some", "schedules": [schedule]} if schedule.isdecimal() else {}
    return {"key": uuid4(), "until": "hour", **chosen}


def _close(request: HttpRequest, form: CloseForm) -> bool:
    cleaned, at = form.cleaned_data, now()
    try:
        closure = closing.close(
            cleaned["keys"],
            key=cleaned["key"],
            by=person(request),
            reason=cleaned["reason"],
            until=cleaned["moment"],
            message=cleaned["message"],
            language=cleaned["language"] if cleaned["message"] else "",
            prompt=cleaned["prompt"],
            at=at,
        )
    except closing.NotClosed as reason:
        form.add_error(None, str(reason))
        return False
    names = ", ".join(closure.schedules.order_by("name").values_list("name", flat=True))
    messages.success(request, _("Closed: %(names)s. %(end)s") % {"names": names, "end": _end(closure)})
    others = Closure.objects.lasting(at=at).filter(schedules__in=closure.schedules.all()).exclude(pk=closure.pk)
    for other in others.distinct().select_related("began_by"):
        words = {"who": other.began_by or _("Somebody"), "reason": other.reason, "end": _end(other)}
        told = _("%(who)s has closed here too (%(reason)s). %(end)s It is open when both are over.")
        messages.info(request, told % words)
    return True


def _open(request: HttpRequest) -> HttpResponse:
    closure, at = get_object_or_404(Closure, pk=_pk(request)), now()
    if closing.open_again(closure, by=person(request), at=at):
        read = timetables(list(closure.schedules.values_list("pk", flat=True)), since=at)
        for table in read.values():
            messages.success(request, f"{table.name}: {outlook.hours(table.week, at)}.")
    else:
        messages.info(request, _("It was open again already: somebody else opened it, or its time was over."))
    return HttpResponseRedirect(reverse("close"))


def _move(request: HttpRequest) -> HttpResponse:
    closure, at = get_object_or_404(Closure, pk=_pk(request)), now()
    read = timetables(list(closure.schedules.values_list("pk", flat=True)), since=at)
    form = Until(request.POST, read=read, at=at)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return HttpResponseRedirect(reverse("close"))
    try:
        moved = closing.move(closure, until=form.cleaned_data["moment"], by=person(request), at=at)
    except closing.NotClosed as reason:
        messages.error(request, str(reason))
        return HttpResponseRedirect(reverse("close"))
    if moved:
        closure.ends_at = form.cleaned_data["moment"]
        messages.success(request, f"{closure.reason}: {_end(closure)}")
    else:
        messages.info(request, _("It was open again already: somebody else opened it, or its time was over."))
    return HttpResponseRedirect(reverse("close"))


def _pk(request: HttpRequest) -> int:
    key = request.POST.get("closure", "")
    return int(key) if key.isdecimal() else 0


def _end(closure: Closure) -> str:
    if closure.ends_at is None:
        return _("It stays closed until somebody opens it; you are reminded.")
    return _("It opens by itself: %(moment)s.") % {"moment": shown(closure.ends_at)}


class EventInline(TabularInline):
    model = ClosureEvent
    verbose_name_plural = gettext_lazy("What was done")
    fields = readonly_fields = ("at", "what", "by", "ends_at")
    ordering = ("at", "pk")
    extra = 0
    can_delete = False
    hide_title = True

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClosureEvent]:
        rows: QuerySet[ClosureEvent] = super().get_queryset(request)
        return rows.select_related("by")


@admin.register(Closure)
class ClosureAdmin(ModelAdmin):
    """Who closed what, when, and how it ended. Nobody edits it."""

    list_display = ("reason", "what", "began_at", "began_by", "ends_at", "ended")
    list_select_related = ("began_by", "opened_by")
    list_filter = ("schedules",)
    search_fields = ("reason",)
    ordering = ("-began_at", "-pk")
    date_hierarchy = "began_at"
    inlines = (EventInline,)
    fields = readonly_fields = (
        *("reason", "what", "began_at", "began_by", "ends_at", "opened_at", "opened_by"),
        *("message", "language", "prompt"),
    )
    actions = None

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Closure]:
        rows: QuerySet[Closure] = super().get_queryset(request)
        return rows.prefetch_related("schedules")

    @display(description=gettext_lazy("closed"))
    def what(self, closure: Closure) -> str:
        return ", ".join(sorted(schedule.name for schedule in closure.schedules.all()))

    @display(description=gettext_lazy("how it ended"), label={"lasts": "warning"})
    def ended(self, closure: Closure) -> Any:
        if closure.lasts(now()):
            return ("lasts", _("still closed"))
        if closure.opened_at is None:
            return _("opened by itself")
        return _("opened by %(who)s, %(when)s") % {
            "who": closure.opened_by or _("somebody"),
            "when": shown(closure.opened_at),
        }
