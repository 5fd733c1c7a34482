import pytest
from django.utils import timezone

from recordings.models import Pause
from tests.compliance.rows import policy
from tests.crm.asking import Asking
from tests.dashboard.board.company import Company
from tests.recordings.recorders import recorder

pytestmark = pytest.mark.django_db

ALL = ("recordings:read", "recordings:write")


@pytest.fixture
def company() -> Company:
    return Company(timezone.now())


def test_what_records_a_live_call_is_told_to_who_sees_the_conversation(company):
    talk = company.talks(company.ann, queue=company.orders)
    one = recorder(talk.customer, policy(name="Sales"), conference=talk)
    asker = Asking(*ALL, owner=company.supervisor)

    (told,) = asker.get("/recorders", {"call": str(talk.customer_id)}).json()["items"]

    assert (told["id"], told["policy"], told["state"], told["pauses"]) == (str(one.pk), "Sales", "running", [])
    assert Asking(*ALL, owner=company.other).get("/recorders").json()["items"] == []


def test_the_agent_pauses_and_resumes_while_card_details_are_told(company):
    talk = company.talks(company.ann, queue=company.orders)
    one = recorder(talk.customer, policy(), conference=talk)
    asker = Asking(*ALL, owner=company.ann.user)

    paused = asker.post(f"/recorders/{one.pk}/pause")
    pause = Pause.objects.get()
    resumed = asker.post(f"/recorders/{one.pk}/resume")

    assert (paused.status_code, paused.json()["pauses"]) == (202, ["agent"])
    assert (pause.by, pause.until) == (company.ann.user, None)
    assert resumed.json()["pauses"] == []


def test_a_supervisor_pauses_for_an_agent_of_the_team(company):
    talk = company.talks(company.ann, queue=company.orders)
    one = recorder(talk.customer, policy(), conference=talk)

    assert Asking(*ALL, owner=company.supervisor).post(f"/recorders/{one.pk}/pause").status_code == 202
    assert Pause.objects.get().by == company.supervisor


def test_who_has_left_the_conversation_pauses_nothing(company):
    talk = company.talks(company.ann, queue=company.orders)
    one = recorder(talk.customer, policy(), conference=talk)
    talk.participants.filter(agent=company.ann).update(state="left")

    assert Asking(*ALL, owner=company.ann.user).post(f"/recorders/{one.pk}/pause").status_code == 403
    assert not Pause.objects.exists()


def test_a_recorder_that_has_stopped_is_not_found(company):
    talk = company.talks(company.ann, queue=company.orders)
    one = recorder(talk.customer, policy(), state="stopped", conference=talk)

    assert Asking(*ALL, owner=company.ann.user).post(f"/recorders/{one.pk}/pause").status_code == 404
