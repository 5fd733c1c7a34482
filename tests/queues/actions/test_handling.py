"""An agent's part after the talk."""

from datetime import timedelta

import pytest

from agents.models import Agent
from agents.states import Activity
from conferences.models import Participant
from conferences.states import Outcome
from queues import actions
from queues.models import Disposition, Handling, Offer
from tests.agents.factories import user
from tests.calls.factories import AT
from tests.queues.factories import go, make_entry, make_queue, member, take

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(seconds=30)


def after_a_talk(*, joins=True, **fields):
    """An agent's part whose talk is over."""
    queue = make_queue(**fields)
    member(queue, "Ann")
    make_entry(queue)
    actions.match(at=AT)
    take(Offer.objects.get(), joins=joins)
    go(Participant.objects.get(agent__isnull=False), Outcome.HUNG_UP)
    return Handling.objects.get()


def activity():
    return Agent.objects.get().activity


def test_the_wrap_up_begins_when_the_agent_is_out():
    handling = after_a_talk(wrap_up_seconds=40)

    assert (handling.ended_at, handling.wrap_up_until, handling.done_at) == (AT, AT + timedelta(seconds=40), None)
    assert activity() == Activity.WRAP_UP


@pytest.mark.parametrize("fields", [{"wrap_up": "none"}, {"wrap_up_seconds": 0}, {"joins": False}])
def test_without_a_wrap_up_or_a_conversation_the_agent_is_free_at_once(fields):
    assert after_a_talk(**fields).done_at == AT
    assert activity() == Activity.IDLE


def test_the_agent_ends_an_optional_wrap_up_at_once():
    handling = after_a_talk()

    actions.finish(handling.pk, at=LATER)
    actions.finish(handling.pk, at=LATER + timedelta(seconds=9))

    handling.refresh_from_db()
    assert (handling.done_at, activity()) == (LATER, Activity.IDLE)


def test_a_required_wrap_up_wants_a_word_or_a_disposition():
    handling = after_a_talk(wrap_up="required")

    with pytest.raises(actions.NotDone):
        actions.finish(handling.pk, at=LATER)
    actions.save_notes(handling.pk, "Rang about an invoice.", at=LATER)
    actions.finish(handling.pk, at=LATER)

    handling.refresh_from_db()
    assert (handling.notes, handling.done_at) == ("Rang about an invoice.", LATER)


def test_a_required_disposition_must_be_one_of_the_queue():
    handling = after_a_talk(disposition_required=True)
    sold, foreign = Disposition.objects.create(name="Sold"), Disposition.objects.create(name="Other")
    handling.entry.queue.dispositions.add(sold)

    with pytest.raises(actions.NotDone):
        actions.finish(handling.pk, at=LATER)
    with pytest.raises(Disposition.DoesNotExist):
        actions.dispose(handling.pk, foreign.pk, at=LATER)
    actions.dispose(handling.pk, sold.pk, at=LATER)
    actions.finish(handling.pk, at=LATER)

    handling.refresh_from_db()
    assert (handling.disposition, handling.done_at) == (sold, LATER)


def test_a_disposition_can_be_taken_back():
    handling = after_a_talk()
    sold = Disposition.objects.create(name="Sold")
    handling.entry.queue.dispositions.add(sold)
    actions.dispose(handling.pk, sold.pk, at=LATER)

    actions.dispose(handling.pk, None, at=LATER)

    handling.refresh_from_db()
    assert handling.disposition is None


def test_a_wrap_up_is_extended_once():
    handling = after_a_talk(wrap_up_seconds=40, wrap_up_extension=20)

    actions.extend(handling.pk, at=LATER)
    with pytest.raises(actions.NotExtendable):
        actions.extend(handling.pk, at=LATER)

    handling.refresh_from_db()
    assert handling.wrap_up_until == Agent.objects.get().wrap_up_until == AT + timedelta(seconds=60)


@pytest.mark.parametrize("fields", [{"wrap_up_extension": 0}, {"wrap_up": "none"}])
def test_what_cannot_be_extended_is_not(fields):
    handling = after_a_talk(**fields)

    with pytest.raises(actions.NotExtendable):
        actions.extend(handling.pk, at=LATER)


def test_time_ends_a_wrap_up_whatever_is_missing():
    handling = after_a_talk(wrap_up="required", wrap_up_seconds=40)

    assert actions.keep_time(at=AT + timedelta(seconds=39)) == 0
    assert actions.keep_time(at=AT + timedelta(seconds=40)) == 1

    handling.refresh_from_db()
    assert handling.done_at is not None
    assert activity() == Activity.IDLE


def test_a_supervisor_ends_a_wrap_up_that_is_stuck():
    handling = after_a_talk(wrap_up="required")

    actions.end_stuck_wrap_up(handling.agent_id, by=user(), at=LATER)

    handling.refresh_from_db()
    assert (handling.done_at, activity()) == (LATER, Activity.IDLE)


def test_who_takes_another_call_is_done_with_the_last():
    handling = after_a_talk()
    actions.finish(handling.pk, at=AT)
    Handling.objects.update(done_at=None)  # as if only the agent's row had been told
    make_entry(handling.entry.queue)
    actions.match(at=AT)

    take(Offer.objects.get(state="ringing"), at=LATER)

    assert list(Handling.objects.order_by("began_at").values_list("done_at", flat=True)) == [LATER, None]
    assert activity() == Activity.TALKING
