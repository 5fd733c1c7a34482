import pytest
from django.urls import reverse

from agents import roles
from compliance.models import RetentionRule
from compliance.states import Kept
from tests.agents.factories import user
from tests.compliance.keepers import OURS, make_queue, make_rule
from tests.retention import rows

pytestmark = pytest.mark.django_db

LIST, ADD, NEXT = (reverse(f"admin:compliance_retentionrule_{name}") for name in ("changelist", "add", "next"))


@pytest.fixture
def officer(client):
    made = user(roles.COMPLIANCE_OFFICER)
    client.force_login(made)
    return made


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: rows.AT)


def change(rule: RetentionRule) -> str:
    return reverse("admin:compliance_retentionrule_change", args=[rule.pk])


def cells(page: str) -> list[str]:
    return [part.partition("</strong>")[0] for part in page.split('<td class="cc-number"><strong>')[1:]]


def test_a_rule_is_saved_after_a_look_at_what_it_removes(client, officer, settings):
    settings.RETENTION_FIRST_RUN_LIMIT = 1
    for days in (40, 60):
        rows.recording(days)
    given = {"kind": "recording", "days": "30"}

    preview = client.post(ADD, given).content.decode()
    assert cells(preview) == ["2"]
    assert "January 1, 2026" in preview or "1 January 2026" in preview
    assert "waits until somebody types this number" in preview
    assert not RetentionRule.objects.exists()
    client.post(ADD, given | {"confirmed": "1"})

    rule = RetentionRule.objects.get()
    assert (rule.days, rule.changed_by) == (30, officer)
    assert "All recordings go after 30 days." in client.get(LIST).content.decode()


def test_a_change_tells_what_was_before(client, officer):
    rule = make_rule(Kept.RECORDING, 90)
    rows.recording(60)

    preview = client.post(change(rule), {"kind": "recording", "days": "30"}).content.decode()

    assert cells(preview) == ["1"]
    assert "(before: 0)" in preview
    rule.refresh_from_db()
    assert rule.days == 90


def test_deleting_a_rule_tells_what_the_others_remove_then(client, officer):
    rows.recording(60, number=OURS)
    shield = make_rule(Kept.RECORDING, None, number=OURS)
    make_rule(Kept.RECORDING, 30)
    address = reverse("admin:compliance_retentionrule_delete", args=[shield.pk])

    preview = client.get(address).content.decode()
    client.post(address)

    assert cells(preview) == ["1"]
    assert "(before: 0)" in preview
    assert [rule.days for rule in RetentionRule.objects.all()] == [30]


def test_what_goes_next_is_told_for_each_rule(client, officer):
    make_rule(Kept.RECORDING, 30)
    for days in (29.5, 25, 31):
        rows.recording(days)

    page = client.get(NEXT).content.decode()

    assert "All recordings go after 30 days." in page
    assert "All requests from Twilio go after 14 days." in page
    assert "+2" in page


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"kind": "recording", "days": "0"}, "greater than or equal to 1"),
        ({"kind": "recording", "days": "30"}, "There is a rule for exactly this already"),
        ({"kind": "nothing", "days": "30"}, "not one of the available choices"),
        ({"kind": "call", "days": "30", "number": "Ann"}, "no telephone number"),
    ],
)
def test_what_makes_no_sense_is_not_saved(client, officer, given, complaint):
    make_rule(Kept.RECORDING, 90)

    page = client.post(ADD, given | {"confirmed": "1"}).content.decode()

    assert complaint in page
    assert RetentionRule.objects.count() == 1


def test_a_supervisor_reads_the_rules(client):
    rule = make_rule(Kept.RECORDING, 30, queue=make_queue(name="Sales"))
    client.force_login(user(roles.SUPERVISOR))

    assert "Recordings of the queue Sales go after 30 days." in client.get(LIST).content.decode()
    page = client.get(change(rule)).content.decode()
    assert 'name="days"' not in page
    assert client.post(ADD, {"kind": "call", "days": "1", "confirmed": "1"}).status_code == 403
    client.post(change(rule), {"kind": "recording", "days": "1", "confirmed": "1"})
    rule.refresh_from_db()
    assert rule.days == 30


def test_the_list_asks_the_same_whatever_its_length(client, officer, django_assert_num_queries):
    make_rule(Kept.RECORDING, 30, queue=make_queue())
    client.get(LIST)

    with django_assert_num_queries(8):
        client.get(LIST)
    for _ in range(5):
        make_rule(Kept.RECORDING, 30, queue=make_queue())
    with django_assert_num_queries(8):
        client.get(LIST)
