"""A press: its fields, and what a page that is out of date is told."""

import pytest
from django.test import RequestFactory
from django.utils import timezone

from dashboard.desk.pressed import Pressed, Refused, fields_of
from dashboard.desk.viewer import Viewer

pytestmark = pytest.mark.django_db


def pressed(agent, **fields):
    return Pressed(Viewer(agent, agent.user, timezone.now()), fields)


def test_fields_come_without_bytes_that_no_database_keeps():
    request = RequestFactory().post("/desk/do/notes", {"notes": "be\0fore"})

    assert fields_of(request) == {"notes": "before"}


@pytest.mark.parametrize("text", ["", "x", "-1", "1" * 10, "\u0661"])
def test_a_number_that_is_none_is_refused(ann, text):
    with pytest.raises(Refused, match="out of date"):
        pressed(ann, choice=text).number("choice")


def test_what_is_not_the_agents_own_is_over(ann):
    asked = pressed(ann, conference="6f4c2d0e-0000-0000-0000-000000000000", handling="x")

    with pytest.raises(Refused, match="That call is over"):
        _ = asked.conference
    with pytest.raises(Refused, match="out of date"):
        _ = asked.handling
