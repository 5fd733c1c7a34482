import pytest

from crm.models import Event
from tests.crm.factories import note

pytestmark = pytest.mark.django_db


def test_only_what_has_its_place_is_told():
    note()

    assert not Event.objects.told().exists()
    assert Event.objects.unnumbered().count() == 1
