"""Legal holds: placed after a look at what they cover, reviewed, and lifted with a reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from calls.ends import shown_to
from compliance import holds
from compliance.actions import holds as actions
from compliance.models import Hold
from compliance.origin import address_of
from retention.admin.page import Page, person, written
from retention.forms import HoldForm, LiftForm, ReviewForm

COLORS = {"active": "warning", "due": "danger", "lifted": "info"}


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("active", _("active")), ("due", _("to be reviewed")), ("lifted", _("lifted"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Hold]) -> QuerySet[Hold]:
        match self.value():
            case "active":
                return queryset.filter(lifted_at__isnull=True)
            case "due":
                return queryset.filter(lifted_at__isnull=True, review_at__lte=timezone.localdate())
            case "lifted":
                return queryset.filter(lifted_at__isnull=False)
        return queryset


@admin.register(Hold)
class HoldAdmin(Page):
    list_filter = (StateFilter, "owner")
    list_select_related = ("owner", "queue", "call")
    list_per_page = 50
    ordering = ("lifted_at", "-placed_at")
    search_fields = ("name", "reason")

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        show = shown_to(request.user)

        @display(description=gettext_lazy("covers"))
        def covers(hold: Hold) -> str:
            return covers_in_words(hold, show)

        return ("name", covers, "owner", "review", "state", "placed")

    @display(description=gettext_lazy("review on"), ordering="review_at")
    def review(self, hold: Hold) -> Any:
        return hold.review_at if hold.lifted_at is None else "-"

    @display(description=gettext_lazy("state"), label=COLORS)
    def state(self, hold: Hold) -> tuple[str, str]:
        state = state_of(hold)
        return state, _("to be reviewed") if state == "due" else _(state)

    @display(description=gettext_lazy("placed"), ordering="placed_at")
    def placed(self, hold: Hold) -> str:
        return written(hold.placed_at)

    def get_urls(self) -> list[URLPattern]:
        def of_row(view: Callable[..., HttpResponseBase], verb: str) -> URLPattern:
            return path(f"<uuid:hold>/{verb}/", self.admin_site.admin_view(view), name=f"compliance_hold_{verb}")

        return [of_row(self.lift_view, "lift"), of_row(self.review_view, "review"), *super().get_urls()]

    def add_view(self, request: HttpRequest, *_rest: Any, **_more: Any) -> HttpResponseBase:
        """Ask what is to be held, show how much that is, and place the hold on confirmation."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        at, by = timezone.now(), person(request)
        first = {"owner": by.pk, **{name: request.GET.get(name, "") for name in ("caller", "number", "queue", "call")}}
        form = HoldForm(request.POST or None, initial=first)
        covered, is_valid = None, request.method == "POST" and form.is_valid()
        if is_valid:
            if "confirmed" in request.POST:
                hold = actions.place(form.save(commit=False), by=by, address=address_of(request), at=at)
                messages.success(request, _("The hold is placed. What it covers stays until it is lifted."))
                return HttpResponseRedirect(reverse("admin:compliance_hold_change", args=[hold.pk]))
            covered = actions.would_cover(form.save(commit=False), by=by, at=at)
        call = first["call"] or request.POST.get("call")
        return self.shown(request, "hold_form", _("Place a legal hold"), form=form, covered=covered, of_call=call)

    def change_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_more: Any) -> HttpResponseBase:
        hold = self.the_row(request, object_id)
        show = shown_to(request.user)
        return self.shown(
            request,
            "hold",
            _("Legal hold %(name)s") % {"name": hold.name},
            original=hold,
            hold=hold,
            state=state_of(hold),
            covers=covers_in_words(hold, show),
            covered=holds.covered(hold.pk) if hold.lifted_at is None else None,
            may_lift=hold.lifted_at is None and self.has_lift_permission(request),
            may_review=hold.lifted_at is None and self.has_change_permission(request, hold),
            lift_form=LiftForm(),
            review_form=ReviewForm(),
        )

    def lift_view(self, request: HttpRequest, hold: Any) -> HttpResponseBase:
        return self._press(request, hold, LiftForm(request.POST or None), may=self.has_lift_permission(request))

    def review_view(self, request: HttpRequest, hold: Any) -> HttpResponseBase:
        return self._press(request, hold, ReviewForm(request.POST or None), may=self.has_change_permission(request))

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("compliance.lift_hold"))

    def _press(self, request: HttpRequest, hold: Any, form: Any, *, may: bool) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may:
            raise PermissionDenied
        given: dict[str, Any] = {"by": person(request), "address": address_of(request), "at": timezone.now()}
        if not form.is_valid():
            for errors in form.errors.values():
                messages.error(request, " ".join(errors))
        else:
            try:
                if isinstance(form, LiftForm):
                    actions.lift(hold, because=form.cleaned_data["because"], **given)
                    messages.success(request, _("The hold is lifted. What no other one covers may go by its rules."))
                else:
                    actions.review(hold, again_at=form.cleaned_data["again_at"], **given)
                    messages.success(request, _("Noted. Its owner is told when the day has come."))
            except actions.NotActive:
                messages.warning(request, _("Somebody has lifted it already."))
        return HttpResponseRedirect(reverse("admin:compliance_hold_change", args=[hold]))


def state_of(hold: Hold) -> str:
    if hold.lifted_at is not None:
        return "lifted"
    return "due" if hold.review_at <= timezone.localdate() else "active"


def covers_in_words(hold: Hold, show: Callable[[str], str]) -> str:
    """Say what a hold covers: "calls from and to +1 415 555 0123, in the queue Sales, from March 1, 2026"."""
    named = []
    if hold.call_id is not None:
        named.append(_("one conversation"))
    if hold.caller:
        named.append(_("calls from and to %(number)s") % {"number": show(hold.caller)})
    if hold.number:
        named.append(_("on our number %(number)s") % {"number": show(hold.number)})
    if hold.queue is not None:
        named.append(_("in the queue %(queue)s") % {"queue": hold.queue})
    if hold.since is not None:
        named.append(_("from %(moment)s") % {"moment": written(hold.since)})
    if hold.until is not None:
        named.append(_("until %(moment)s") % {"moment": written(hold.until)})
    return ", ".join(named) or _("what it named is gone")
