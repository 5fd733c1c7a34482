"""How long, on the page of a call."""

from typing import Any

from django import template

from calls.models import Call
from compliance import holds
from compliance.endings import RulesNow
from compliance.models import Scope
from compliance.rules_in_words import KINDS
from compliance.states import Kept

register = template.Library()

INBOUND = "inbound"


@register.inclusion_tag("compliance/keeping.html", takes_context=True)
def call_keeping(context: dict[str, Any], call: Call) -> dict[str, Any]:
    """Tell when a call and its history go and by which rule, and which legal holds keep them."""
    scope = Scope.objects.select_related("queue").filter(call=call).first()
    own = call.to_number if call.direction == INBOUND else call.from_number
    queue = scope.queue if scope else None
    asked: dict[str, Any] = {
        "number": (scope.number if scope else "") or own,
        "queue": queue.pk if queue else None,
        "team": queue.team_id if queue else None,
    }
    rules = RulesNow.read()
    may = context["request"].user.has_perm
    return {
        "call": call,
        "parts": [(KINDS[kind], rules.ending(kind, call.started_at, **asked)) for kind in (Kept.CALL, Kept.EVENT)],
        "holds": holds.covering(call.pk),
        "may_see_hold": may("compliance.view_hold"),
        "may_hold": may("compliance.add_hold"),
    }
