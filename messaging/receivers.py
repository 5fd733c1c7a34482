"""News from below."""

from typing import Any

from django.dispatch import receiver

from calls.models import Call
from calls.signals import call_ended
from messaging.actions.rows import afterwards

LATER = 15  # seconds


@receiver(call_ended)
def look_at(call: Call, **_: Any) -> None:
    """Let a worker see whether a text takes the place of a call. It waits, for queues and mailboxes hear of it too."""
    if call.parent_id is None:
        afterwards("look_at_call", call.pk, countdown=LATER)
