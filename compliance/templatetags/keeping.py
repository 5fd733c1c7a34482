"""How long, on the page of a call."""

from typing import Any

from django import template

from calls.models import Call
from compliance import holds
from compliance.endings import Ending, RulesNow
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
    queue, number = (scope.queue, scope.number or own) if scope else (None, own)
    rules = RulesNow.read()

    def ending(kind: Kept) -> Ending:
        queue_id, team_id = (queue.pk, queue.team_id) if queue else (None, None)
        return rules.ending(kind, call.started_at, number=number, queue=queue_id, team=team_id)

    may = context["request"].user.has_perm
    return {
        "call": call,
        "parts": [(KINDS[kind], ending(kind)) for kind in (Kept.CALL, Kept.EVENT)],
        "holds": holds.covering(call.pk),
        "may_see_hold": may("compliance.view_hold"),
        "may_hold": may("compliance.add_hold"),
    }
