import pytest
from django.urls import reverse

from agents import roles
from compliance.states import Kept
from tests.agents.factories import team, user
from tests.calls.factories import make_call
from tests.compliance.keepers import conversation, make_hold, make_queue, make_rule

pytestmark = pytest.mark.django_db


def page(client, call, role=roles.COMPLIANCE_OFFICER) -> str:
    client.force_login(user(role))
    return client.get(reverse("admin:calls_call_change", args=[call.pk])).content.decode()


def test_the_page_of_a_call_tells_when_it_goes_and_by_which_rule(client):
    sales = make_queue(name="Sales", team=team("North"))
    talk = conversation(queue=sales)
    make_rule(Kept.CALL, 365)
    make_rule(Kept.CALL, 730, queue=sales)
    make_rule(Kept.EVENT, 30, team=sales.team)

    shown = page(client, talk.customer)

    assert "Calls of the queue Sales go after 730 days." in shown
    assert "Histories of calls of the team North go after 30 days." in shown
    assert "1 April 2026" in shown


def test_without_a_rule_it_says_that_it_is_kept(client):
    assert "No rule: kept until somebody deletes it." in page(client, make_call())


def test_our_number_is_that_of_the_call_where_nothing_else_says_it(client):
    make_rule(Kept.CALL, 10, number="+15005550100")

    assert "Calls of the number +1 500-555-0100 go after 10 days." in page(client, make_call())


def test_a_hold_is_named_to_who_may_see_it_and_told_of_to_others(client):
    talk, hold = conversation(), make_hold(name="Court 7")

    officer, supervisor = page(client, talk.leg), page(client, talk.leg, roles.SUPERVISOR)

    assert reverse("admin:compliance_hold_change", args=[hold.pk]) in officer
    assert f"?call={talk.leg.pk}" in officer
    assert "Court 7" not in supervisor
    assert "Nothing of it is deleted until it is lifted." in supervisor
    assert "Place a legal hold" not in supervisor
