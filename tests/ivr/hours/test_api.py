"""Opening hours in the API."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ivr.models import Closure, Interval, Schedule
from tests.agents.factories import user
from tests.crm.asking import Asking
from tests.ivr.hours import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor():
    return Asking("hours:read", "hours:close", owner=user("Supervisor"))


def always(name="Always"):
    schedule = Schedule.objects.create(name=name)
    for day in range(7):
        Interval.objects.create(schedule=schedule, weekday=day, opens="00:00", closes="00:00")
    return schedule


def test_hours_are_told_with_what_they_are_now(supervisor):
    schedule = always()

    told = supervisor.get(f"/schedules/{schedule.pk}").json()

    assert told["now"] == {"state": "open", "name": "", "layer": "weekly", "until": None}
    assert [item["name"] for item in supervisor.get("/schedules").json()["items"]] == ["Always"]


def test_hours_are_closed_and_opened_by_a_key_with_the_scope(supervisor):
    schedule = always()
    until = (timezone.now() + timedelta(hours=2)).astimezone(UTC).replace(microsecond=0)

    closed = supervisor.post(
        "/closures", {"schedules": [schedule.pk], "reason": "Fire", "until": until.isoformat(), "message": "Fire!"}
    )
    now = supervisor.get(f"/schedules/{schedule.pk}").json()["now"]
    opened = supervisor.post(f"/closures/{closed.json()['id']}/open", {})
    again = supervisor.post(f"/closures/{closed.json()['id']}/open", {})

    assert closed.status_code == 201
    assert (closed.json()["lasts"], closed.json()["began_by"], closed.json()["language"]) == (
        True,
        opened.json()["opened_by"],
        "en-US",
    )
    assert (now["state"], now["layer"], now["name"]) == ("closed", "emergency", "Fire")
    assert datetime.fromisoformat(now["until"]) == until
    assert (opened.status_code, opened.json()["lasts"], again.status_code) == (200, False, 409)
    listed = supervisor.get("/closures", {"schedule": schedule.pk}).json()["items"]
    assert [item["reason"] for item in listed] == ["Fire"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"schedules": [0], "reason": "Fire", "until": None}, 400),
        ({"schedules": [], "reason": "Fire", "until": None}, 400),
        ({"reason": "Fire", "until": None}, 400),
        ({"schedules": ["here"], "reason": "Fire"}, 400),
        ({"schedules": ["here"], "reason": "Fire", "until": "2020-01-01T10:00:00Z"}, 422),
    ],
)
def test_what_cannot_be_closed_is_refused(supervisor, body, status):
    here = always().pk
    body = (
        {**body, "schedules": [here if key == "here" else key for key in body["schedules"]]}
        if "schedules" in body
        else body
    )

    assert supervisor.post("/closures", body).status_code == status
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    ("scopes", "role"), [(("hours:read",), "Supervisor"), (("hours:read", "hours:close"), "Auditor")]
)
def test_who_lacks_scope_or_permission_closes_nothing(scopes, role):
    asking = Asking(*scopes, owner=user(role))

    answer = asking.post("/closures", {"schedules": [always().pk], "reason": "Fire", "until": None})

    assert answer.status_code == 403
    assert not Closure.objects.exists()


@pytest.mark.parametrize("page", ["/schedules", "/closures"])
def test_a_list_takes_as_many_queries_for_many_as_for_few(supervisor, page):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert supervisor.get(page).status_code == 200
        return len(captured)

    def fill(indexes):
        for index in indexes:
            rows.closure(always(f"Hours {index}"))

    fill(range(2))
    queries()
    few = queries()
    fill(range(2, 9))

    assert queries() == few
