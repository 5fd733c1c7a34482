"""The page itself: it shows at once, and fetches picture and panels by their own addresses."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from agents.models import User
from ivr.admin.words import ABOUT
from ivr.admin.workshop import panels
from ivr.drafting import raw
from ivr.kinds import KINDS
from ivr.models import Flow
from live.stream import PATH

if TYPE_CHECKING:
    from ivr.admin.flows import FlowAdmin


def page(request: HttpRequest, flow: Flow, *, model_admin: "FlowAdmin") -> TemplateResponse:
    """Show the workshop of a flow. Which panel and step are open, `?panel=` and `?step=` say."""
    person = request.user if isinstance(request.user, User) else None
    tabs = panels.open_to(request.user)
    wanted = request.GET.get("panel", "")
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": flow.name,
        "subtitle": None,
        "opts": model_admin.opts,
        "flow": flow,
        "original": flow,
        "panels": [{"name": tab.name, "label": tab.label, "address": tab.address(flow.pk)} for tab in tabs],
        "open_panel": wanted if wanted in {tab.name for tab in tabs} else "step",
        "query": request.GET.urlencode(),
        "kinds": [
            (key, kind.LABEL, ABOUT.get(key, ""), raw.REFUSED if key in raw.RAW and not raw.may_write(person) else "")
            for key, kind in KINDS.items()
        ],
        "may_edit": may_edit(request),
        "may_publish": request.user.has_perm("ivr.publish_flow"),
        "picture": reverse("admin:ivr_flow_picture", args=[flow.pk]),
        "edit": reverse("admin:ivr_flow_edit", args=[flow.pk]),
        "presence": reverse("admin:ivr_flow_presence", args=[flow.pk]),
        "stream": f"{PATH}?topics=flow:{flow.pk}",
    }
    return TemplateResponse(request, "workshop/page.html", context)


def may_edit(request: HttpRequest) -> bool:
    """Whether somebody may change a draft: its flow, and add, change and delete its steps."""
    return request.user.has_perms(["ivr.change_flow", "ivr.add_step", "ivr.change_step", "ivr.delete_step"])
