from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from queues.models import Disposition, Handling
from tests.crm.asking import Asking
from tests.dashboard.board.company import Company

pytestmark = pytest.mark.django_db

ALL = ("handlings:read", "handlings:write")


@pytest.fixture
def company() -> Company:
    return Company(timezone.now())


def part(company: Company, agent=None, **fields) -> Handling:
    """A part in a talk that is over, in the wrap-up."""
    agent = agent or company.ann
    queue = company.repairs if agent == company.cy else company.orders
    talk = company.talks(agent, queue=queue)
    talk.participants.update(state="left")
    given = {"ended_at": company.at, "wrap_up_until": company.at + timedelta(minutes=1)} | fields
    return Handling.objects.create(entry=talk.entries.get(), agent=agent, conference=talk, began_at=company.at, **given)


def ids(answer) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


def test_a_part_is_told_with_its_conversation_and_what_can_be_chosen(company):
    handling, sold = part(company, notes="Asks for blue."), Disposition.objects.create(name="Sold")
    company.orders.dispositions.add(sold)

    told = Asking(*ALL, owner=company.ann.user).get(f"/handlings/{handling.pk}", {"expand": "dispositions"}).json()

    assert (told["agent"]["name"], told["queue"]["name"], told["notes"]) == ("Ann", "Orders", "Asks for blue.")
    assert told["conversation"] == str(handling.conference.conversation)
    assert told["call"] == str(handling.entry.call_id)
    assert told["dispositions"] == [{"id": sold.pk, "name": "Sold"}]


def test_agents_see_their_own_and_supervisors_their_teams(company):
    mine, other = part(company), part(company, company.cy)

    assert ids(Asking(*ALL, owner=company.ann.user).get("/handlings")) == [str(mine.pk)]
    assert ids(Asking(*ALL, owner=company.bob.user).get("/handlings")) == []
    assert ids(Asking(*ALL, owner=company.other).get("/handlings")) == [str(other.pk)]
    assert ids(Asking(*ALL).get("/handlings", {"agent": str(company.ann.pk)})) == [str(mine.pk)]


def test_notes_and_what_it_came_to_are_written(company):
    handling, sold = part(company), Disposition.objects.create(name="Sold")
    company.orders.dispositions.add(sold)
    asker = Asking(*ALL, owner=company.ann.user)

    told = asker.patch(f"/handlings/{handling.pk}", {"notes": "Bought two.", "disposition": sold.pk}).json()
    again = asker.patch(f"/handlings/{handling.pk}", {"disposition": None}).json()

    assert (told["notes"], told["disposition"]) == ("Bought two.", {"id": sold.pk, "name": "Sold"})
    assert (again["notes"], again["disposition"]) == ("Bought two.", None)


def test_notes_that_somebody_else_has_changed_are_not_overwritten(company):
    handling, asker = part(company), Asking(*ALL, owner=company.ann.user)
    seen = asker.get(f"/handlings/{handling.pk}")["ETag"]
    Handling.objects.update(notes="Typed at the desk.")

    answer = asker.patch(f"/handlings/{handling.pk}", {"notes": "From the CRM."}, **{"If-Match": seen})

    assert answer.status_code == 412
    assert Handling.objects.get().notes == "Typed at the desk."


def test_a_disposition_of_another_queue_is_refused(company):
    handling, other = part(company), Disposition.objects.create(name="Repaired")
    company.repairs.dispositions.add(other)

    answer = Asking(*ALL, owner=company.ann.user).patch(f"/handlings/{handling.pk}", {"disposition": other.pk})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "disposition")


def test_a_wrap_up_is_extended_once_and_finished(company):
    handling, asker = part(company), Asking(*ALL, owner=company.ann.user)

    longer = asker.post(f"/handlings/{handling.pk}/extend")
    again = asker.post(f"/handlings/{handling.pk}/extend")
    done = asker.post(f"/handlings/{handling.pk}/finish")
    late = asker.patch(f"/handlings/{handling.pk}", {"notes": "Too late."})

    assert longer.json()["wrap_up_until"] > str(handling.wrap_up_until.isoformat())[:19]
    assert again.status_code == 409
    assert done.json()["done_at"] is not None
    assert late.status_code == 409


def test_what_the_queue_wants_is_missing(company):
    handling = part(company)
    company.orders.disposition_required = True
    company.orders.save()

    answer = Asking(*ALL, owner=company.ann.user).post(f"/handlings/{handling.pk}/finish")

    assert answer.status_code == 409
    assert "missing" in answer.json()["detail"]


def test_a_supervisor_ends_a_wrap_up_and_writes_for_an_agent_of_the_team(company):
    handling, asker = part(company), Asking(*ALL, owner=company.supervisor)

    assert asker.patch(f"/handlings/{handling.pk}", {"notes": "Called again."}).status_code == 200
    assert asker.post(f"/handlings/{handling.pk}/end").json()["done_at"] is not None
    assert Asking(*ALL, owner=company.ann.user).post(f"/handlings/{handling.pk}/end").status_code == 403


def test_dispositions_are_listed_by_queue(company):
    sold = Disposition.objects.create(name="Sold")
    Disposition.objects.create(name="Old", is_active=False)
    company.orders.dispositions.add(sold)

    answer = Asking(*ALL, owner=company.ann.user).get("/dispositions", {"queue": company.orders.pk})

    assert answer.json()["items"] == [{"id": sold.pk, "name": "Sold"}]


def test_a_list_costs_as_many_queries_for_many_as_for_one(company):
    asker = Asking(*ALL, owner=company.supervisor)

    def queries() -> int:
        asker.get("/handlings", {"expand": "dispositions"})  # the first request of a key notes that it is used
        with CaptureQueriesContext(connection) as captured:
            asker.get("/handlings", {"expand": "dispositions"})
        return len(captured)

    part(company, done_at=company.at)
    one = queries()
    for _number in range(3):
        part(company, done_at=company.at)

    assert queries() == one
