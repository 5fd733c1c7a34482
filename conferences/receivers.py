"""News from below."""

from typing import Any

from django.dispatch import receiver

from calls.models import Call
from calls.signals import call_ended
from conferences.actions import observing


@receiver(call_ended)
def leave(call: Call, at: Any, **_: Any) -> None:
    observing.leg_ended(call, at=at)
