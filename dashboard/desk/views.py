"""The desk's page, and its panels one by one."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from agents.models import Agent
from agents.presence import HEARTBEAT
from agents.states import EndpointKind
from dashboard.access import at_desk
from dashboard.desk.buttons import ASKS, DIGITS, HELP, MUTE, PRESSES, RECORDING, UNMUTE
from dashboard.desk.panels import PANELS, draw, topics
from dashboard.desk.viewer import viewer_of
from live.stream import PATH


def _keys() -> list[tuple[str, str]]:
    """Give all shortcuts with what they do; a key with two meanings never has both at a time."""
    buttons = (*PRESSES.values(), MUTE, UNMUTE, *ASKS.values(), DIGITS, HELP, *RECORDING)
    pressed = [(one.key, one.label) for one in buttons]
    told = [
        ("r", _("Be ready")),
        ("a", _("Answer, or rejoin")),
        ("d", _("Decline, or give to the next agent")),
        *pressed,
        ("n", _("Write notes")),
        ("w", _("Done with the wrap-up")),
        ("+", _("More time for the wrap-up")),
        ("?", _("This list")),
    ]
    meanings: dict[str, list[str]] = {}
    for key, text in told:
        meanings.setdefault(key, []).append(text)
    return [(key, " / ".join(texts)) for key, texts in meanings.items()]


@require_safe
@ensure_csrf_cookie
@at_desk
def desk(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Show the whole desk."""
    viewer = viewer_of(request, agent)
    context = {
        "agent": agent,
        "panels": {name: draw(panel, viewer) for name, panel in PANELS.items() if panel.on_page},
        "stream": f"{PATH}?topics={','.join(topics(viewer))}",
        "heartbeat": int(HEARTBEAT.total_seconds()),
        "has_browser_phone": any(one.kind == EndpointKind.BROWSER for one in agent.endpoints_in_order()),
        "simulator": settings.SIMULATOR_URL,
        "keys": _keys(),
    }
    return render(request, "desk/page.html", context)


@require_safe
@at_desk
def panel(request: HttpRequest, agent: Agent, panel: str) -> HttpResponse:
    """Show one panel, as it is now."""
    if panel not in PANELS:
        raise Http404
    return HttpResponse(draw(PANELS[panel], viewer_of(request, agent)))
