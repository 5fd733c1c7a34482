from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.roles import ADMINISTRATOR, AGENT, AUDITOR, FLOW_EDITOR, SUPERVISOR
from compliance import chain
from compliance.models import AccessEntry
from compliance.states import Access
from tests.compliance.factories import log
from tests.ivr import rows
from tests.recordings.factories import make_recording, make_user

pytestmark = pytest.mark.django_db

LOG = "/admin/compliance/accessentry/"


@pytest.fixture
def auditor(client: Client) -> Client:
    client.force_login(rows.person(AUDITOR))
    return client


def page(client: Client, address: str = LOG, **query: Any) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [(ADMINISTRATOR, 200), (FLOW_EDITOR, 403), (SUPERVISOR, 403), (AGENT, 403), (AUDITOR, 200)]
)
def test_the_log_is_for_administrators_and_auditors(client: Client, role: str, status: int) -> None:
    client.force_login(rows.person(role))

    assert client.get(LOG).status_code == status
    if status == 403:
        assert client.post(reverse("admin:compliance_accessentry_export")).status_code == 403


def test_the_list_says_who_heard_what_part_of_which_recording(auditor: Client) -> None:
    recording = make_recording()
    log(190, subject_id=recording.pk, reason="A complaint")

    shown = page(auditor)

    assert "person 190" in shown
    assert "0:00 to 3:10 of 5:00" in shown
    assert "A complaint" in shown
    assert reverse("admin:recordings_recording_change", args=[recording.pk]) in shown


def test_an_entry_has_a_page_with_all_of_it(auditor: Client) -> None:
    entry = log(190, subject="something gone", subject_id="77-1")

    shown = page(auditor, f"{LOG}{entry.pk}/change/")

    assert "0:00 to 3:10 of 5:00" in shown
    assert "something gone 77" in shown
    assert entry.hash in shown
    assert 'name="_save"' not in shown


def test_entries_are_found_by_person_action_recording_and_day(auditor: Client) -> None:
    ann = make_user("ann")
    log(1, user=ann, who="", subject_id="aaaa-1")
    log(2, who="eve", action=Access.DOWNLOADED, subject_id="bbbb-2")

    def found(**query: Any) -> set[str]:
        shown = page(auditor, **query)
        return {name for name in ("aaaa", "bbbb") if f"recording {name}" in shown}

    assert found() == {"aaaa", "bbbb"}
    assert found(user__id__exact=ann.pk) == {"aaaa"}
    assert found(action="downloaded") == {"bbbb"}
    assert found(q="aaaa-1") == {"aaaa"}
    assert found(q="EVE") == {"bbbb"}
    assert found(subject="recording") == {"aaaa", "bbbb"}
    assert found(subject="call") == set()
    assert found(at_from="2026-01-01", at_to="2026-12-31") == {"aaaa", "bbbb"}
    assert found(at_from="2027-01-01") == set()


def test_nobody_adds_changes_or_deletes(client: Client) -> None:
    client.force_login(make_user("root", is_superuser=True))
    entry = log()

    assert client.get(f"{LOG}add/").status_code == 403
    assert client.post(f"{LOG}{entry.pk}/change/", {"reason": "better"}).status_code == 403
    assert client.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert AccessEntry.objects.get().reason == entry.reason


def test_an_export_is_a_file_that_verifies_and_is_logged_itself(auditor: Client) -> None:
    log(1)

    response: Any = auditor.post(reverse("admin:compliance_accessentry_export"))

    lines = b"".join(response.streaming_content).decode().splitlines(keepends=True)
    assert chain.anchor_of(lines).entries == 2
    assert response["Content-Disposition"].startswith('attachment; filename="access-log-')
    assert "no-store" in response["Cache-Control"]
    exported = AccessEntry.objects.latest("id")
    assert (exported.action, exported.who, exported.address) == ("exported", "auditor", "127.0.0.1")


def test_an_export_is_no_link_and_needs_its_permission(client: Client) -> None:
    client.force_login(make_user("ann", "compliance.view_accessentry"))
    address = reverse("admin:compliance_accessentry_export")

    assert "Export the whole log" not in page(client)
    assert client.post(address).status_code == 403
    assert client.get(address).status_code == 405


def test_the_list_asks_as_much_for_many_entries_as_for_one(auditor: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            page(auditor)
        return len(counted)

    log(1, user=make_user("ann"))
    one = queries()
    for number in range(5):
        log(number, user=make_user(f"user{number}"), subject_id=make_recording().pk)

    assert queries() == one
