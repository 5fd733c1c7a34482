"""Who may write raw TwiML into flows, and what of it a change writes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from agents.models import User
from ivr.kinds import KINDS

PERMISSION = "ivr.use_raw_twiml"
REFUSED = _("Raw TwiML is written by those who have the permission “Can use raw TwiML in flows”: ask one of them.")
RAW = frozenset(kind for kind, step in KINDS.items() if step.IS_RAW)


def may_write(user: User | None) -> bool:
    """Tell whether somebody may write raw TwiML. None is whoever works on the server itself."""
    return user is None or user.has_perm(PERMISSION)


def written(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Give the names of steps in which `after` has raw TwiML that `before` has not; both are documents as JSON."""
    known = {step["name"]: step.get("settings", {}) for step in before.get("steps", {}).values() if step["kind"] in RAW}
    return [
        step["name"]
        for step in after.get("steps", {}).values()
        if step["kind"] in RAW and known.get(step["name"]) != step.get("settings", {})
    ]
