from datetime import timedelta

import pytest
from django.db import IntegrityError

from compliance import holds
from compliance.actions.holds import NotActive, claim_telling, lift, place, review, would_cover
from compliance.models import AccessEntry, Hold
from compliance.states import Access
from tests.agents.factories import user
from tests.calls.factories import AT
from tests.compliance.keepers import CALLER, conversation, delete_by_sql, make_hold

pytestmark = pytest.mark.django_db


def new_hold(**fields):
    by = user()
    defaults = {"name": "Case", "reason": "Asked for", "owner": by, "review_at": AT.date(), "caller": CALLER}
    return Hold(**(defaults | fields)), by


def test_placing_and_lifting_stand_in_the_log_of_access_with_the_reason():
    hold, by = new_hold()

    place(hold, by=by, address="192.0.2.1", at=AT)
    lift(hold.pk, because="Settled", by=by, address=None, at=AT + timedelta(days=1))

    logged = [(entry.action, entry.subject_id, entry.reason, entry.who) for entry in AccessEntry.objects.order_by("id")]
    assert logged == [
        (Access.HELD, str(hold.pk), "Asked for", by.username),
        (Access.RELEASED, str(hold.pk), "Settled", by.username),
    ]
    hold.refresh_from_db()
    assert (hold.placed_by, hold.lifted_by, hold.lifted_because) == (by, by, "Settled")


def test_what_a_hold_would_cover_is_counted_and_nothing_is_placed():
    talk = conversation()
    hold, by = new_hold()

    covered = would_cover(hold, by=by, at=AT)

    assert covered == holds.Covered(calls=2, recordings=1, texts=0)
    assert not Hold.objects.exists()
    assert holds.covering(talk.customer.pk) == []
    assert place(hold, by=by, address=None, at=AT).pk == hold.pk


def test_a_hold_that_names_nothing_is_none():
    hold, by = new_hold(caller="")

    with pytest.raises(IntegrityError, match="hold_covers_something"):
        place(hold, by=by, address=None, at=AT)


def test_a_hold_is_lifted_once():
    hold, by = make_hold(), user()
    lift(hold.pk, because="Settled", by=by, address=None, at=AT)

    with pytest.raises(NotActive):
        lift(hold.pk, because="Again", by=by, address=None, at=AT)
    with pytest.raises(NotActive):
        review(hold.pk, again_at=AT.date(), by=by, address=None, at=AT)


def test_a_lifted_hold_binds_no_more():
    talk, hold = conversation(), make_hold()
    lift(hold.pk, because="Settled", by=hold.owner, address=None, at=AT)

    assert delete_by_sql("recordings_transcript", talk.ids()["recordings_transcript"]) == 1


def test_the_owner_is_told_once_of_each_review():
    hold = make_hold(review_at=AT.date())
    early, late = AT - timedelta(days=1), AT + timedelta(days=30)

    claims = [claim_telling(hold.pk, at=moment) for moment in (early, AT, AT)]
    review(hold.pk, again_at=late.date(), by=hold.owner, address=None, at=AT)

    assert claims == [False, True, False]
    assert [claim_telling(hold.pk, at=moment) for moment in (AT, late, late)] == [False, True, False]
