from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from recordings import actions
from recordings.models import ShareLink
from tests.calls.factories import AT
from tests.recordings.factories import make_stored, make_user
from tests.recordings.listening import logged

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("lasts", [timedelta(0), -HOUR, timedelta(days=30, seconds=1)])
def test_a_link_lasts_a_moment_at_least_and_thirty_days_at_most(lasts: timedelta) -> None:
    with pytest.raises(actions.TooLong):
        actions.share(make_stored(), by=make_user("sue"), reason="Why", lasts=lasts, address=None, at=AT)

    assert not ShareLink.objects.exists()
    assert logged() == []


def test_a_link_is_open_until_it_runs_out_or_is_taken_back() -> None:
    sue, recording = make_user("sue"), make_stored()
    link = actions.share(recording, by=sue, reason="Why", lasts=HOUR, address="192.0.2.7", at=AT)

    assert set(ShareLink.objects.open(at=AT + HOUR / 2)) == {link}
    assert not ShareLink.objects.open(at=AT + HOUR).exists()
    assert actions.unshare(link, by=sue, address="192.0.2.7", at=AT + HOUR / 2)
    assert not ShareLink.objects.open(at=AT + HOUR / 2).exists()
    assert logged("action", "who", "address") == [("shared", "sue", "192.0.2.7"), ("unshared", "sue", "192.0.2.7")]
    assert {detail["link"] for detail in logged("detail")} == {str(link.pk)}


@pytest.mark.parametrize("late", [HOUR, timedelta(0)])
def test_what_does_not_work_any_more_is_not_taken_back(late: timedelta) -> None:
    sue = make_user("sue")
    link = actions.share(make_stored(), by=sue, reason="Why", lasts=HOUR, address=None, at=AT)
    if not late:
        actions.unshare(link, by=sue, address=None, at=AT)

    assert actions.unshare(link, by=make_user("bob"), address=None, at=AT + late) is False
    assert len(logged()) == (1 if late else 2)


def test_the_database_knows_no_link_that_ends_before_it_begins() -> None:
    with pytest.raises(IntegrityError, match="share_expires"), transaction.atomic():
        ShareLink.objects.create(recording=make_stored(), by=make_user("sue"), reason="Why", at=AT, expires_at=AT)
