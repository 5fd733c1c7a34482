"""Tests of the page of orders."""

import pytest
from django.urls import reverse
from django.utils import timezone

from outbound.models import Order
from tests.agents import factories as people
from tests.outbound.factories import make_order, order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]
LIST = "admin:outbound_order_changelist"


def logged_in(client, role):
    account = people.user(role, is_staff=True)
    client.force_login(account)
    return account


def test_each_order_says_how_it_stands_and_why_it_was_refused(client, flow, django_assert_max_num_queries):
    now = timezone.now()
    make_order(kind="flow", flow=flow, state="refused", refused_by="do-not-call", made_at=now)
    make_order(kind="flow", flow=flow, state="done", outcome="message", made_at=now, reference="crm-9")
    make_order(agent=people.agent("Ann"), made_at=now)
    logged_in(client, "Administrator")

    with django_assert_max_num_queries(14):
        page = client.get(reverse(LIST)).content.decode()

    for words in ("This person does not want to be called.", "a machine was left the message", "flow Parcels", "Ann"):
        assert words in page
    found = client.get(reverse(LIST), {"q": "crm-9"}).content.decode()
    assert "a machine was left the message" in found
    assert "does not want" not in found


def test_a_supervisor_sees_and_cancels_those_of_the_team(client, flow):
    lead = logged_in(client, "Supervisor")
    mine = order(flow=flow, by=lead, at=timezone.now())
    theirs = order(flow=flow, at=timezone.now())
    page = client.get(reverse(LIST)).content.decode()
    detail = client.get(reverse("admin:outbound_order_change", args=[mine.pk]))

    fields = {"action": "cancel_selected", "_selected_action": [str(mine.pk), str(theirs.pk)]}
    for _ in range(2):
        client.post(reverse(LIST), fields)

    assert str(mine.pk) in page
    assert str(theirs.pk) not in page
    assert detail.status_code == 200
    assert set(Order.objects.values_list("state", flat=True)) == {"canceled", "waiting"}


def test_who_only_reads_cancels_nothing(client, flow):
    logged_in(client, "Auditor")
    made = order(flow=flow, at=timezone.now())

    client.post(reverse(LIST), {"action": "cancel_selected", "_selected_action": [str(made.pk)]})

    made.refresh_from_db()
    assert made.state == "waiting"
