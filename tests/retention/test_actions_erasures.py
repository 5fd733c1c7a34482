"""An erasure is asked for, seen, confirmed or dropped, and has one worker at a time."""

from datetime import timedelta

import pytest

from contacts import actions as contacts
from contacts.details import Details
from contacts.states import How
from recordings.models import Recording
from retention.actions import erasures
from retention.states import ErasureState
from retention.things import Thing
from tests.agents.factories import user
from tests.calls.factories import AT
from tests.retention import people
from tests.retention.erasures import asked, goes_on, states
from tests.retention.people import ANN, BEN

pytestmark = pytest.mark.django_db


def test_before_somebody_has_seen_what_was_found_and_typed_the_number_nothing_goes(account, clock):
    people.customer(account)
    before = account.sids

    erasure = asked(clock)
    goes_on(erasure, clock)

    assert erasure.state == ErasureState.FOUND
    assert {kind: erasure.items.filter(kind=kind).count() for kind in (Thing.CALL, Thing.RECORDING)} == {
        Thing.CALL: 1,
        Thing.RECORDING: 1,
    }
    assert account.sids == before
    with pytest.raises(erasures.OtherNumber):
        erasures.confirm(erasure, typed=BEN, by=user(), address=None, at=AT)
    assert Recording.objects.kept().count() == 1


@pytest.mark.parametrize("typed", ["+1 (415) 555-0123", "415 555 0123", "0014155550123"[2:]])
def test_the_number_is_known_in_any_spelling(account, clock, typed):
    people.customer(account)

    erasure = asked(clock, typed)

    assert states(erasure, Thing.CALL) == ["found"]
    with pytest.raises(erasures.AlreadyAsked):
        erasures.ask(ANN, reason="again", by=user(), address=None, at=AT)


@pytest.mark.parametrize("typed", ["", "anonymous", "Ann", "client:ann", "12"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(erasures.NoNumber):
        erasures.ask(typed, reason="-", by=user(), address=None, at=AT)


def test_an_erasure_that_was_dropped_erases_nothing_and_forgets_the_number(account, clock):
    people.customer(account)
    erasure = asked(clock)

    erasures.drop(erasure, by=user(), address=None, at=AT)
    goes_on(erasure, clock)

    erasure.refresh_from_db()
    assert (erasure.state, erasure.number, erasure.items.count()) == (ErasureState.DROPPED, "", 0)
    assert Recording.objects.kept().count() == 1
    with pytest.raises(erasures.NotNow):
        erasures.confirm(erasure, typed=ANN, by=user(), address=None, at=AT)


def test_a_contact_without_a_number_cannot_be_looked_for(account, clock):
    made = contacts.create(Details(name="Caller 1"), how=How.SAID, at=AT)

    with pytest.raises(erasures.NoNumber):
        erasures.ask_for_contact(made.pk, reason="x", by=user(), address=None, at=AT)


def test_a_reason_with_the_number_is_kept_without_it(account, clock):
    erasure = erasures.ask(ANN, reason=f"asked by {ANN}", by=user(), address=None, at=AT)

    assert erasure.reason == "asked by +1415****123"


def test_a_second_worker_leaves_an_erasure_alone_that_one_has(account, clock):
    erasure = asked(clock)
    erasures.confirm(erasure, typed=ANN, by=user(), address=None, at=clock(timedelta(0)))
    first = erasures.claim(erasure.pk, at=clock(timedelta(0)))

    assert erasures.claim(erasure.pk, at=clock(timedelta(0))) is None
    assert erasures.claim(erasure.pk, at=clock(erasures.LEASE)) is not None
    assert not erasures.renew(first, at=clock(timedelta(0)))
