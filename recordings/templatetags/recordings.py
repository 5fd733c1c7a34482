"""The player, wherever a recording is shown, and how moments and voices of it are written."""

from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from compliance import words
from recordings import rights
from recordings.forms import ReasonForm
from recordings.models import Recording
from recordings.states import State

register = template.Library()

WORDS = {
    State.ANNOUNCED: "Still being recorded, or on its way",
    State.READY: "Ready at Twilio, to be fetched",
    State.FETCHED: "Fetched, and not yet in our storage",
    State.VERIFIED: "Fetched, and not yet in our storage",
    State.ABSENT: "There is no sound",
    State.DELETED: "The sound was deleted",
}

FAILING = "Could not be fetched yet"
UNSURE = 0.6  # below this a provider is not sure of what it heard


@register.inclusion_tag("recordings/player.html", takes_context=True)
def player(context: dict[str, Any], recording: Recording) -> dict[str, Any]:
    """Show the player to those who may hear, the form to those who must say why, and to everybody else why not."""
    request = context["request"]
    hearing = rights.hearing(request.user, recording, at=timezone.now())
    return {
        "recording": recording,
        "standing": hearing.standing.value,
        "is_here": recording.is_here,
        "words": absence(recording),
        "form": ReasonForm(auto_id=f"id_%s_{recording.pk.hex[:8]}"),
        "next": request.get_full_path(),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


def absence(recording: Recording) -> str:
    """Say why there is no sound."""
    return FAILING if recording.is_failing else WORDS.get(State(recording.state), "")


@register.filter
def clock(seconds: float | None) -> str:
    """Write a moment of a sound: 0:07, 12:30, 1:02:03."""
    return "" if seconds is None else words.clock(int(seconds))


@register.filter
def unsure(confidence: float | None) -> bool:
    """Tell whether what was written down may be wrong."""
    return confidence is not None and confidence < UNSURE


@register.filter
def options(field: BoundField) -> SafeString:
    """Write the options of a field, in a tenth of the time of a loop in a template: there may be a thousand agents."""
    chosen = str(field.value() or "")
    choices: Any = getattr(field.field, "choices", ())
    rows = ((value, SafeString(" selected") if str(value) == chosen else "", text) for value, text in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)
