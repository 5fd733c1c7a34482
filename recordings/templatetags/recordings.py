"""The player, wherever a recording is shown."""

from typing import Any

from django import template

from recordings.models import Recording
from recordings.states import State

register = template.Library()

WORDS = {
    State.ANNOUNCED: "Still being recorded, or on its way",
    State.READY: "Ready at Twilio, to be fetched",
    State.FAILED: "Could not be fetched",
    State.ABSENT: "There is no sound",
}


@register.inclusion_tag("recordings/player.html", takes_context=True)
def player(context: dict[str, Any], recording: Recording) -> dict[str, Any]:
    """Show the player to those who may hear, and to everybody else why there is none."""
    is_here = recording.state == State.FETCHED
    return {
        "recording": recording,
        "may_hear": is_here and recording.may_be_heard_by(context["request"].user),
        "is_here": is_here,
        "words": WORDS.get(State(recording.state), ""),
    }
