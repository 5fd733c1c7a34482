"""Who looks."""

import pytest
from django.utils import timezone

from dashboard.desk.viewer import Viewer
from tests.agents.factories import agent, user

pytestmark = pytest.mark.django_db


def test_numbers_are_shown_whole_only_to_those_who_may_see_them(ann):
    other = agent("Bo", account=user())

    assert Viewer(ann, ann.user, timezone.now()).show("+14155550123") == "+1 415-555-0123"
    assert "555-0" not in Viewer(other, other.user, timezone.now()).show("+14155550123")
