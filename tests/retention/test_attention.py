import pytest
from django.urls import reverse

from agents import roles
from compliance.states import Kept
from recordings.models import Discard
from retention import attention
from retention.actions import erasures
from retention.models import Finding, Run
from retention.states import Orphan
from tests.agents.factories import user
from tests.calls.factories import AT
from tests.compliance.keepers import make_hold
from tests.recordings.factories import make_recording

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything():
    make_hold(review_at=AT.date())
    Run.objects.create(
        kind=Kept.RECORDING, days=1, words="-", fingerprint="-", state="waiting", before=AT, planned=9, planned_at=AT
    )
    erasures.ask("+14155550123", reason="-", by=user(), address=None, at=AT)
    erasures.Erasure.objects.update(state="found")
    Finding.objects.create(kind=Orphan.FILE, name="a.wav", found_at=AT)
    make_recording(state="deleted", failure="Twilio refuses")
    Discard.objects.create(name="b.wav", at=AT, failure="away")


def told(role: str) -> list[str]:
    return [one["text"] for one in attention.needed(user(role))]


@pytest.mark.parametrize("role", [roles.COMPLIANCE_OFFICER, roles.ADMINISTRATOR, roles.AUDITOR])
def test_what_waits_for_a_person_is_told_to_who_answers_for_it(everything, role):
    assert told(role) == [
        "1 legal hold is to be reviewed.",
        "1 retention rule would remove so much that somebody has to type the number first.",
        "1 erasure of a person waits for somebody, or does not go on.",
        "1 thing lies in the storage or at Twilio alone, or is missing there.",
        "2 deleted recordings are not gone yet in the storage or at Twilio; it is tried again.",
    ]


@pytest.mark.parametrize("role", [roles.SUPERVISOR, roles.AGENT, roles.FLOW_EDITOR])
def test_others_are_not_told(everything, role):
    assert told(role) == []


def test_where_nothing_waits_nothing_is_told():
    assert told(roles.COMPLIANCE_OFFICER) == []


def test_it_stands_on_the_first_page_and_each_sentence_leads_to_its_page(everything, client):
    client.force_login(user(roles.COMPLIANCE_OFFICER))

    page = client.get(reverse("admin:index")).content.decode()
    needed = attention.needed(user(roles.COMPLIANCE_OFFICER))

    assert all(one["text"] in page for one in needed)
    assert [client.get(one["url"]).status_code for one in needed] == [200] * 5
