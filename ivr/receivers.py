"""News from below."""

from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver

from calls.models import Call
from calls.signals import call_ended
from conferences.models import Room
from ivr import actions
from ivr.drafting.uses import published_uses
from ivr.models import Audio, Line, Schedule, Source
from queues.models import Queue
from recordings.models import Mailbox, Recording
from recordings.signals import recording_completed


@receiver(call_ended)
def close_visit(call: Call, at: Any, **_: Any) -> None:
    actions.end_visit(call, at=at)


@receiver(recording_completed)
def take_message(recording: Recording, at: Any, **_: Any) -> None:
    actions.take_message(recording, at=at)


@receiver([post_save, post_delete], sender=Line)
def remember_emergencies(**_: Any) -> None:
    transaction.on_commit(actions.remember_emergencies)


@receiver(pre_delete, sender=Audio)
@receiver(pre_delete, sender=Mailbox)
@receiver(pre_delete, sender=Queue)
@receiver(pre_delete, sender=Room)
@receiver(pre_delete, sender=Schedule)
@receiver(pre_delete, sender=Source)
def keep_what_callers_need(instance: Model, **_: Any) -> None:
    """A published document names these by their keys alone, so no foreign key protects them."""
    uses = published_uses(instance)
    if uses:
        raise ProtectedError(f"{instance} is needed by {', '.join(use.text for use in uses)}", {instance})
