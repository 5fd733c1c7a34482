"""The form of a contact: what it says, and how it begins."""

import pytest

from contacts import actions
from contacts.details import Block
from contacts.forms import contact_form
from contacts.states import How
from tests.agents.factories import user
from tests.contacts.factories import AT, contact, external_id, system

pytestmark = pytest.mark.django_db


def test_a_form_begins_with_what_is_known_and_says_it_again():
    crm = system()
    row = contact("Caller 1", attributes={"plan": "gold"}, blocked_at=AT, blocked_because="Prank calls")
    external_id(row, crm, "7")
    actions.set_calls(row.pk, True, by=user(), how=How.SAID, at=AT)

    begins = contact_form()(instance=row).initial

    assert begins["written_numbers"] == "+14155550123"
    assert begins["written_attributes"] == "plan: gold"
    assert (begins["is_blocked"], begins["do_not_call"], begins["seen"], begins[f"id_{crm.pk}"]) == (True, True, 1, "7")


def test_lines_become_numbers_and_attributes():
    crm = system()
    form = contact_form()(
        {
            "name": "Caller 1",
            "written_numbers": "(415) 555-0123 (mobile)\n\n+49 30 901820",
            "written_attributes": "Plan: gold\nsince: 2020: spring\n",
            f"id_{crm.pk}": "7; 8",
            "is_blocked": "on",
            "blocked_because": "Prank calls",
        }
    )

    assert form.is_valid(), form.errors
    said = form.said()
    assert said.numbers == (("(415) 555-0123", "mobile"), ("+49 30 901820", ""))
    assert said.attributes == {"plan": "gold", "since": "2020: spring"}
    assert said.ids == (("CRM", "7"), ("CRM", "8"))
    assert said.block == Block(True, "Prank calls", None)


def test_what_is_wrong_stands_at_its_field():
    crm = system()
    external_id(contact("Caller 2"), crm, "7")
    form = contact_form()(
        {"written_numbers": "12", "written_attributes": "two words: x", f"id_{crm.pk}": "7", "seen": "9"},
    )

    assert not form.is_valid()
    assert set(form.errors) == {"written_numbers", "written_attributes", f"id_{crm.pk}", "__all__"}
