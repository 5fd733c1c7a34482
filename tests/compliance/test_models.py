import pytest

from compliance.models import AccessEntry
from tests.compliance.factories import log

pytestmark = pytest.mark.django_db


def test_an_entry_as_the_chain_sees_it_is_the_same_once_it_was_stored() -> None:
    made = log(3)

    assert AccessEntry.objects.get().link == made.link


def test_an_entry_that_nobody_can_have_logged_has_no_content() -> None:
    made = log(3)
    made.detail = {"n": 0.5}

    assert made.link.content == ""
