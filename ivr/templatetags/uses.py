"""Where a thing is used, for the pages that change and delete it."""

from typing import Any

from django import template
from django.db.models import Model

from ivr.drafting.uses import Use, uses

register = template.Library()


@register.inclusion_tag("admin/ivr/used_by.html")
def used_by(thing: Model | None) -> dict[str, Any]:
    """Draw the panel "Used by" of `thing`; nothing for what cannot be used."""
    return {"uses": _uses(thing)}


@register.simple_tag
def uses_of(thing: Model | None) -> list[Use]:
    """Give the uses of `thing` to a template that draws them itself."""
    return _uses(thing)


def _uses(thing: Model | None) -> list[Use]:
    return uses(thing) if thing is not None and thing.pk else []
