"""The figures of a share of calls, beside its step and as a page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from agents import roles
from calls.models import EventKind
from ivr.models import Exit
from tests.calls.factories import AT, make_call, make_event
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def share():
    flow = rows.flow()
    step = rows.step(flow, "Greetings", "share")
    for position, (name, words) in enumerate((("Old", "70 %"), ("New", "30 %"))):
        Exit.objects.create(step=step, name=name, words=words, is_option=True, position=position)
    return step


def page(step, **days):
    address = reverse("admin:ivr_flow_share", args=[step.flow_id, step.pk])
    return f"{address}?since=2026-03-01&until=2026-03-02&compare={days.get('compare', 'person')}"


@pytest.mark.parametrize(("role", "status"), [(roles.FLOW_EDITOR, 200), (roles.AUDITOR, 200), (roles.AGENT, 403)])
def test_who_may_see_the_flow_sees_the_figures(client, role, status):
    step = share()
    client.force_login(rows.person(role))

    panel, whole = client.get(page(step), headers={"HX-Request": "true"}), client.get(page(step))

    assert (panel.status_code, whole.status_code) == (status, status)
    if status == 200:
        assert panel.content.decode().lstrip().startswith(f'<section class="cc-panel" id="share-{step.pk}"')
        assert "<html" in whole.content.decode()
        assert "No call came to this step in these days." in panel.content.decode()


def test_ways_stand_in_the_order_of_the_step_and_what_is_gone_behind_them(client, django_assert_num_queries):
    step = share()
    for number in range(12):
        call = make_call(status="completed", ended_at=AT + timedelta(seconds=40))
        make_event(call, EventKind.LEFT, 10, step=str(step.pk), exit="Gone" if number == 0 else "New")
        make_event(call, EventKind.DIALED, 20, step="9", status="completed", bridged=True)
    client.force_login(rows.person(roles.FLOW_EDITOR))
    client.get(page(step))  # session and permissions of the first

    with django_assert_num_queries(8):
        text = client.get(page(step), headers={"HX-Request": "true"}).content.decode()

    assert text.index(">Old ") < text.index(">New ") < text.index(">Gone ")
    assert "70 %" in text
    assert "not in the draft" in text
    assert '100 <span class="cc-quiet">(74 to 100)' in text
    assert "too few calls to say anything" in text


@pytest.mark.parametrize(
    "days",
    ["since=2026-03-02&until=2026-03-01", "since=2020-01-01&until=2026-03-01", "since=x&until=", "since=&until="],
)
def test_days_that_are_none_are_refused_with_words(client, days):
    step = share()
    client.force_login(rows.person(roles.FLOW_EDITOR))

    text = client.get(f"{page(step).partition('?')[0]}?{days}&compare=person").content.decode()

    assert 'role="alert"' in text
    assert "<table" not in text


def test_only_a_share_of_this_flow_has_figures(client):
    step, other = share(), rows.flow("Other")
    client.force_login(rows.person(roles.FLOW_EDITOR))

    assert client.get(reverse("admin:ivr_flow_share", args=[other.pk, step.pk])).status_code == 404
    assert (
        client.get(reverse("admin:ivr_flow_share", args=[step.flow_id, rows.step(other, "End").pk])).status_code == 404
    )


def test_the_form_of_the_step_leads_to_them(client):
    step = share()
    client.force_login(rows.person(roles.FLOW_EDITOR))

    text = client.get(reverse("admin:ivr_step_change", args=[step.pk])).content.decode()

    assert reverse("admin:ivr_flow_share", args=[step.flow_id, step.pk]) in text


def test_the_tab_of_the_step_asks_for_them(client):
    step = share()
    client.force_login(rows.person(roles.FLOW_EDITOR))

    tab = client.get(f"{reverse('admin:ivr_flow_step', args=[step.flow_id])}?step={step.pk}").content.decode()

    assert f'hx-get="{reverse("admin:ivr_flow_share", args=[step.flow_id, step.pk])}"' in tab
    assert 'hx-target="this"' in tab  # not the panel around it
