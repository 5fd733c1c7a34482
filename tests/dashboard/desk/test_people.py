"""Who calls, as an agent sees it: one contact or several, flags in words, and pages elsewhere."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.roles import AGENT
from conferences.room import Phase
from conferences.states import LegState
from contacts.actions import opt_out
from contacts.models import Choice
from contacts.states import Channel, How
from dashboard.desk.people import people
from dashboard.desk.viewer import Viewer
from tests.agents.factories import agent as make_agent
from tests.agents.factories import user
from tests.contacts.factories import AT, CALLER, contact, external_id, system
from tests.dashboard.desk.factories import conversation, panel, press, said

pytestmark = pytest.mark.django_db
TEMPLATE = "https://crm.example.com/people/{id}?n={number}"


@pytest.fixture
def viewer(ann):
    return Viewer(ann, ann.user, timezone.now())


def test_a_known_caller_is_told_with_flags_and_pages_in_two_statements(viewer, django_assert_num_queries):
    one = contact("Caller 1", is_vip=True, blocked_at=AT, blocked_because="Threats", attributes={"plan": "gold"})
    external_id(one, system("CRM", url_template=TEMPLATE, embeds=True), "A/7")
    external_id(one, system("Shop", url_template="https://shop.example.com/{id}"), "9")
    external_id(one, system("Odd", url_template="javascript:alert(1)"), "9")
    external_id(one, system("Mute"), "9")
    opt_out(CALLER, Channel.CALLS, how=How.SAID, at=AT)
    viewer.user.has_perm("contacts.view_contact")  # permissions are read once

    with django_assert_num_queries(2):
        found = people(viewer, CALLER)

    assert (found.first.name, found.first.flags) == ("Caller 1", ("VIP", "blocked", "wants no calls from us"))
    assert (found.first.why_blocked, found.first.attributes, found.is_open) == ("Threats", {"plan": "gold"}, False)
    assert found.framed.address == "https://crm.example.com/people/A%2F7?n=%2B14155550123"
    assert [(page.system, page.address) for page in found.linked] == [("Shop", "https://shop.example.com/9")]


def test_of_several_nobody_counts_until_somebody_is_chosen(viewer):
    first, second = contact("Caller 1"), contact("Caller 2", at=AT + timedelta(days=1))
    external_id(first, system("CRM", url_template=TEMPLATE, embeds=True), "1")

    found = people(viewer, CALLER)
    assert (found.is_open, found.framed, found.linked, found.may_choose) == (True, None, (), True)

    Choice.objects.create(number=CALLER, contact=second, at=AT)
    found = people(viewer, CALLER)
    assert (found.is_open, found.first.name, found.framed) == (False, "Caller 2", None)


def test_nobody_is_known_without_a_number_or_without_the_permission(viewer, django_assert_num_queries):
    contact("Caller 1")
    stranger = make_agent("Bo", account=user(username="bo"))

    assert people(viewer, "anonymous") is None
    assert people(Viewer(stranger, stranger.user, timezone.now()), CALLER) is None


def test_the_ring_tells_who_it_is_before_it_is_answered(desk, ann):
    conversation(ann, leg=LegState.RINGING, phase=Phase.OPENING)
    one = contact("Caller 1", is_vip=True)
    external_id(one, system("CRM", url_template=TEMPLATE, embeds=True), "7")
    external_id(one, system("Shop", url_template="https://shop.example.com/{id}"), "9")

    text = panel(desk, "talk")

    assert "Caller 1, VIP. Press A to answer." in text
    assert 'data-frame="https://crm.example.com/people/7?n=%2B14155550123"' in text
    assert 'data-pop="https://shop.example.com/9"' in text
    assert 'rel="noopener noreferrer" href="https://shop.example.com/9"' in text
    assert "Open in Shop" in text


def test_an_agent_chooses_among_several_and_it_is_remembered(desk, ann):
    conference, *_rest = conversation(ann, leg=LegState.JOINED)
    contact("Caller 1")
    second = contact("Caller 2", at=AT + timedelta(days=1))
    assert "2 contacts have this number. Who is it?" in panel(desk, "talk")

    answer = press(desk, "choose-contact", on="panel-talk", conference=conference.pk, contact=second.pk)

    assert answer.status_code == 200
    assert said(answer)["text"] == "Remembered: this contact calls from that number."
    assert Choice.objects.get(number=CALLER).contact == second
    assert Choice.objects.get().by == ann.user
    text = answer.content.decode()
    assert "Who is it?" not in text
    assert "Somebody else with this number?" in text


def test_a_contact_of_another_number_or_conversation_is_not_chosen(desk, ann):
    conference, *_rest = conversation(ann, leg=LegState.JOINED)
    other = contact("Caller 1", "+4930901820")

    wrong = press(desk, "choose-contact", conference=conference.pk, contact=other.pk)
    stranger = press(desk, "choose-contact", conference=other.pk, contact=other.pk)

    assert (wrong.status_code, stranger.status_code) == (409, 409)
    assert not Choice.objects.exists()


def test_who_may_not_choose_is_told_so(client):
    account = user(AGENT, username="bo")
    bo = make_agent("Bo", account=account)
    conference, *_rest = conversation(bo, leg=LegState.JOINED)
    group = account.groups.get()
    group.permissions.remove(group.permissions.get(codename="choose_contact"))
    client.force_login(account)
    one = contact("Caller 1")

    answer = press(client, "choose-contact", conference=conference.pk, contact=one.pk)

    assert (answer.status_code, said(answer)["text"]) == (409, "You may see contacts, not choose among them.")
