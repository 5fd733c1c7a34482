"""The forms of the admin as a panel shows them."""

import pytest
from django.contrib import admin

from agents import roles
from ivr.forms.sheets import sheet
from ivr.models import Step
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(rf):
    request = rf.get("/")
    request.user = rows.person(roles.FLOW_EDITOR)
    return request


def test_a_step_has_its_sections_and_rows(request_):
    menu = rows.step(rows.flow(), "Choose", "menu")

    shown = sheet(request_, admin.site.get_model_admin(Step), menu)

    assert [section.title for section in shown.sections][1:] == [
        "What people hear",
        "How it behaves",
        "Where the call goes next",
    ]
    assert [rows_.prefix for rows_ in shown.rows] == ["exits"]
    assert shown.rows[0].title == "Options"


def test_what_is_wrong_is_counted_and_what_has_changed_is_named(request_, rf):
    step = rows.step(rows.flow(), "The end")
    request_.POST = rf.post("/", {"name": ""}).POST

    wrong = sheet(request_, admin.site.get_model_admin(Step), step, is_bound=True)

    assert not wrong.is_valid()
    assert wrong.wrong >= 1
    assert "Name" in wrong.changed()
