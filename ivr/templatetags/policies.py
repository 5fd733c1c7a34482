"""What lines and flows know of policies of recording, for their page, which lies below."""

from django import template

from compliance.models import Policy
from ivr.coverage import addresses, gaps

register = template.Library()


@register.inclusion_tag("admin/ivr/our_numbers.html")
def our_numbers() -> dict[str, list[tuple[str, str]]]:
    """Offer the addresses of our lines to the field that names one."""
    return {"addresses": addresses()}


@register.simple_tag
def gaps_of(policy: Policy) -> list[str]:
    return list(gaps(policy))
