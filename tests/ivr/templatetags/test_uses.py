"""The panel "Used by" of pages that change and delete things."""

import pytest
from django.template import Context, Template

from ivr.models import Prompt
from tests.ivr import rows

pytestmark = pytest.mark.django_db

PANEL = "{% load uses %}{% used_by thing %}"
COUNT = "{% load uses %}{% uses_of thing as found %}{{ found|length }}"


def render(template, thing):
    return Template(template).render(Context({"thing": thing}))


def test_the_panel_links_to_where_a_thing_is_used():
    flow = rows.simple_flow()

    panel = render(PANEL, Prompt.objects.get())

    assert "Step Greeting in flow Main" in panel
    assert f'href="/admin/ivr/step/{flow.first_id}/change/"' in panel
    assert render(COUNT, Prompt.objects.get()) == "1"


@pytest.mark.parametrize("make", [lambda: None, lambda: Prompt(name="New"), lambda: rows.prompt("Unused")])
def test_there_is_no_panel_for_what_is_used_nowhere(make):
    thing = make()

    assert render(PANEL, thing).strip() == ""
    assert render(COUNT, thing) == "0"
