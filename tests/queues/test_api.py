import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conferences.models import Conference
from queues.models import Callback, Entry, Queue
from tests.agents.factories import user
from tests.calls.factories import make_call
from tests.crm.asking import Asking
from tests.dashboard.board.company import Company
from tests.queues.rows import ask, line

pytestmark = pytest.mark.django_db

QUEUES, CALLBACKS = ("queues:read", "queues:write"), ("callbacks:read", "callbacks:write")


@pytest.fixture
def company() -> Company:
    return Company(timezone.now())


def names(answer) -> list[str]:
    return [item["name"] for item in answer.json()["items"]]


def count(ask) -> int:
    ask()  # the first request of a key notes that it is used
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


# ---- queues


def test_a_queue_is_told_as_it_stands(company):
    company.waits(company.orders, minutes=2)

    told = Asking(*QUEUES, owner=company.supervisor).get(f"/queues/{company.orders.pk}").json()

    assert told["team"] == {"id": company.sales.pk, "name": "Sales"}
    assert (told["now"]["waiting"], told["now"]["staffed"], told["now"]["ready"]) == (1, 1, 1)
    assert 119 <= told["now"]["longest_wait"] <= 125
    assert "today" not in told


def test_the_day_of_a_queue_is_there_if_it_is_asked_for(company):
    company.waits(company.orders)

    told = Asking(*QUEUES, owner=company.supervisor).get(f"/queues/{company.orders.pk}", {"expand": "today"}).json()

    assert (told["today"]["offered"] in (0, 1), told["today"]["service_level"]) == (True, None)


def test_supervisors_and_agents_see_their_queues(company):
    assert names(Asking(*QUEUES, owner=company.supervisor).get("/queues")) == ["Orders"]
    assert names(Asking(*QUEUES, owner=company.ann.user).get("/queues")) == ["Orders"]
    assert names(Asking(*QUEUES, owner=company.cy.user).get("/queues")) == ["Repairs"]
    assert names(Asking(*QUEUES).get("/queues")) == ["Orders", "Repairs"]


def test_queues_cost_as_many_queries_for_many_as_for_one(company):
    asker = Asking(*QUEUES)

    before = count(lambda: asker.get("/queues", {"expand": "today"}))
    for number in range(5):
        Queue.objects.create(name=f"More {number}", team=company.sales)

    assert count(lambda: asker.get("/queues", {"expand": "today"})) == before


# ---- who waits


def test_who_waits_is_told_with_who_is_rung_for_them(company):
    entry = company.waits(company.orders, language="en-US")
    offer = company.is_rung(company.ann, entry)

    asker = Asking(*QUEUES, owner=company.supervisor)
    (told,) = asker.get("/waiting", {"expand": "offers"}).json()["items"]

    assert (told["id"], told["queue"]["name"], told["state"]) == (str(entry.pk), "Orders", "offered")
    assert (told["call"], told["conversation"]) == (str(entry.call_id), str(entry.call.conversation))
    assert told["number"] == "+14155550123"
    assert [(one["id"], one["agent"]["name"]) for one in told["offers"]] == [(str(offer.pk), "Ann")]
    assert "offers" not in asker.get(f"/waiting/{entry.pk}").json()


def test_who_waits_elsewhere_or_no_more_is_not_told_of(company):
    company.waits(company.repairs)
    company.waits(company.orders, state="abandoned")

    assert Asking(*QUEUES, owner=company.supervisor).get("/waiting").json()["items"] == []


def test_a_supervisor_pulls_somebody_forward(company):
    entry = company.waits(company.orders)

    told = Asking(*QUEUES, owner=company.supervisor).post(f"/waiting/{entry.pk}/pull-forward").json()

    assert told["is_first"]
    assert Entry.objects.get(pk=entry.pk).is_first


def test_a_supervisor_moves_somebody_to_another_queue(company):
    entry, other = company.waits(company.orders), Queue.objects.create(name="Returns", team=company.sales)

    told = Asking(*QUEUES, owner=company.supervisor).post(f"/waiting/{entry.pk}/move", {"queue": other.pk}).json()

    assert (told["queue"]["name"], told["id"]) == ("Returns", str(Entry.objects.waiting().get().pk))
    assert told["id"] != str(entry.pk)


def test_nobody_is_moved_to_a_queue_of_others(company):
    entry = company.waits(company.orders)
    asker = Asking(*QUEUES, owner=company.supervisor)

    answer = asker.post(f"/waiting/{entry.pk}/move", {"queue": company.repairs.pk})

    assert answer.status_code == 400
    assert [fault["field"] for fault in answer.json()["errors"]] == ["queue"]
    assert Entry.objects.get().queue == company.orders


def test_who_waits_for_others_is_not_found(company):
    entry = company.waits(company.repairs)

    assert Asking(*QUEUES, owner=company.supervisor).post(f"/waiting/{entry.pk}/pull-forward").status_code == 404


def test_who_is_to_be_called_back_stays_in_the_queue(company):
    place = ask(line(name="Anytime", team=company.sales)).entries.get()
    other = Queue.objects.create(name="Returns", team=company.sales)

    answer = Asking(*QUEUES, owner=company.supervisor).post(f"/waiting/{place.pk}/move", {"queue": other.pk})

    assert answer.status_code == 409


def test_who_waits_costs_as_many_queries_for_many_as_for_one(company):
    asker = Asking(*QUEUES, owner=company.supervisor)
    company.waits(company.orders)

    before = count(lambda: asker.get("/waiting", {"expand": "offers"}))
    for number in range(4):
        company.waits(company.orders, number=f"+1415555013{number}")

    assert count(lambda: asker.get("/waiting", {"expand": "offers"})) == before


# ---- sending a customer on


def test_the_owner_of_a_conversation_sends_its_customer_to_a_queue(company):
    talk = company.talks(company.ann, queue=company.orders)
    asker = Asking(*QUEUES, owner=company.ann.user)
    mine = Queue.objects.get(pk=company.orders.pk)

    answer = asker.post(f"/queues/{mine.pk}/take", {"conference": str(talk.pk)})

    assert answer.status_code == 202
    talk.refresh_from_db()
    assert (talk.phase, talk.fate, talk.destination) == ("closed", "elsewhere", f"queue:{mine.pk}")


def test_a_conversation_that_is_over_is_sent_nowhere(company):
    talk = company.talks(company.ann, queue=company.orders)
    Conference.objects.update(phase="closed")

    answer = Asking(*QUEUES, owner=company.ann.user).post(
        f"/queues/{company.orders.pk}/take", {"conference": str(talk.pk)}
    )

    assert answer.status_code == 409


def test_a_conversation_of_others_is_named_as_the_wrong_field(company):
    talk = company.talks(company.cy, queue=company.repairs)

    answer = Asking(*QUEUES, owner=company.ann.user).post(
        f"/queues/{company.orders.pk}/take", {"conference": str(talk.pk)}
    )

    assert [fault["field"] for fault in answer.json()["errors"]] == ["conference"]


# ---- callbacks


def test_somebody_is_to_be_called_back():
    queue = line(name="Anytime")

    answer = Asking(*CALLBACKS).post(
        "/callbacks", {"queue": queue.pk, "number": "+1 415 555 0123", "language": "en-US"}
    )

    assert answer.status_code == 201
    told = answer.json()
    assert (told["number"], told["state"], told["tries"]) == ("+14155550123", "waiting", 0)
    assert Callback.objects.get().pk.hex == told["id"].replace("-", "")
    assert Entry.objects.waiting().get().callback_id is not None


def test_who_waits_to_be_called_back_already_is_told_of():
    present = ask(line(name="Anytime"))

    answer = Asking(*CALLBACKS).post("/callbacks", {"queue": present.queue_id, "number": present.number})

    assert answer.status_code == 409
    assert answer.json()["callback"] == str(present.pk)


def test_a_number_that_must_not_be_called_is_refused_with_the_reason():
    answer = Asking(*CALLBACKS).post("/callbacks", {"queue": line(name="Anytime").pk, "number": "+19005550123"})

    assert answer.status_code == 422
    assert "higher rate" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"), [({"number": "+14155550123"}, "queue"), ({"queue": 1, "number": "12"}, "number")]
)
def test_a_wish_that_cannot_be_names_its_field(body, field):
    answer = Asking(*CALLBACKS).post("/callbacks", body)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_a_queue_of_others_is_none_to_call_back_from(company):
    answer = Asking(*CALLBACKS, owner=company.ann.user).post(
        "/callbacks", {"queue": company.repairs.pk, "number": "+14155550123"}
    )

    assert [fault["field"] for fault in answer.json()["errors"]] == ["queue"]


def test_a_callback_is_canceled_once():
    callback, asker = ask(line(name="Anytime")), Asking(*CALLBACKS)

    canceled = asker.post(f"/callbacks/{callback.pk}/cancel", {"why": "solved by mail"})
    again = asker.post(f"/callbacks/{callback.pk}/cancel", {})

    assert (canceled.json()["state"], canceled.json()["last_outcome"]) == ("canceled", "solved by mail")
    assert again.status_code == 409
    assert "over already" in again.json()["detail"]


def test_one_that_nobody_could_reach_is_looked_after_and_called_again():
    callback, one, other = ask(line(name="Anytime")), user("Administrator"), user("Administrator")
    callback.entries.update(state="failed")
    Callback.objects.update(state="expired")

    claimed = Asking(*CALLBACKS, owner=one).post(f"/callbacks/{callback.pk}/claim")
    taken = Asking(*CALLBACKS, owner=other).post(f"/callbacks/{callback.pk}/finish")
    again = Asking(*CALLBACKS, owner=one).post(f"/callbacks/{callback.pk}/call-again")
    sooner = Asking(*CALLBACKS, owner=one).post(f"/callbacks/{callback.pk}/try-now")

    assert claimed.json()["owner"] == one.username
    assert taken.status_code == 409
    assert again.json()["state"] == "waiting"
    assert sooner.json()["not_before"] is None


def test_callbacks_are_found_by_number_state_and_call():
    call = make_call()
    callback = ask(line(name="Anytime"), call=call)
    asker = Asking(*CALLBACKS)

    for parameters in ({"number": "(415) 555-0123"}, {"live": "true"}, {"state": "waiting"}, {"call": str(call.pk)}):
        assert [one["id"] for one in asker.get("/callbacks", parameters).json()["items"]] == [str(callback.pk)]
    assert asker.get("/callbacks", {"live": "false"}).json()["items"] == []


def test_callbacks_cost_as_many_queries_for_many_as_for_one():
    queue, asker = line(name="Anytime"), Asking(*CALLBACKS)
    ask(queue)

    before = count(lambda: asker.get("/callbacks"))
    for number in range(4):
        ask(queue, number=f"+1415555013{number}", call=make_call())

    assert count(lambda: asker.get("/callbacks")) == before
