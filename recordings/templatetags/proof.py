"""What of a call is not on its recordings, for the page of the call, which lies below."""

from typing import Any

from django import template
from django.utils import timezone

from calls.models import Call
from recordings.gaps import recorders_of, report
from recordings.proof import NEEDED, is_about, never
from recordings.words import because

register = template.Library()


@register.inclusion_tag("admin/recordings/not_recorded.html", takes_context=True)
def not_recorded(context: dict[str, Any], call: Call) -> dict[str, Any]:
    """Draw the section for those who may read the ledger; nothing where there was nothing to record or to ask."""
    user = context["request"].user
    if not user.has_perms(NEEDED) or not is_about(call):
        return {}
    lines = report(call, at=timezone.now())
    return {
        "call": call,
        "lines": [
            (line.title, [(one, one.since - line.whole.since, because(one.reasons)) for one in line.stretches])
            for line in lines
        ],
        "never": never(call, recorders_of(call)) if lines else [],
    }
