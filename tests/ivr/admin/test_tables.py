"""Each field in a table has a name of its own for those who cannot see its column."""

import re

import pytest
from django.urls import reverse

from agents import roles
from ivr.models import Schedule
from tests.ivr import rows

pytestmark = pytest.mark.django_db

FIELD = re.compile(r'<(?:input|select|textarea)[^>]*name="(?:languages|intervals|exceptions|exits)-\d+-[^>]*>')
NAMED = re.compile(r'aria-label="[^"]+"|type="hidden"|-DELETE"')


@pytest.fixture
def administrator(client):
    client.force_login(rows.person(roles.ADMINISTRATOR))
    return client


def test_every_field_in_a_table_says_its_column(administrator):
    flow, schedule = rows.simple_flow(), Schedule.objects.create(name="Week")
    schedule.intervals.create(weekday=0, opens="09:00", closes="18:00")
    schedule.exceptions.create(date="2027-01-01", name="New Year's Day")
    menu = rows.step(flow, "Choose", "menu")
    menu.exits.create(name="Sales", target=flow.first, is_option=True, keys="1")

    for page in (
        reverse("admin:ivr_flow_settings", args=[flow.pk]),
        reverse("admin:ivr_schedule_change", args=[schedule.pk]),
        reverse("admin:ivr_step_change", args=[menu.pk]),
    ):
        fields = FIELD.findall(administrator.get(page).content.decode())
        assert fields
        assert [field for field in fields if not NAMED.search(field)] == []


def test_an_empty_list_speaks_of_making_something_only_where_that_is_possible(administrator):
    calls = administrator.get(reverse("admin:calls_call_changelist")).content.decode()
    flows = administrator.get(reverse("admin:ivr_flow_changelist")).content.decode()
    searched = administrator.get(reverse("admin:ivr_flow_changelist"), {"q": "no such flow"}).content.decode()

    assert "Calls appear here by themselves." in calls
    assert "Add flow" in flows
    assert "Nothing fits this search" in searched
