"""How long, wherever a recording is shown."""

from typing import Any

from django import template

from compliance import holds
from compliance.endings import RulesNow
from compliance.rules_in_words import KINDS
from recordings import keeping
from recordings.models import Recording

register = template.Library()


@register.inclusion_tag("recordings/keeping.html", takes_context=True)
def recording_keeping(context: dict[str, Any], recording: Recording) -> dict[str, Any]:
    """Tell when each part of a recording goes and by which rule, and which legal holds keep it."""
    parts = [(KINDS[kind], ending) for kind, ending in keeping.parts(recording, RulesNow.read())]
    may = context["request"].user.has_perm
    return {
        "recording": recording,
        "parts": parts,
        "holds": holds.covering(recording.call_id) if recording.call_id else [],
        "may_see_hold": may("compliance.view_hold"),
        "may_hold": may("compliance.add_hold") and recording.call_id is not None,
        "may_delete": may("recordings.delete_recording") and bool(parts),
        "csrf_token": context.get("csrf_token"),
    }
