import pytest

from crm import tasks
from tests.crm.factories import note

pytestmark = pytest.mark.django_db


def test_what_could_not_be_announced_is_numbered_by_the_clock():
    event = note()

    tasks.number.delay()

    event.refresh_from_db()
    assert event.position == 1
