"""The panel of replays: what callers of the past would have met, in figures that open to their calls."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents.models import User
from calls.ends import shown_to, text_shown_to
from calls.models import Call
from ivr.actions import replays
from ivr.drafting.drafts import compile_draft
from ivr.forms.replays import PeriodForm
from ivr.kinds.settings import Broken
from ivr.models import Flow, Replay, ReplayedVisit
from ivr.replay import reading, results, telling, worlds
from ivr.replay.digests import digest
from ivr.replay.sides import sides

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin

EARLIER = 5
PER_PAGE = 50


@require_safe
def show(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show the newest replay of a flow, or `?of=` an older one, and the form for the next."""
    found = _flow(request, flow, model_admin)
    return _panel(request, found, model_admin, form=PeriodForm(initial=_initial()))


@require_safe
def count(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Tell how many calls there are in the period that is being chosen."""
    found = _flow(request, flow, model_admin)
    form = PeriodForm(request.GET)
    number = reading.count(form.chosen(found.pk)) if form.is_valid() else None
    return TemplateResponse(request, "workshop/panels/replay_count.html", {"number": number, "form": form})


@require_POST
def begin(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Begin a replay of the draft as it is now."""
    found = _flow(request, flow, model_admin)
    _may_begin(request, found, model_admin)
    form = PeriodForm(request.POST)
    if form.is_valid():
        by = request.user if isinstance(request.user, User) else None
        try:
            replays.begin(found, form.chosen(found.pk), by=by, at=now())
        except replays.AlreadyRuns:
            form.add_error(None, _("A replay of this flow is under way. Wait for it, or stop it."))
        except Broken as broken:
            form.add_error(None, _("The draft cannot be walked yet: %(why)s") % {"why": broken})
        else:
            form = PeriodForm(initial=_initial())
    return _panel(request, found, model_admin, form=form)


@require_POST
def cancel(request: HttpRequest, flow: int, replay: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Stop a replay; what it has found so far stays to be seen."""
    found = _flow(request, flow, model_admin)
    _may_begin(request, found, model_admin)
    replays.cancel(get_object_or_404(Replay, flow=found, pk=replay).pk, at=now())
    return _panel(request, found, model_admin, form=PeriodForm(initial=_initial()))


@require_safe
def progress(request: HttpRequest, flow: int, replay: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Tell how far a replay is; once it is over, the whole panel comes in place of this."""
    found = _flow(request, flow, model_admin)
    row = get_object_or_404(Replay.objects.defer("document"), flow=found, pk=replay)
    if row.is_open:
        return TemplateResponse(request, "workshop/panels/replay_progress.html", {"flow": found, "running": row})
    response = _panel(request, found, model_admin, form=PeriodForm(initial=_initial()))
    response["HX-Retarget"] = "#panel-replay"
    return response


@require_safe
def calls(request: HttpRequest, flow: int, replay: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """List the calls behind a figure."""
    found, row = _replay(request, flow, replay, model_admin)
    given, is_same = request.GET, bool(request.GET.get("same"))
    rows = results.unmoved(row) if is_same else results.visits(row, given.dict())
    page: Page[Any] = Paginator(rows, PER_PAGE).get_page(given.get("page"))
    show_number = shown_to(request.user)
    listed: list[Call] = [one.call if isinstance(one, ReplayedVisit) else one for one in page.object_list]
    query = given.copy()
    query.pop("page", None)
    context = {
        "flow": found,
        "replay": row,
        "heading": _("Calls that would come to the same place") if is_same else results.heading(row, given.dict()),
        "page": page,
        "query": query.urlencode(),
        "rows": [
            {"call": call, "from": show_number(call.from_number), "to": show_number(call.to_number)} for call in listed
        ],
    }
    return _page(request, model_admin, "replay_calls.html", context)


@require_safe
def call(request: HttpRequest, flow: int, replay: int, call: UUID, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Show one call as it was, and beside it as it would be."""
    found, row = _replay(request, flow, replay, model_admin)
    visit = reading.visit_of(call)
    if visit is None:
        raise Http404
    laid = sides(visit, worlds.world(row.document, row.since, row.until).world)
    context = {
        "flow": found,
        "replay": row,
        "call": call,
        "began": datetime.fromtimestamp(visit.began, UTC),
        "from": shown_to(request.user)(visit.caller),
        **telling.told(laid, show=text_shown_to(request.user)),
    }
    return _page(request, model_admin, "replay_call.html", context)


def _panel(request: HttpRequest, flow: Flow, model_admin: "FlowAdmin", *, form: PeriodForm) -> HttpResponse:
    rows = Replay.objects.filter(flow=flow).order_by("-wanted_at", "-pk").defer("document").select_related("by")
    newest = list(rows[: EARLIER + 1])
    running = next((row for row in newest if row.is_open), None)
    over = [row for row in newest if not row.is_open]
    wanted = request.GET.get("of", "")
    shown = next((row for row in over if str(row.pk) == wanted), over[0] if over else None)
    context: dict[str, Any] = {
        "flow": flow,
        "form": form,
        "running": running,
        "result": results.result(shown) if shown else None,
        "is_of_draft": shown is not None and shown.digest == digest(compile_draft(flow)),
        "earlier": [row for row in over if row != shown],
        "may_begin": request.user.has_perm("ivr.change_flow"),
        "may_see_calls": request.user.has_perm("calls.view_call"),
    }
    return _page(request, model_admin, "replay.html", context)


def _page(request: HttpRequest, model_admin: "FlowAdmin", template: str, context: dict[str, Any]) -> HttpResponse:
    """Give a fragment to a page that asks for one, and a page of its own to a browser that was sent here."""
    inside = f"workshop/panels/{template}"
    if request.headers.get("HX-Request"):
        response: HttpResponse = TemplateResponse(request, inside, context)
    else:
        title = _("Replay for flow %(flow)s") % {"flow": context["flow"]}
        shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}
        response = TemplateResponse(request, "workshop/replay_alone.html", {**shared, "panel": inside, **context})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _initial() -> dict[str, Any]:
    return {"period": "last-week"}


def _flow(request: HttpRequest, flow: int, model_admin: "FlowAdmin") -> Flow:
    found = get_object_or_404(Flow, pk=flow)
    if not model_admin.has_view_permission(request, found):
        raise PermissionDenied
    return found


def _replay(request: HttpRequest, flow: int, replay: int, model_admin: "FlowAdmin") -> tuple[Flow, Replay]:
    """Give a replay to somebody who may see calls."""
    found = _flow(request, flow, model_admin)
    if not request.user.has_perm("calls.view_call"):
        raise PermissionDenied
    return found, get_object_or_404(Replay, flow=found, pk=replay)


def _may_begin(request: HttpRequest, flow: Flow, model_admin: "FlowAdmin") -> None:
    if not model_admin.has_change_permission(request, flow):
        raise PermissionDenied


def urls(page: Any) -> list[Any]:
    """Give the addresses of the panel; `page` makes one of an address, a view and a name."""
    one = "<int:flow>/replay/<int:replay>/"
    return [
        page("<int:flow>/replay/", show, "ivr_flow_replay"),
        page("<int:flow>/replay/count/", count, "ivr_flow_replay_count"),
        page("<int:flow>/replay/begin/", begin, "ivr_flow_replay_begin"),
        page(f"{one}cancel/", cancel, "ivr_flow_replay_cancel"),
        page(f"{one}progress/", progress, "ivr_flow_replay_progress"),
        page(f"{one}calls/", calls, "ivr_flow_replay_calls"),
        page(f"{one}calls/<uuid:call>/", call, "ivr_flow_replay_call"),
    ]
