import pytest
from django.urls import reverse

from agents import roles
from compliance.states import Kept
from recordings.models import Recording
from retention import tasks
from retention.models import Run
from tests.agents.factories import user
from tests.compliance.keepers import make_rule
from tests.retention import rows

pytestmark = pytest.mark.django_db

LIST = reverse("admin:retention_run_changelist")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: rows.AT)


@pytest.fixture
def waiting(settings) -> Run:
    settings.RETENTION_FIRST_RUN_LIMIT = 1
    make_rule(Kept.RECORDING, 30)
    for days in (60, 61):
        rows.recording(days)
    tasks.keep()
    return Run.objects.get()


def addresses(run: Run) -> tuple[str, str]:
    return reverse("admin:retention_run_change", args=[run.pk]), reverse("admin:retention_run_approve", args=[run.pk])


def test_a_waiting_run_begins_when_its_number_is_typed(client, waiting):
    client.force_login(user(roles.COMPLIANCE_OFFICER))
    page, approve = addresses(waiting)

    assert "This would remove 2 items" in client.get(page).content.decode()
    wrong = client.post(approve, {"typed": "3"}, follow=True).content.decode()
    assert "It would remove 2 items by now." in wrong
    assert Recording.objects.kept().count() == 2
    client.post(approve, {"typed": "2"})

    waiting.refresh_from_db()
    assert (waiting.state, waiting.removed) == ("done", 2)
    assert "Remove them" not in client.get(page).content.decode()


def test_what_is_no_number_is_not_taken_for_one(client, waiting):
    client.force_login(user(roles.COMPLIANCE_OFFICER))

    page = client.post(addresses(waiting)[1], {"typed": "all"}, follow=True).content.decode()

    assert "Type the number, in digits." in page
    assert Recording.objects.kept().count() == 2


@pytest.mark.parametrize(("role", "sees"), [(roles.AUDITOR, True), (roles.SUPERVISOR, False), (roles.AGENT, False)])
def test_nobody_else_lets_it_begin(client, waiting, role, sees):
    client.force_login(user(role))
    page, approve = addresses(waiting)

    assert (client.get(page).status_code, client.get(LIST).status_code) == ((200, 200) if sees else (403, 403))
    assert client.post(approve, {"typed": "2"}).status_code == 403
    assert Recording.objects.kept().count() == 2


def test_the_list_tells_what_went(client, waiting, django_assert_num_queries):
    client.force_login(user(roles.COMPLIANCE_OFFICER))
    client.get(LIST)

    with django_assert_num_queries(7):
        page = client.get(LIST).content.decode()

    assert "All recordings go after 30 days." in page
    assert "waiting" in page
