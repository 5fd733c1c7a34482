"""What the page tells of itself: that it lives, and how its phone does; and the token that makes it a phone."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agents import actions as agents
from agents.models import Agent
from agents.states import Microphone
from conferences import actions as conferences
from conferences.models import Participant
from dashboard.access import at_desk
from telephony.tokens import NoKey, voice_token

MOST_WARNINGS = 20


@require_POST
@at_desk
def heartbeat(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Note that this desk is open, what the browser allows, and whether its phone is connected."""
    microphone = request.POST.get("microphone", "")
    if microphone not in set(Microphone):
        return HttpResponseBadRequest("microphone")
    registered = request.POST.get("registered") == "yes"
    agents.heartbeat(agent.pk, microphone=microphone, phone_registered=registered, at=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_POST
@at_desk
def token(_request: HttpRequest, agent: Agent) -> HttpResponse:
    """Give the token with which this page's phone may be rung; it may ring nobody."""
    at = timezone.now()
    try:
        made = voice_token(agent.identity, at=at)
    except NoKey:
        return JsonResponse({"error": "The browser phone is not set up on this server."}, status=503)
    return JsonResponse({"token": made.jwt, "seconds": int((made.expires_at - at).total_seconds())})


@require_POST
@at_desk
def quality(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Note which warnings the phone shows now, for the leg that the agent is in."""
    leg = Participant.objects.live().filter(agent=agent).first()
    if leg is not None:
        warnings = request.POST.getlist("warning")[:MOST_WARNINGS]
        conferences.note_quality(leg.pk, [warning[:40] for warning in warnings], at=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
