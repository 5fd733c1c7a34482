"""Agents from a file and into a file. Of a file nothing is saved before its preview was confirmed."""

from base64 import b64encode
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents import actions
from agents.admin.accounts import person
from agents.exchange import plan, sheet
from agents.exchange.plan import Plan
from agents.models import Agent
from sheets import intake, table
from sheets.intake import FileForm

if TYPE_CHECKING:
    from agents.admin.people import AgentAdmin

# A file makes log-ins, teams and skills.
NEEDED = ("add_agent", "change_agent", "add_user", "change_user", "add_team", "add_skill")


def take_in(request: HttpRequest, *, model_admin: "AgentAdmin") -> HttpResponse:
    """Ask for a file, show what it would change, and change it on confirmation."""
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    content = intake.content_of(request, form)
    try:
        if content is not None:
            read = sheet.read(content, country=settings.DEFAULT_COUNTRY)
            if "fingerprint" in request.POST and (done := _save(request, read, model_admin)):
                return done
            context |= {"plan": plan.of(read, by=person(request)), "content": b64encode(content).decode()}
    except table.Unreadable as why:
        messages.error(request, str(why))
    return _page(request, model_admin, context)


def give_out(agents: Iterable[Agent]) -> HttpResponse:
    return intake.download(plan.export(agents), name="agents")


def _save(request: HttpRequest, read: sheet.Sheet, model_admin: "AgentAdmin") -> HttpResponse | None:
    try:
        done = actions.import_agents(
            read, fingerprint=request.POST["fingerprint"], by=person(request), at=timezone.now()
        )
    except actions.HasProblems:
        return None
    except actions.Different:
        messages.warning(request, _("Something has changed meanwhile. Nothing was saved: look again and confirm."))
        return None
    _log(request, done, model_admin)
    count = len(done.effective)
    messages.success(request, ngettext("%d agent was saved.", "%d agents were saved.", count) % count)
    return HttpResponseRedirect(reverse("admin:agents_agent_changelist"))


def _log(request: HttpRequest, done: Plan, model_admin: "AgentAdmin") -> None:
    """Leave in each agent's history who imported what."""
    names = [change.row.username for change in done.effective]
    agents = Agent.objects.filter(user__username__in=names).select_related("user")
    saved = {agent.user.username: agent for agent in agents}
    for change in done.effective:
        log = model_admin.log_addition if change.what == "added" else model_admin.log_change
        log(request, saved[change.row.username], "; ".join(("From a file", *change.lines)))


def _page(request: HttpRequest, model_admin: "AgentAdmin", context: dict[str, Any]) -> HttpResponse:
    context |= {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.model._meta,
        "title": _("Import agents from a file"),
    }
    return TemplateResponse(request, "admin/agents/import.html", context)
