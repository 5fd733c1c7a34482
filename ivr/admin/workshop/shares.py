"""How the ways of a share of calls compare: a fragment beside the step's form, and a page of its own."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import get_current_timezone, localdate, make_aware
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ivr import fairness, shares
from ivr.kinds.share import Share
from ivr.models import Step
from ivr.shares import Way

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin

DAYS, MOST_DAYS = 28, 366
#: what is compared, and what callers do then
MEASURES = {
    "person": (_("Reached a person"), "reach a person"),
    "mailbox": (_("Left a message"), "leave a message"),
    "gave_up": (_("Gave up"), "give up"),
}


class DaysForm(forms.Form):
    """Which days, and what is compared."""

    since = forms.DateField(
        label=_("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "cc-input"})
    )
    until = forms.DateField(
        label=_("To"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "cc-input"})
    )
    compare = forms.ChoiceField(
        label=_("Compare"),
        choices=[(name, label) for name, (label, _does) in MEASURES.items()],
        widget=forms.Select(attrs={"class": "cc-input"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and not timedelta(0) <= until - since <= timedelta(days=MOST_DAYS):
            self.add_error("until", _("Choose a day from the first on, at most a year later."))
        return cleaned


class Row(NamedTuple):
    """A way with the range of what is compared, of 100 callers."""

    way: Way
    share: str
    low: int
    middle: int
    high: int


@require_safe
def share(request: HttpRequest, flow: int, step: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show of each way how many calls took it and how they ended, and how sure it is that one is better."""
    found = get_object_or_404(Step.objects.select_related("flow"), pk=step, flow=flow, kind=Share.KIND)
    if not model_admin.has_view_permission(request, found.flow):
        raise PermissionDenied
    today = localdate()
    usual = {"since": today - timedelta(days=DAYS - 1), "until": today, "compare": "person"}
    form = DaysForm(request.GET if "since" in request.GET else usual)
    context: dict[str, Any] = {"flow": found.flow, "step": found, "form": form}
    if form.is_valid():
        context |= _figures(found, **form.cleaned_data)
    template = "workshop/panels/share.html"
    if request.headers.get("HX-Request"):
        response = TemplateResponse(request, template, context)
    else:
        shared = model_admin.admin_site.each_context(request)
        page = {"title": found.name, "opts": model_admin.opts, "panel": template}
        response = TemplateResponse(request, "workshop/panels/share_page.html", {**shared, **page, **context})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _figures(step: Step, *, since: date, until: date, compare: str) -> dict[str, Any]:
    begin, end = _midnight(since), _midnight(until + timedelta(days=1))
    told = shares.ways(step.pk, since=begin, until=end)
    options = {row.name: row.words for row in step.exits.filter(is_option=True).order_by("position", "pk")}
    ways = [told.get(name, Way(name)) for name in (*options, *sorted(told.keys() - options.keys()))]
    parts = [fairness.Part(way.exit, getattr(way, compare), way.calls) for way in ways]
    rows = [Row(way, options.get(way.exit, ""), *_percents(part)) for way, part in zip(ways, parts, strict=True)]
    label, does = MEASURES[compare]
    return {
        "rows": rows,
        "measure": label,
        "sentences": fairness.sentences(parts, does),
        "calls": sum(way.calls for way in ways),
        "live": sum(way.live for way in ways),
        "versions": step.flow.versions.filter(published_at__gte=begin, published_at__lt=end).count(),
    }


def _percents(part: fairness.Part) -> tuple[int, int, int]:
    low, high = fairness.interval(part)
    return round(100 * low), round(100 * part.share), round(100 * high)


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(0)), get_current_timezone())
