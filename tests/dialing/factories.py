"""Builders of what concerns dialing."""

from datetime import time
from typing import Any

from dialing.models import Attempt, Limits
from dialing.states import Purpose

ALL_DAY: dict[str, Any] = {"opens": time(0), "closes": time(0)}
UNBOUND = ALL_DAY | dict.fromkeys(("number_per_hour", "number_per_day", "attempts", "per_hour", "per_day"))


def set_limits(**changes: Any) -> Limits:
    """Let these limits count; what is not named stays as it is set."""
    limits, _ = Limits.objects.get_or_create(pk=1)
    for name, value in changes.items():
        setattr(limits, name, value)
    limits.save()
    return limits


def attempt(number: str = "+14155550123", **fields: Any) -> Attempt:
    return Attempt.objects.create(number=number, **({"purpose": Purpose.CLICK, "country": "US"} | fields))
