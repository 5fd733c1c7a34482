from collections.abc import Iterator

import pytest
from django.urls import reverse

from agents import roles
from recordings.models import Discard, Recording
from retention.models import Comparison, Finding
from retention.states import FindingState, Orphan
from telephony import client as rest
from tests.agents.factories import user
from tests.calls.factories import AT, make_call
from tests.compliance.keepers import make_hold
from tests.recordings.factories import make_recording
from tests.retention.account import Account, Silent
from tests.telephony.adapter import reached

pytestmark = pytest.mark.django_db

LIST = reverse("admin:retention_finding_changelist")


@pytest.fixture
def account(monkeypatch) -> Iterator[Account]:
    monkeypatch.setattr(rest, "PAUSES", (0.0,))
    account = Account()
    with reached(account, Silent):
        yield account


@pytest.fixture
def officer(client):
    made = user(roles.COMPLIANCE_OFFICER)
    client.force_login(made)
    return made


def make_finding(kind: Orphan, name: str = "RE1", **fields) -> Finding:
    return Finding.objects.create(kind=kind, name=name, found_at=AT, **fields)


def press(client, finding: Finding, verb: str, **given: str) -> str:
    address = reverse("admin:retention_finding_do", args=[finding.pk, verb])
    return client.post(address, given, follow=True).content.decode()


@pytest.mark.parametrize("kind", list(Orphan))
def test_each_kind_has_a_page_that_says_what_it_is(client, officer, kind):
    finding = make_finding(kind, recording=make_recording())

    page = client.get(reverse("admin:retention_finding_change", args=[finding.pk])).content.decode()

    assert "Delete it" in page
    assert ("Fetch it" in page) == (kind in (Orphan.ROW, Orphan.AT_TWILIO))


def test_a_file_is_deleted_and_the_finding_settled(client, officer):
    finding = make_finding(Orphan.FILE, "recordings/2026/03/01/lost.wav")

    assert "It is deleted within a minute." in press(client, finding, "delete")
    assert "It is settled already." in press(client, finding, "delete")

    assert Discard.objects.get().name == finding.name


def test_what_twilio_alone_has_is_taken_in(client, officer, account):
    account.recording("RE1", call_sid="CA1", status="in-progress")
    finding = make_finding(Orphan.AT_TWILIO)

    press(client, finding, "fetch")

    assert Recording.objects.get().sid == "RE1"


def test_what_should_be_gone_at_twilio_is_deleted_there(client, officer, account):
    account.recording("RE1")
    finding = make_finding(Orphan.STILL_AT_TWILIO, recording=make_recording(sid="RE1", state="cleared", cleared_at=AT))

    press(client, finding, "delete")

    assert account.deleted == ["RE1"]


def test_what_is_held_is_not_deleted_and_the_page_names_the_hold(client, officer):
    call = make_call()
    make_hold(call=call, name="Court 7")
    finding = make_finding(Orphan.AT_TWILIO, call_sid=call.sid)

    assert "Court 7" in press(client, finding, "delete")

    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN


def test_what_is_right_is_marked_with_the_reason(client, officer):
    finding = make_finding(Orphan.AT_TWILIO)

    assert "Say why that is right." in press(client, finding, "known")
    press(client, finding, "known", note="of another application")

    finding.refresh_from_db()
    assert (finding.state, finding.note, finding.by) == (FindingState.KNOWN, "of another application", officer)


def test_what_cannot_be_fetched_says_so(client, officer):
    finding = make_finding(Orphan.ROW, recording=make_recording(state="cleared", cleared_at=AT))

    assert "Twilio does not have it any more." in press(client, finding, "fetch")


def test_an_auditor_reads_and_presses_nothing(client):
    finding = make_finding(Orphan.FILE)
    Comparison.objects.create(began_at=AT, until=AT)
    client.force_login(user(roles.AUDITOR))

    pages = [LIST, reverse("admin:retention_finding_change", args=[finding.pk])]
    pages.append(reverse("admin:retention_comparison_changelist"))
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    answer = client.post(reverse("admin:retention_finding_do", args=[finding.pk, "delete"]))
    assert answer.status_code == 403
    assert not Discard.objects.exists()
