"""Notes and wrap-up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from queues.models import Disposition, Entry, Handling
from tests.calls.factories import make_call
from tests.dashboard.desk.factories import panel
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


def test_notes_and_what_is_missing_are_shown_in_the_wrap_up(desk, ann):
    now = timezone.now()
    queue = make_queue("Support", members=[ann], disposition_required=True)
    queue.dispositions.add(Disposition.objects.create(name="Solved"))
    entry = Entry.objects.create(queue=queue, call=make_call(), joined_at=now, aged_from=now, state="answered")
    Handling.objects.create(
        entry=entry,
        agent=ann,
        began_at=now,
        ended_at=now,
        wrap_up_until=now + timedelta(seconds=60),
        notes="Wants a <new> bike",
    )

    text = panel(desk, "paperwork")

    assert "Wants a &lt;new&gt; bike" in text
    assert "Choose first what the call came to." in text
    assert "/desk/do/finish" in text
    assert "/desk/do/extend" in text
