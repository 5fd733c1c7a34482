"""The feed, and subscriptions with their log, asked with keys."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.actions import delivering, numbering
from crm.actions.delivering import Told
from crm.catalogue import TYPES
from crm.models import Event, Subscription
from crm.retrying import Outcome, Verdict
from tests.crm.asking import Asking, asking
from tests.crm.factories import make_subscription, note
from tests.crm.schemas import check

pytestmark = pytest.mark.django_db
URL = "https://crm.example.com/events"


def feed(them: Asking, **parameters) -> dict:
    answer = them.get("/events", parameters)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_the_feed_is_read_page_by_page_to_its_end_and_goes_on_later():
    them = Asking("events:read")
    for _ in range(3):
        note()

    first = feed(them, limit=2)
    second = feed(them, limit=2, after=first["next"])

    assert [event["position"] for event in first["items"] + second["items"]] == [1, 2, 3]
    assert (first["more"], second["more"]) == (True, False)
    check("call.started", first["items"][0]["data"])
    assert feed(them, after=second["next"]) == {"items": [], "next": 3, "more": False}
    note("call.ended")
    assert [event["type"] for event in feed(them, after=second["next"])["items"]] == ["call.ended"]


def test_who_wants_to_follow_the_feed_from_now_on_begins_at_its_end():
    them = Asking("events:read")
    assert feed(them, from_end="true") == {"items": [], "next": 0, "more": False}
    note()
    note()

    end = feed(them, from_end="true")
    note("call.ended")

    assert end == {"items": [], "next": 2, "more": False}
    assert [event["type"] for event in feed(them, after=end["next"])["items"]] == ["call.ended"]


def test_the_feed_of_one_type_or_conversation():
    them = Asking("events:read")
    conversation = uuid4()
    note("call.started", conversation=conversation)
    note("call.ended")

    assert [event["type"] for event in feed(them, type="call.ended")["items"]] == ["call.ended"]
    (event,) = feed(them, conversation=str(conversation))["items"]
    assert event["sequence"] == 1


def test_who_may_see_little_sees_little_of_the_feed_and_gets_to_its_end():
    them = asking("events:read", permissions=("calls.view_call", "agents.view_agent"))
    for _ in range(5):
        note("presence.changed")  # of an agent whom they do not see
    note("call.started")
    note("flow.published")

    found = feed(them, limit=1)

    assert [event["type"] for event in found["items"]] == ["call.started"]
    assert found["items"][0]["data"]["call"]["from_number"] == "+1202****142"
    hidden = Event.objects.get(type="presence.changed", position=1)
    assert them.get(f"/events/{hidden.key}").status_code == 404
    assert feed(them, after=found["next"]) == {"items": [], "next": found["next"], "more": False}


def test_one_event_is_read_by_its_id():
    them = Asking("events:read")
    event = note()
    numbering.number(at=timezone.now())

    assert them.get(f"/events/{event.key}").json()["data"] == TYPES["call.started"].example


@pytest.mark.parametrize("parameters", [{"after": "-1"}, {"after": "x"}, {"limit": 0}, {"limit": 1000}, {"type": "x"}])
def test_what_makes_no_sense_is_refused(parameters):
    assert Asking("events:read").get("/events", parameters).status_code == 400


def test_a_subscription_is_made_changed_and_removed():
    them = Asking("subscriptions:write", "subscriptions:read")

    made = them.post("/subscriptions", {"name": "CRM", "url": URL, "types": ["call.ended"]})

    assert made.status_code == 201
    subscription = made.json()
    assert subscription["secret"].startswith("whsec_")
    here = f"/subscriptions/{subscription['id']}"
    read = them.get(here).json()
    assert "secret" not in read
    assert (read["types"], read["is_active"]) == (["call.ended"], True)
    changed = them.patch(here, {"types": [], "is_active": False}).json()
    assert (changed["types"], changed["is_active"]) == ([], False)
    assert them.delete(here).status_code == 204
    assert them.get(here).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "CRM", "url": "http://crm.example.com"}, "url"),
        ({"name": "CRM", "url": "https://10.0.0.1/"}, "url"),
        ({"name": "CRM", "url": URL, "types": ["call.exploded"]}, "types"),
    ],
)
def test_what_cannot_be_is_refused_and_names_its_field(body, field):
    answer = Asking("subscriptions:write").post("/subscriptions", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert not Subscription.objects.exists()


def test_a_new_secret_is_shown_once():
    them = Asking("subscriptions:write", "subscriptions:read")
    subscription = make_subscription(them.key.owner)

    answer = them.post(f"/subscriptions/{subscription.pk}/rotate-secret").json()

    subscription.refresh_from_db()
    assert answer["secret"] == subscription.secret
    assert answer["old_secret_until"] is not None


def test_a_test_and_a_replay_are_asked_for(django_capture_on_commit_callbacks):
    them = Asking("subscriptions:write", "subscriptions:read")
    subscription = make_subscription(them.key.owner)
    note(at=timezone.now())
    numbering.number(at=timezone.now())
    soon = timezone.now() + timedelta(hours=1)

    tested = them.post(f"/subscriptions/{subscription.pk}/test", {"type": "call.answered"})
    replayed = them.post(
        f"/subscriptions/{subscription.pk}/replay",
        {"since": (soon - timedelta(hours=2)).isoformat(), "until": soon.isoformat()},
    )

    assert tested.status_code == 202
    assert Event.objects.get(key=tested.json()["event"]).only == subscription
    assert replayed.json() == {"count": 1}


def test_a_delivery_is_read_with_its_tries_and_sent_once_more():
    them = Asking("subscriptions:write", "subscriptions:read")
    subscription = make_subscription(them.key.owner)
    note()
    now = timezone.now()
    numbering.number(at=now)
    (delivery,) = delivering.claim({subscription.pk: 1}, room=50, at=now)
    done = Told(delivery, Verdict(Outcome.DELIVERED), now, 12, {"webhook-id": "x"}, "{}", 200, {"server": "x"}, "ok")
    delivering.note([done], at=now)

    (listed,) = them.get("/deliveries", {"subscription": str(subscription.pk), "expand": "attempts"}).json()["items"]

    assert (listed["state"], listed["tries"], listed["due_at"]) == ("delivered", 1, None)
    assert listed["attempts"][0]["answer_headers"] == {"server": "x"}
    again = them.post(f"/deliveries/{listed['id']}/replay")
    assert again.status_code == 202
    assert again.json()["state"] == "waiting"


def test_nobody_sees_the_subscriptions_of_others():
    boss = Asking("subscriptions:write").key.owner
    subscription = make_subscription(boss)
    other = asking(
        "subscriptions:write",
        "subscriptions:read",
        permissions=("crm.view_subscription", "crm.change_subscription", "crm.view_delivery"),
    )
    note()
    numbering.number(at=timezone.now())

    assert other.get(f"/subscriptions/{subscription.pk}").status_code == 404
    assert other.post(f"/subscriptions/{subscription.pk}/rotate-secret").status_code == 404
    assert other.get("/subscriptions").json()["items"] == []
    assert other.get("/deliveries").json()["items"] == []
