"""News from below."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from calls.models import Call
from calls.signals import call_ended
from ivr import actions
from ivr.models import Line


@receiver(call_ended)
def close_visit(call: Call, at: Any, **_: Any) -> None:
    actions.end_visit(call, at=at)


@receiver([post_save, post_delete], sender=Line)
def remember_emergencies(**_: Any) -> None:
    transaction.on_commit(actions.remember_emergencies)
