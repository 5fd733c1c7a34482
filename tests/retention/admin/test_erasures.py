import json
from collections.abc import Iterator

import pytest
from django.urls import reverse

from agents import roles
from retention import certificate, tasks
from retention.actions import erasures
from retention.models import Erasure
from retention.states import ErasureState
from telephony import client as rest
from tests.agents.factories import user
from tests.calls.factories import AT
from tests.compliance.keepers import make_hold
from tests.contacts.factories import contact
from tests.retention import people
from tests.retention.account import Account, Silent
from tests.retention.people import ANN
from tests.telephony.adapter import reached

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("admin:retention_erasure_changelist"), reverse("admin:retention_erasure_add")


@pytest.fixture
def clock(monkeypatch):
    now = [AT]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now[0])
    return now


@pytest.fixture
def account(monkeypatch, clock) -> Iterator[Account]:
    monkeypatch.setattr(rest, "PAUSES", (0.0,))
    account = Account()
    with reached(account, Silent):
        yield account


@pytest.fixture
def officer(client):
    made = user(roles.COMPLIANCE_OFFICER)
    client.force_login(made)
    return made


def page_of(erasure: Erasure) -> str:
    return reverse("admin:retention_erasure_change", args=[erasure.pk])


def press(client, erasure: Erasure, verb: str, **given: str):
    return client.post(reverse("admin:retention_erasure_do", args=[erasure.pk, verb]), given, follow=True)


def test_a_person_is_erased_from_the_number_to_the_certificate(client, officer, account, clock):
    people.customer(account)

    client.post(ADD, {"number": "(415) 555-0123", "reason": "File 12"})
    erasure = Erasure.objects.get()
    found = client.get(page_of(erasure)).content.decode()
    assert "Calls of the person" in found
    assert ANN not in found
    wrong = press(client, erasure, "confirm", number="+14155550199").content.decode()
    assert "This is not the number" in wrong
    press(client, erasure, "confirm", number="415-555-0123")
    clock[0] += erasures.SETTLES
    tasks.sweep()

    erasure.refresh_from_db()
    assert erasure.state == ErasureState.DONE
    assert "Certificate" in client.get(page_of(erasure)).content.decode()


def finished(client, account, clock) -> Erasure:
    people.customer(account)
    client.post(ADD, {"number": ANN, "reason": "File 12"})
    erasure = Erasure.objects.get()
    press(client, erasure, "confirm", number=ANN)
    clock[0] += erasures.SETTLES
    tasks.sweep()
    erasure.refresh_from_db()
    return erasure


def test_the_certificate_is_a_page_to_print_and_a_file_whose_seal_can_be_checked(client, officer, account, clock):
    erasure = finished(client, account, clock)

    paper = client.get(reverse("admin:retention_erasure_certificate", args=[erasure.pk])).content.decode()
    file = json.loads(client.get(reverse("admin:retention_erasure_json", args=[erasure.pk])).content)

    assert "Certificate of erasure" in paper
    assert erasure.sha256 in paper
    assert "+1415****123" in paper
    assert ANN not in paper
    assert certificate.seal(file["content"]) == file["sha256"] == erasure.sha256


def test_before_it_is_done_there_is_no_certificate(client, officer, account):
    client.post(ADD, {"number": ANN, "reason": "File 12"})
    erasure = Erasure.objects.get()

    for name in ("certificate", "json"):
        assert client.get(reverse(f"admin:retention_erasure_{name}", args=[erasure.pk])).status_code == 403


def test_what_is_held_is_shown_with_its_hold(client, officer, account):
    people.customer(account)
    people.customer(account, after=60)
    hold = make_hold(name="Court 7")
    client.post(ADD, {"number": ANN, "reason": "File 12"})
    erasure = Erasure.objects.get()

    page = press(client, erasure, "confirm", number=ANN).content.decode()

    assert "What is still there, and why" in page
    assert page.count("Court 7") == Erasure.objects.get().items.filter(state="held").values("kind").distinct().count()
    assert "with their legs and all that hangs on them: 2<" in page
    assert reverse("admin:compliance_hold_change", args=[hold.pk]) in page


@pytest.mark.parametrize(
    ("number", "complaint"), [("Ann", "no number that could be rung"), (ANN, "is being erased already")]
)
def test_what_cannot_be_asked_for_is_told_at_the_field(client, officer, account, number, complaint):
    client.post(ADD, {"number": ANN, "reason": "File 12"})

    page = client.post(ADD, {"number": number, "reason": "File 13"}).content.decode()

    assert complaint in page
    assert Erasure.objects.count() == 1


def test_it_can_look_again_and_be_dropped(client, officer, account):
    client.post(ADD, {"number": ANN, "reason": "File 12"})
    erasure = Erasure.objects.get()

    press(client, erasure, "look")
    erasure.refresh_from_db()
    assert (erasure.state, erasure.looks) == (ErasureState.FOUND, 2)
    press(client, erasure, "drop")
    late = press(client, erasure, "confirm", number=ANN).content.decode()

    erasure.refresh_from_db()
    assert erasure.state == ErasureState.DROPPED
    assert "It is not where that could be done any more." in late


def test_an_auditor_reads_and_presses_nothing(client, account):
    erasure = erasures.ask(ANN, reason="File 12", by=user(), address=None, at=AT)
    client.force_login(user(roles.AUDITOR))

    assert client.get(LIST).status_code == client.get(page_of(erasure)).status_code == 200
    assert client.get(ADD).status_code == 403
    for verb in ("confirm", "drop", "look"):
        assert press(client, erasure, verb, number=ANN).status_code == 403


def test_an_unknown_button_does_nothing(client, officer, account):
    erasure = erasures.ask(ANN, reason="File 12", by=user(), address=None, at=AT)

    assert press(client, erasure, "burn").status_code == 403
    assert client.get(reverse("admin:retention_erasure_do", args=[erasure.pk, "drop"])).status_code == 405


def test_the_list_asks_the_same_whatever_its_length(client, officer, account, django_assert_num_queries):
    for number in range(3):
        erasures.ask(f"+1415555010{number}", reason="File 12", by=user(), address=None, at=AT)
    client.get(LIST)

    with django_assert_num_queries(8):
        client.get(LIST)


def test_a_contact_is_erased_from_its_page(client, officer):
    made = contact("Caller 1", "+14155550123", "+4930901820")
    address = reverse("admin:retention_erasure_add") + f"?contact={made.pk}"

    page = client.get(address).content.decode()
    client.post(address, {"reason": "File 12"})

    assert "+49 30 901820" in page
    assert sorted(Erasure.objects.values_list("number", flat=True)) == ["+14155550123", "+4930901820"]
    assert client.get(reverse("admin:retention_erasure_add") + "?contact=7").status_code == 403
