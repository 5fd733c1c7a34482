"""The player, wherever a recording is shown."""

from typing import Any

from django import template

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


@register.inclusion_tag("recordings/player.html", takes_context=True)
def player(context: dict[str, Any], recording: Recording) -> dict[str, Any]:
    """Show the player to those who may hear, and to everybody else why there is none."""
    return {
        "recording": recording,
        "may_hear": recording.is_here and recording.may_be_heard_by(context["request"].user),
        "is_here": recording.is_here,
        "words": FAILING if recording.is_failing else WORDS.get(State(recording.state), ""),
    }
