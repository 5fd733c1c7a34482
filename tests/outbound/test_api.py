"""Tests of placing calls by the API, and of looking after orders."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from agents.states import Activity
from conferences.models import Participant
from dialing.models import Attempt
from outbound.models import Order
from tests.agents import factories as people
from tests.calls.factories import make_call
from tests.crm.asking import Asking
from tests.dialing.factories import ALL_DAY, set_limits
from tests.outbound.factories import make_order, order
from tests.queues.factories import make_queue
from tests.scenarios import flows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]
NUMBER = "+14155550123"


def ann(**fields):
    return people.ready_agent("Ann", at=timezone.now(), account=people.user("Agent"), **fields)


def ben(**fields):
    return people.ready_agent("Ben", at=timezone.now(), account=people.user("Agent"), **fields)


def placer(owner):
    return Asking("calls:place", "orders:read", "orders:write", owner=owner)


def test_an_agent_places_a_call_for_themselves():
    agent, queue = ann(), make_queue(name="Sales", caller_id="+15005550111")

    answer = placer(agent.user).post("/calls", {"to": "(415) 555-0123", "queue": queue.pk, "reference": "crm-7"})

    assert answer.status_code == 202
    told = answer.json()
    made = Order.objects.get()
    assert (told["id"], told["conversation"], told["reference"]) == (str(made.pk), str(made.conversation), "crm-7")
    assert (told["agent"]["name"], told["queue"]["name"], told["state"]) == ("Ann", "Sales", "dialing")
    assert Participant.objects.get().agent == agent
    assert made.made_by == agent.user


def test_a_supervisor_places_a_call_for_an_agent_of_the_team_and_nobody_else():
    lead = people.user("Supervisor")
    agent, other = ann(team=people.team("Sales", supervisors=[lead])), ben()

    assert placer(lead).post("/calls", {"to": NUMBER, "agent": str(agent.pk)}).status_code == 202
    assert placer(lead).post("/calls", {"to": NUMBER, "agent": str(other.pk)}).status_code == 400
    assert placer(other.user).post("/calls", {"to": NUMBER, "agent": str(agent.pk)}).status_code == 403
    assert Order.objects.count() == 1


def test_somebody_is_called_who_walks_a_flow_at_a_time_on_their_wall(flow):
    set_limits(opens=time(8), closes=time(21))
    day = (timezone.now() + timedelta(days=2)).date().isoformat()
    message = flows.Prompt.objects.create(name="Message")
    body = {
        "to": NUMBER,
        "flow": flow.pk,
        "message": message.pk,
        "language": "en-US",
        "not_before": f"{day}T10:00",
        "tries": 3,
        "spacing": 60,
    }

    told = Asking("calls:place").post("/calls", body).json()

    made = Order.objects.get()
    assert (told["flow"]["name"], told["kind"], told["state"]) == ("Parcels", "flow", "waiting")
    assert made.not_before.astimezone(UTC).hour in (17, 18)  # ten in San Francisco
    assert (made.message, made.most_tries, made.spacing) == (message, 3, 60)


def test_a_refusal_names_the_rule_and_the_field_and_is_written_down(flow):
    answer = Asking("calls:place").post("/calls", {"to": "+4930123456", "flow": flow.pk})

    told = answer.json()
    assert (answer.status_code, told["rule"]) == (422, "country")
    assert told["errors"] == [{"field": "to", "message": "Calls to DE are not allowed here."}]
    assert Attempt.objects.get().rule == "country"
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "to"),
        ({"to": "nobody"}, 400, "to"),
        ({"to": NUMBER, "flow": 999_999}, 400, "flow"),
        ({"to": NUMBER, "flow": "mine", "queue": 999_999}, 400, "queue"),
        ({"to": NUMBER, "flow": "mine", "message": 999_999}, 400, "message"),
        ({"to": NUMBER, "flow": "mine", "agent": "8d8c1b0e-0000-4000-8000-000000000000"}, 400, "agent"),
        ({"to": NUMBER, "flow": "mine", "not_before": "tomorrow"}, 400, "not_before"),
        ({"to": NUMBER, "flow": "mine", "expires_at": "2020-01-01T00:00:00Z"}, 400, "expires_at"),
        ({"to": NUMBER}, 400, "flow"),  # and the owner is no agent
    ],
)
def test_what_is_wrong_is_told_with_its_field(flow, body, status, field):
    body = {**body, **({"flow": flow.pk} if body.get("flow") == "mine" else {})}

    answer = Asking("calls:place").post("/calls", body)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    assert not Order.objects.exists()


def test_an_agent_who_is_busy_or_has_no_phone_is_a_conflict():
    busy, alone = ann(activity=Activity.TALKING), ben(phone_registered=False)

    assert placer(busy.user).post("/calls", {"to": NUMBER}).status_code == 409
    assert placer(alone.user).post("/calls", {"to": NUMBER}).status_code == 409
    assert not Order.objects.exists()


def test_the_same_key_places_one_call(flow):
    asker = Asking("calls:place")

    first, second = (
        asker.post("/calls", {"to": NUMBER, "flow": flow.pk}, **{"Idempotency-Key": "once"}) for _ in range(2)
    )

    assert first.json() == second.json()
    assert Order.objects.count() == 1


def test_orders_are_listed_and_canceled_by_who_sees_them(flow):
    agent = ann()
    mine = make_order(agent=agent, reference="crm-1")
    make_order(agent=ben())
    asker = placer(agent.user)

    assert [one["id"] for one in asker.get("/orders").json()["items"]] == [str(mine.pk)]
    assert [one["id"] for one in asker.get("/orders", {"reference": "crm-1", "live": "true"}).json()["items"]]
    assert asker.get("/orders", {"state": "done"}).json()["items"] == []
    assert asker.post(f"/orders/{mine.pk}/cancel").json()["state"] == "canceled"
    assert asker.post(f"/orders/{mine.pk}/cancel").status_code == 409


def test_an_order_that_was_refused_says_why(flow):
    set_limits(**ALL_DAY)
    made = order(flow=flow, at=timezone.now(), not_before=timezone.now() + timedelta(minutes=1))
    Order.objects.update(state="refused", refused_by="do-not-call")

    told = Asking("orders:read").get(f"/orders/{made.pk}").json()

    assert (told["refused_by"], told["why_refused"]) == ("do-not-call", "This person does not want to be called.")
    assert datetime.fromisoformat(told["made_at"]) == made.made_at


def test_orders_take_as_many_queries_for_many_as_for_one(flow, django_assert_max_num_queries):
    for number in range(5):
        make_order(kind="flow", flow=flow, number=f"+1415555010{number}")
    asker = Asking("orders:read")
    asker.get("/orders")

    with django_assert_max_num_queries(12):
        assert len(asker.get("/orders").json()["items"]) == 5


def test_calls_are_found_by_the_reference_of_their_order():
    placed = make_order(agent=ann(), reference="crm-7")
    leg = make_call(conversation=placed.conversation)
    make_call()

    found = Asking("calls:read").get("/calls", {"reference": "crm-7"}).json()["items"]

    assert [one["id"] for one in found] == [str(leg.pk)]
