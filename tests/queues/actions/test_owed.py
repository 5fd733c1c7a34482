"""Callbacks that did not come about, in the hands of people."""

from datetime import timedelta

import pytest

from agents.models import User
from queues.actions import callbacks, owed
from queues.models import Callback
from queues.states import CallbackState, EntryState
from tests.agents import factories as people
from tests.calls.factories import AT
from tests.queues.rows import ask, line, place

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


def expired(**fields):
    callback = ask(line(**fields), aged_from=AT - timedelta(minutes=5))
    callbacks.sweep(at=LATER)
    callback.refresh_from_db()
    return callback


def test_one_person_looks_after_it():
    callback, ann, ben = expired(), people.user(), people.user()

    owed.claim(callback.pk, by=ann, at=LATER)
    owed.claim(callback.pk, by=ann, at=LATER)
    with pytest.raises(owed.Taken):
        owed.claim(callback.pk, by=ben, at=LATER)

    callback.refresh_from_db()
    assert callback.owner == ann


def test_who_looks_after_it_says_that_it_is_done():
    callback, ann = expired(), people.user()

    owed.finish(callback.pk, by=ann, at=LATER)

    callback.refresh_from_db()
    assert (callback.state, callback.owner) == (CallbackState.DONE, ann)


def test_called_again_it_is_in_line_again_as_old_as_it_was():
    callback, ann = expired(), people.user()

    owed.call_again(callback.pk, by=ann, at=LATER)

    callback.refresh_from_db()
    assert (callback.state, callback.tries, callback.ended_at) == (CallbackState.WAITING, 0, None)
    assert callback.expires_at == LATER + timedelta(hours=24)
    assert place(callback).aged_from == AT - timedelta(minutes=5)
    assert callback.entries.filter(state=EntryState.FAILED).count() == 1


def test_it_is_not_called_again_where_the_person_has_asked_anew():
    callback, ann = expired(), people.user()
    ask(callback.queue, at=LATER)

    with pytest.raises(callbacks.AlreadyAsked):
        owed.call_again(callback.pk, by=ann, at=LATER)

    callback.refresh_from_db()
    assert callback.state == CallbackState.EXPIRED


@pytest.mark.parametrize("do", [owed.claim, owed.finish, owed.call_again])
def test_of_what_still_waits_nobody_has_to_look_after(do):
    callback = ask(line())

    with pytest.raises(callbacks.NotNow):
        do(callback.pk, by=people.user(), at=AT)


def test_the_supervisors_of_its_queue_are_told_once():
    callback = expired(team=people.team(supervisors=[people.user(email="sue@example.com")]))

    assert owed.claim_telling(callback.pk, at=LATER)
    assert not owed.claim_telling(callback.pk, at=LATER)
    assert owed.claim_telling(callback.pk, at=LATER + timedelta(minutes=3))  # whoever claimed it has died
    owed.note_told(callback.pk, at=LATER)
    assert not owed.claim_telling(callback.pk, at=LATER + timedelta(hours=1))


def test_nobody_is_told_where_nobody_supervises():
    callback = expired()

    assert not User.objects.exclude(email="").exists()
    assert not owed.claim_telling(callback.pk, at=LATER)


def test_a_late_supervisor_is_not_told_of_old_ones():
    callback = expired(team=people.team(supervisors=[people.user(email="sue@example.com")]))

    assert not Callback.objects.untold(at=LATER + timedelta(days=2)).filter(pk=callback.pk).exists()
