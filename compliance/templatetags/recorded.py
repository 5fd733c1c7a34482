"""What is recorded where, for the pages of queues, flows and lines."""

from typing import Any

from django import template

from compliance.models import Policy
from compliance.policies import Facts
from compliance.reading import possible_policies
from compliance.sentences import described

register = template.Library()


@register.inclusion_tag("admin/compliance/recorded_here.html", takes_context=True)
def recorded_in_queue(context: dict[str, Any], queue: int | None) -> dict[str, Any]:
    """Tell which policies may count for the calls of a queue."""
    return _told(context, possible_policies(Facts(queue=queue, direction="")) if queue else [])


@register.inclusion_tag("admin/compliance/recorded_here.html", takes_context=True)
def recorded_on_the_way(context: dict[str, Any], flow: int | None, number: str = "") -> dict[str, Any]:
    """Tell which policies may count for calls in a flow, or on a number, as long as they are in no queue."""
    known = Facts(number, flow, direction="")
    return _told(context, possible_policies(known, with_queues=False), hints_at_queues=True)


def _told(context: dict[str, Any], policies: list[Policy], **more: bool) -> dict[str, Any]:
    return {
        "policies": [(policy, described(policy)) for policy in policies],
        "perms": context.get("perms"),
        **more,
    }
