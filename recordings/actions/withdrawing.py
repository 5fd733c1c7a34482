"""Deleting what was recorded by a policy that says so, once somebody takes back their consent.

What is not wanted any more is marked at once, and deleted as soon as Twilio has stopped recording it. The mark lies
with the recorder: whatever dies in between, the sweep finds it there.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from compliance.holds import Held, HeldBy
from compliance.models import Consent
from compliance.states import Answer, Withdrawal
from recordings.actions.deleting import delete_recording
from recordings.actions.recorders.rows import later
from recordings.models import Recorder

logger = logging.getLogger(__name__)

WHY = "a withdrawal of consent"  # what deleted it, in the words of who looks for it


def heed(consent: Consent, *, at: datetime) -> None:
    """Mark what was recorded of this call by this policy, where consent is taken back and the policy has it deleted."""
    if consent.answer != Answer.WITHDRAWN or consent.policy.withdrawal != Withdrawal.DELETE:
        return
    marked = Recorder.objects.filter(customer=consent.call_id, policy=consent.policy_id, unwanted_at__isnull=True)
    with transaction.atomic():
        recorders = list(marked.order_by("pk").values_list("pk", flat=True))
        marked.update(unwanted_at=at)
        for recorder in recorders:
            later("delete_unwanted", recorder)


def delete_unwanted(recorder_id: UUID, *, at: datetime) -> bool:
    """Delete what a recorder has recorded that is not wanted any more; False where it is not time yet, or held."""
    recorder = Recorder.objects.unwanted().select_related("recording").filter(pk=recorder_id).first()
    if recorder is None or recorder.recording is None:
        return False
    try:
        delete_recording(recorder.recording, why=WHY, by=None, at=at)
    except Held as held:
        logger.warning("Recording %s stays, though its consent was taken back: %s", recorder.recording.sid, held)
        return False
    return True


def left_unwanted() -> list[UUID]:
    """Give the recorders whose recording is still to be deleted, and that no legal hold keeps."""
    rows = Recorder.objects.unwanted().annotate(hold=HeldBy("customer")).filter(hold__isnull=True)
    return list(rows.order_by("unwanted_at").values_list("pk", flat=True)[:500])
