"""The board's page, and its panels one by one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from agents.models import Team
from dashboard.access import may
from dashboard.board.panels import PANELS, TOPICS, draw
from dashboard.board.viewer import viewer_of
from live.stream import PATH

WATCH_BOARD = "agents.watch_board"
KEYS = (
    ("1", "Go to the queues"),
    ("2", "Go to who waits"),
    ("3", "Go to the conversations"),
    ("4", "Go to the agents"),
    ("?", "This list"),
)


@require_safe
@ensure_csrf_cookie
@may(WATCH_BOARD)
def board(request: HttpRequest) -> HttpResponse:
    """Show the whole board, for a desk or from afar."""
    viewer = viewer_of(request)
    context = {
        "viewer": viewer,
        "panels": {name: draw(panel, viewer) for name, panel in PANELS.items() if panel.on_page},
        "keys": KEYS,
        "stream": f"{PATH}?topics={','.join(TOPICS)}",
        "teams": []
        if viewer.user.has_perm("agents.see_every_team")
        else list(Team.objects.supervised_by(viewer.user).order_by("name")),
        "sees_every_team": viewer.user.has_perm("agents.see_every_team"),
    }
    return render(request, "board/page.html", context)


@require_safe
@may(WATCH_BOARD)
def panel(request: HttpRequest, panel: str) -> HttpResponse:
    """Show one panel, as it is now."""
    if panel not in PANELS:
        raise Http404
    return HttpResponse(draw(PANELS[panel], viewer_of(request)))
