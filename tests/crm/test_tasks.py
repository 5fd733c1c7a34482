import pytest

from crm import tasks
from crm.models import KeptAnswer
from tests.crm.factories import AT, note

pytestmark = pytest.mark.django_db


def test_what_could_not_be_announced_is_numbered_by_the_clock():
    event = note()

    tasks.number.delay()

    event.refresh_from_db()
    assert event.position == 1


def test_answers_that_nobody_asks_for_any_more_are_forgotten():
    KeptAnswer.objects.create(
        credential="key:1", idempotency_key="a", request="x", status=200, content_type="y", at=AT.replace(year=2020)
    )

    tasks.forget_answers.delay()

    assert not KeptAnswer.objects.exists()
