import pytest
from django.urls import reverse

from agents import roles
from compliance.models import AccessEntry, Hold
from tests.agents.factories import user
from tests.calls.factories import AT
from tests.compliance.keepers import CALLER, conversation, make_hold, make_queue

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("admin:compliance_hold_changelist"), reverse("admin:compliance_hold_add")


@pytest.fixture
def officer(client):
    made = user(roles.COMPLIANCE_OFFICER)
    client.force_login(made)
    return made


def filled(officer, **fields):
    return {"name": "Court 7", "reason": "A dispute", "owner": officer.pk, "review_at": "2099-01-01"} | fields


def test_a_hold_is_placed_after_a_look_at_what_it_covers(client, officer):
    conversation()
    given = filled(officer, caller="(415) 555-0123")

    preview = client.post(ADD, given).content.decode()
    assert "It would cover 2 calls, 1 recording" in preview
    assert not Hold.objects.exists()
    client.post(ADD, given | {"confirmed": "1"})

    hold = Hold.objects.get()
    assert (hold.caller, hold.placed_by, hold.name) == (CALLER, officer, "Court 7")
    assert AccessEntry.objects.get().address == "127.0.0.1"


def test_a_hold_of_one_conversation_is_placed_from_its_call(client, officer):
    talk = conversation()

    page = client.get(f"{ADD}?call={talk.leg.pk}").content.decode()
    client.post(ADD, filled(officer, call=str(talk.leg.pk), confirmed="1"))

    assert "one conversation" in page
    assert Hold.objects.get().call == talk.leg


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "Say what is held"),
        ({"caller": "Ann"}, "no telephone number"),
        ({"since": "2026-03-02T10:00", "until": "2026-03-02T09:00"}, "before the beginning"),
        ({"caller": CALLER, "review_at": "2001-01-01"}, "This day is over"),
    ],
)
def test_what_makes_no_sense_is_not_placed(client, officer, fields, complaint):
    page = client.post(ADD, filled(officer, confirmed="1", **fields)).content.decode()

    assert complaint in page
    assert not Hold.objects.exists()


def test_the_page_of_a_hold_tells_what_it_covers_and_lifts_it_with_a_reason(client, officer):
    conversation()
    hold = make_hold(queue=make_queue(name="Sales"), caller=CALLER)
    hold_page = reverse("admin:compliance_hold_change", args=[hold.pk])

    page = client.get(hold_page).content.decode()
    client.post(reverse("admin:compliance_hold_lift", args=[hold.pk]), {"because": ""})
    assert Hold.objects.active().exists()
    client.post(reverse("admin:compliance_hold_lift", args=[hold.pk]), {"because": "Settled"})
    again = client.post(reverse("admin:compliance_hold_lift", args=[hold.pk]), {"because": "Settled"}, follow=True)

    assert "Calls from and to +1 415-555-0123, in the queue Sales" in page
    hold.refresh_from_db()
    assert (hold.lifted_by, hold.lifted_because) == (officer, "Settled")
    assert "Somebody has lifted it already" in again.content.decode()
    assert "Lift the hold" not in client.get(hold_page).content.decode()


def test_a_review_is_noted_for_a_day_to_come(client, officer):
    hold = make_hold(review_at=AT.date())
    address = reverse("admin:compliance_hold_review", args=[hold.pk])

    client.post(address, {"again_at": "2001-01-01"})
    client.post(address, {"again_at": "2099-05-01"})

    hold.refresh_from_db()
    assert hold.review_at.isoformat() == "2099-05-01"


def test_an_auditor_reads_holds_with_hidden_numbers_and_presses_nothing(client):
    hold = make_hold()
    client.force_login(user(roles.AUDITOR))

    listed = client.get(LIST).content.decode()
    page = client.get(reverse("admin:compliance_hold_change", args=[hold.pk])).content.decode()

    assert "+1415****123" in listed
    assert CALLER not in listed + page
    assert "Lift the hold" not in page
    assert client.post(reverse("admin:compliance_hold_lift", args=[hold.pk]), {"because": "x"}).status_code == 403
    assert client.get(ADD).status_code == 403


@pytest.mark.parametrize("role", [roles.SUPERVISOR, roles.AGENT, roles.FLOW_EDITOR])
def test_who_has_nothing_to_do_with_holds_does_not_see_them(client, role):
    hold = make_hold()
    client.force_login(user(role))

    assert client.get(LIST).status_code == 403
    assert client.get(reverse("admin:compliance_hold_change", args=[hold.pk])).status_code == 403


def test_the_list_asks_the_same_whatever_its_length(client, officer, django_assert_num_queries):
    make_hold(queue=make_queue())
    client.get(LIST)

    with django_assert_num_queries(9):
        client.get(LIST)
    for _ in range(5):
        make_hold(queue=make_queue())
    with django_assert_num_queries(9):
        client.get(LIST)
    assert client.get(f"{LIST}?state=due").status_code == 200


def test_no_hold_is_deleted_by_the_admin(client, officer):
    hold = make_hold()

    assert client.post(reverse("admin:compliance_hold_delete", args=[hold.pk]), {"post": "yes"}).status_code == 403
