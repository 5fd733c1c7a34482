"""The panel "Try it": a call through the draft, without a telephone. The page holds all; nothing is kept here."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import get_current_timezone_name, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts.models import ContactNumber
from ivr import documents, facts
from ivr.admin.workshop import telling
from ivr.document import Document
from ivr.forms.supposing import SOMEBODY
from ivr.forms.trying import TryingForm
from ivr.kinds.known import KnownCaller
from ivr.kinds.settings import Broken
from ivr.models import Flow, Scenario
from ivr.trial.conditions import (
    Conditions,
    HangUp,
    Input,
    Press,
    Say,
    Speak,
    StaySilent,
    Wait,
    inputs_from_json,
    inputs_to_json,
)
from ivr.trial.reading import addresses, draft, read
from ivr.trial.run import run
from ivr.trial.told import Trial
from ivr.trial.world import World

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin

KEYPAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
#: contacts that are offered to choose from; every other one can be named by its number
MOST_CONTACTS = 50
MOST_INPUTS = 200
MOST_SECONDS = 14_400
UNSURE = 0.3
DRAFT, PUBLISHED = "draft", "published"


@require_http_methods(["GET", "HEAD", "POST"])
def trying(request: HttpRequest, flow: int, *, model_admin: "FlowAdmin") -> HttpResponse:
    """Run the call again from its beginning with what is supposed and done so far, and show all of it."""
    found = get_object_or_404(Flow.objects.select_related("published").defer("published__document"), pk=flow)
    if not model_admin.has_view_permission(request, found):
        raise PermissionDenied
    version = request.POST.get("version", DRAFT) if found.published_id else DRAFT
    try:
        world = read(_document(found, version))
    except Broken as broken:
        return _page(request, model_admin, {"flow": found, "broken": str(broken)})
    before, done = _begin(request, found, world)
    sees_contacts = request.user.has_perm("contacts.view_contact")
    form = TryingForm(
        request.POST if request.method == "POST" else None,
        world=world,
        conditions=before,
        versions=_versions(found),
        known=_known if sees_contacts else None,
    )
    conditions, inputs = before, done
    if form.is_bound and form.is_valid():
        conditions = form.conditions()
        last = run(world, conditions, done, urls=addresses)
        inputs = _after(request, last, done)
    trial = run(world, conditions, inputs, urls=addresses)
    earlier = run(world, conditions, done, urls=addresses) if form.is_bound and len(inputs) > len(done) else None
    context = {
        "flow": found,
        "form": form,
        "in_short": telling.in_short(conditions),
        "conditions": json.dumps(conditions.to_json()),
        "inputs": json.dumps(inputs_to_json(inputs)),
        "contacts": _contacts() if sees_contacts else (),
        "may_save": request.user.has_perm("ivr.add_scenario"),
        **_told(trial, world, telling.known_before(trial, earlier) if earlier else 0),
    }
    return _page(request, model_admin, context)


def _document(flow: Flow, version: str) -> Document:
    if version == PUBLISHED and flow.published_id is not None:
        return documents.frozen(flow.published_id)
    return draft(flow)


def _versions(flow: Flow) -> list[tuple[str, str]]:
    found = [(DRAFT, _("The draft, as it is now"))]
    if flow.published is not None:
        found.append((PUBLISHED, _("What callers meet now: version %(number)s") % {"number": flow.published.number}))
    return found


def _begin(request: HttpRequest, flow: Flow, world: World) -> tuple[Conditions, tuple[Input, ...]]:
    """Give what was supposed and done until now: as the page sends it, of a scenario, or nothing yet."""
    try:
        if request.method == "POST":
            return _kept(json.loads(request.POST.get("conditions", "")), json.loads(request.POST.get("inputs", "")))
        if "scenario" in request.GET:
            rows = Scenario.objects.values_list("conditions", "inputs")
            return _kept(*rows.get(flow=flow, pk=int(request.GET["scenario"])))
    except (Broken, ValueError, Scenario.DoesNotExist):
        pass  # a page of an older program, or a scenario that is gone: begin anew
    ours = [line.address for line in world.lines if line.flow == world.document.flow and line.address.startswith("+")]
    number = next(iter([*ours, *(line.address for line in world.lines if line.address.startswith("+"))]), "")
    at = localtime(now()).replace(second=0, microsecond=0)
    return Conditions(at, number=number, caller=SOMEBODY, zone=get_current_timezone_name()), ()


def _kept(conditions: Any, inputs: Any) -> tuple[Conditions, tuple[Input, ...]]:
    return Conditions.from_json(conditions), inputs_from_json(inputs)[:MOST_INPUTS]


def _known(number: str, at: datetime) -> KnownCaller | None:
    return facts.known(number, at=at)


def _contacts() -> list[tuple[str, str]]:
    rows = ContactNumber.objects.order_by("contact__name", "number").values_list("number", "contact__name")
    return list(rows[:MOST_CONTACTS])


def _after(request: HttpRequest, last: Trial, done: Sequence[Input]) -> tuple[Input, ...]:
    """Give what the caller has done, with what was pressed on the page just now."""
    taken = tuple(done[: last.used])
    did = request.POST.get("do", "")
    if did == "anew":
        return ()
    if did == "back":
        return taken[:-1]
    fresh = _input(request, did)
    if fresh is None:
        return tuple(done)
    return taken if last.ending or len(taken) >= MOST_INPUTS else (*taken, fresh)


def _input(request: HttpRequest, did: str) -> Input | None:
    seconds = request.POST.get("seconds", "")
    number = min(max(int(seconds), 1), MOST_SECONDS) if seconds.isdecimal() else 5
    match did.partition(":"):
        case "press", _, key if key in KEYPAD:
            return Press(key)
        case "silent", *_:
            return StaySilent()
        case "wait", *_:
            return Wait(number)
        case "speak", *_:
            return Speak(number)
        case "speak_and_hang_up", *_:
            return Speak(number, hangs_up=True)
        case "hang_up", *_:
            return HangUp()
    keys = "".join(key for key in request.POST.get("keys", "") if key in KEYPAD)
    words = request.POST.get("words", "").strip()[:500]
    if did in ("", "keys") and keys:
        return Press(keys)
    if did in ("", "words") and words:
        return Say(words, UNSURE if request.POST.get("unsure") else None)
    return None


def _told(trial: Trial, world: World, known: int) -> dict[str, Any]:
    """Give all that the page shows of a trial."""
    rows = list(telling.rows(trial, world, known=known))
    expects = trial.expects
    here = world.document.flow
    exits = dict(expects.keys)
    marks = {stay.step: telling.clock(stay.second) for stay in reversed(trial.stays) if stay.flow == here}
    return {
        "trial": trial,
        "rows": rows,
        "news": [row for row in rows if row is not None and row.is_new],
        "latest": [row for row in rows if row is not None and row.is_new and row.by == "flow" and row.says][-3:],
        "left_out": len(trial.moments) - telling.MOST_ROWS,
        "expects": expects,
        "now": telling.now(expects),
        "end": telling.end(trial.reached, trial),
        "length": telling.clock(trial.seconds),
        "keypad": [(key, exits.get(key, "")) for key in KEYPAD],
        "long_keys": [(keys, exit_) for keys, exit_ in expects.keys if len(keys) > 1],
        "times": telling.times(trial, world),
        "documents": telling.documents(trial.documents),
        "kept": [pair for pair in trial.variables.items() if pair[1]],
        "flow_key": here,
        "picture": json.dumps(
            {
                "steps": list(marks)[::-1],  # the last is where the call stands
                "exits": [[one.step, one.exit] for one in trial.path if one.flow == here],
                "marks": marks,
            }
        ),
    }


def _page(request: HttpRequest, model_admin: "FlowAdmin", context: dict[str, Any]) -> HttpResponse:
    """Give a fragment to a page that asks for one, and a page of its own to a browser that was sent here."""
    inside = "workshop/panels/trying.html"
    if request.headers.get("HX-Request"):
        response: HttpResponse = TemplateResponse(request, inside, context)
    else:
        shared = model_admin.admin_site.each_context(request)
        title = _("Try flow %(flow)s") % {"flow": context["flow"]}
        whole = {**shared, "opts": model_admin.opts, "title": title, "panel": inside, **context}
        response = TemplateResponse(request, "workshop/trying_alone.html", whole)
    patch_vary_headers(response, ["HX-Request"])
    return response
