"""An old version may name what was deleted since; it is not published again."""

import pytest

from conferences.models import Room
from ivr import actions
from ivr.drafting.drafts import compile_draft
from ivr.models import Audio, Flow, Schedule, Wording
from queues.models import Queue
from recordings.models import Mailbox
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def republish(flow):
    """Publish the flow once more without what its first version needs."""
    flow.steps.update(schedule=None, mailbox=None, queue=None, room=None, kind="hang_up", settings={})
    for step in flow.steps.all():
        step.exits.all().delete()
        step.prompts.all().delete()
        step.wait_items.all().delete()
    return rows.publish(flow)


@pytest.mark.parametrize(
    ("make", "model", "words"),
    [
        (rows.hours_flow, Schedule, "Step “Open?” needs opening hours that were deleted."),
        (rows.voicemail_flow, Mailbox, "Step “Message” needs a mailbox that was deleted."),
        (rows.queue_flow, Queue, "Step “Line” needs a queue that was deleted."),
        (rows.room_flow, Room, "Step “Meeting” needs a conference room that was deleted."),
    ],
)
def test_a_version_that_needs_what_was_deleted_is_not_restored(make, model, words):
    thing = model.objects.create(name="It", **({"host_pin": "4711"} if model is Room else {}))
    flow = rows.publish(make("Main", thing))
    first = flow.published
    republish(flow)
    thing.delete()

    with pytest.raises(actions.HasErrors, match=words.replace("?", r"\?")):
        actions.restore(first, by=None, note="", at=rows.AT)


def test_a_version_that_plays_a_deleted_sound_is_not_restored():
    flow = rows.simple_flow()
    sound = Audio.objects.create(sha256="ab" * 32, name="Tune", seconds=1, uploaded_at=rows.AT)
    Wording.objects.update(text="", audio=sound)
    first = rows.publish(flow).published
    Wording.objects.update(text="Hello.", audio=None)
    rows.publish(flow)
    sound.delete()

    with pytest.raises(actions.HasErrors, match="Prompt “Hello” plays a sound that was deleted"):
        actions.restore(first, by=None, note="", at=rows.AT)


def test_what_is_there_is_no_problem():
    flow = rows.hours_flow("Main", Schedule.objects.create(name="Week"))

    first = rows.publish(flow).published
    Flow.objects.update(name="Other")
    rows.publish(flow)

    assert actions.restore(first, by=None, note="", at=rows.AT).number == 3


def test_what_keeps_callers_waiting_is_told_when_the_flow_is_published():
    queue = Queue.objects.create(name="Sales")

    found = actions.check(compile_draft(rows.queue_flow("Main", queue)), at=rows.AT)

    assert [(row.code, row.severity) for row in found] == [("nobody_takes", "warning")]
