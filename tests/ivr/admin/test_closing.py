"""The page that closes at once, and the history of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents import roles
from ivr.models import Closure
from tests.ivr import rows as drafts
from tests.ivr.hours import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    client.force_login(drafts.person(roles.SUPERVISOR))
    return client


def fields(**more):
    return {"key": str(uuid4()), "which": "all", "until": "hour", "reason": "Fire drill", **more}


def messages(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (roles.ADMINISTRATOR, 200),
        (roles.FLOW_EDITOR, 200),
        (roles.SUPERVISOR, 200),
        (roles.AUDITOR, 403),
        (roles.AGENT, 403),
    ],
)
def test_who_may_close_at_once(client, role, status):
    rows.office()
    client.force_login(drafts.person(role))

    assert reverse("close") == "/admin/close/"
    assert client.get(reverse("close")).status_code == status
    assert client.post(reverse("close"), fields()).status_code == (302 if status == 200 else status)


def test_somebody_who_is_not_logged_in_is_asked_to(client):
    assert client.post(reverse("close"), fields()).status_code == 302
    assert not Closure.objects.exists()


def test_all_hours_are_closed_with_a_message_and_an_end(supervisor):
    schedules = [rows.office(), rows.office("Sales")]

    page = supervisor.post(reverse("close"), fields(message="There is a fire.", language="en-US"), follow=True)

    closure = Closure.objects.get()
    assert set(closure.schedules.all()) == set(schedules)
    assert (closure.message, closure.language, closure.began_by.username) == ("There is a fire.", "en-US", "supervisor")
    assert timedelta(minutes=59) < closure.ends_at - timezone.now() <= timedelta(hours=1)
    assert messages(page)[0].startswith("Closed: Office, Sales. It opens by itself:")
    assert "Callers hear:" in page.content.decode()


def test_one_schedule_is_closed_until_somebody_opens_it(supervisor):
    office, sales = rows.office(), rows.office("Sales")
    page = supervisor.get(reverse("close"), {"schedule": sales.pk}).content.decode()
    assert f'value="{sales.pk}" id="id_schedules_1" checked' in page

    supervisor.post(reverse("close"), fields(which="some", schedules=[sales.pk], until="open_ended"))

    closure = Closure.objects.get()
    assert (list(closure.schedules.all()), closure.ends_at) == ([sales], None)
    assert not office.closures.exists()


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"until": ""}, "Say when to open again."),
        ({"until": "at"}, "Say at which time to open again."),
        ({"until": "at", "until_at": "2020-01-01T10:00"}, "That moment is over"),
        ({"which": "some"}, "Choose at least one of the opening hours."),
        ({"reason": ""}, "Why: This field is required."),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_closed(supervisor, more, error):
    rows.office()

    page = supervisor.post(reverse("close"), fields(**more))

    assert page.status_code == 400
    assert error in page.content.decode()
    assert not Closure.objects.exists()


def test_a_text_and_a_prompt_are_not_both_said(supervisor):
    rows.office()
    page = supervisor.post(reverse("close"), fields(message="Hello", prompt=drafts.prompt().pk)).content.decode()

    assert "take one of them out" in page


def test_a_press_that_comes_twice_closes_once(supervisor):
    rows.office()
    sent = fields()

    supervisor.post(reverse("close"), sent)
    supervisor.post(reverse("close"), sent)

    assert Closure.objects.count() == 1


def test_who_closes_what_somebody_else_has_closed_is_told(supervisor):
    schedule = rows.office()
    by = drafts.person(roles.ADMINISTRATOR)
    rows.closure(schedule, at=timezone.now(), hours=None, began_by=by, reason="Storm")

    page = supervisor.post(reverse("close"), fields(), follow=True)

    assert messages(page)[1] == (
        "administrator has closed here too (Storm). It stays closed until somebody opens it; you are reminded. "
        "It is open when both are over."
    )


def test_it_is_opened_from_the_same_page_once(supervisor):
    closure = rows.closure(rows.office(), at=timezone.now())

    first = supervisor.post(reverse("close"), {"do": "open", "closure": closure.pk}, follow=True)
    second = supervisor.post(reverse("close"), {"do": "open", "closure": closure.pk}, follow=True)

    closure.refresh_from_db()
    assert closure.opened_by.username == "supervisor"
    assert messages(first)[0].startswith("Office: ")
    assert messages(second) == ["It was open again already: somebody else opened it, or its time was over."]


def test_the_end_is_moved(supervisor):
    closure = rows.closure(rows.office(), at=timezone.now(), hours=None)

    supervisor.post(reverse("close"), {"do": "move", "closure": closure.pk, "until": "two_hours"})
    closure.refresh_from_db()
    assert closure.ends_at - timezone.now() > timedelta(minutes=119)

    past = {"do": "move", "closure": closure.pk, "until": "at", "until_at": "2020-01-01T10:00"}
    assert "That moment is over" in messages(supervisor.post(reverse("close"), past, follow=True))[-1]
    nothing = supervisor.post(reverse("close"), {"do": "move", "closure": closure.pk}, follow=True)
    assert messages(nothing) == ["Say when to open again."]


def test_a_closure_that_does_not_exist_is_not_found(supervisor):
    assert supervisor.post(reverse("close"), {"do": "open", "closure": "x"}).status_code == 404


def test_without_hours_there_is_nothing_to_close(supervisor):
    assert "nothing to close" in supervisor.get(reverse("close")).content.decode()


def test_the_page_takes_as_many_queries_for_ten_closures_as_for_two(supervisor):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert supervisor.get(reverse("close")).status_code == 200
        return len(captured)

    def fill(indexes):
        for index in indexes:
            by = drafts.person(roles.AGENT, username=f"agent-{index}")
            rows.closure(rows.office(f"Office {index}"), at=timezone.now(), began_by=by)

    fill(range(2))
    queries()
    few = queries()
    fill(range(2, 10))

    assert queries() == few <= 16


def test_the_history_tells_who_closed_and_how_it_ended(client):
    admin = drafts.person(roles.ADMINISTRATOR)
    client.force_login(admin)
    schedule, now = rows.office(), timezone.now()
    rows.closure(schedule, at=now - timedelta(days=1), reason="Storm", began_by=admin)
    opened = rows.closure(schedule, at=now - timedelta(hours=1), reason="Fire", opened_at=now, opened_by=admin)
    rows.closure(schedule, at=now, reason="Flood")

    page = client.get(reverse("admin:ivr_closure_changelist")).content.decode()
    one = client.get(reverse("admin:ivr_closure_change", args=[opened.pk]))

    assert all(words in page for words in ("still closed", "opened by itself", "opened by administrator"))
    assert one.status_code == 200
    assert client.get(reverse("admin:ivr_closure_add")).status_code == 403
