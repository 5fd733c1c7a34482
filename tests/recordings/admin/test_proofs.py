"""The proof sheet as a page and as a file, for those who may read the ledger."""

import hashlib
import json
import re

import pytest
from django.urls import reverse

from agents import roles
from compliance.models import AccessEntry
from tests.agents.factories import user
from tests.calls.factories import make_call
from tests.recordings.recorders import Recorded

pytestmark = pytest.mark.django_db


def sheet_of(call):
    return reverse("admin:recordings_proof", args=[call.pk])


def file_of(call):
    return reverse("admin:recordings_proof_file", args=[call.pk])


def text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&#x27;", "'")


@pytest.fixture
def supervisor(client):
    client.force_login(user(roles.SUPERVISOR, username="sue"))
    return client


def test_the_sheet_tells_the_whole_of_it(supervisor):
    made = Recorded()
    made.coached("Kim", 40, 50)

    page = text(supervisor.get(sheet_of(made.call)))

    for words in (
        made.call.sid,
        "+1 415-555-0123",
        "Conversations of queue Sales",
        "“May we record you?”",
        "en-US, version 1",
        "agreed, by key 1",
        "On channel 1: customer; on channel 2: Ann.",
        "second 18",
        "Paused by hand",
        "The customer was on hold",
        "Ann (colleague) was there and was not asked: by policy Sales the customer is asked.",
        "What Kim whispered to the agent as a supervisor is on no recording.",
        "Nobody had access.",
        "by sue",
    ):
        assert words in page


def test_a_call_of_which_nothing_was_recorded_says_so(supervisor):
    page = text(supervisor.get(sheet_of(make_call())))

    assert "No policy covered this call." in page
    assert "Nothing of this call was recorded." in page


def test_the_file_has_the_hash_that_stands_on_the_sheet_and_in_its_name(supervisor):
    call = Recorded().call

    sheet, file = supervisor.get(sheet_of(call)).content.decode(), supervisor.get(file_of(call))

    digest = hashlib.sha256(file.content).hexdigest()
    assert f'id="sha256">{digest}<' in sheet
    assert f'filename="proof-{call.sid}-{digest[:12]}.json"' in file["Content-Disposition"]
    assert json.loads(file.content)["call"]["sid"] == call.sid
    assert file["Content-Type"] == "application/json"
    assert "no-store" in file["Cache-Control"]
    logged = AccessEntry.objects.get()
    assert (logged.action, logged.subject, logged.subject_id, logged.who) == ("exported", "call", str(call.pk), "sue")
    assert logged.detail == {"sha256": digest}


def test_numbers_are_hidden_from_those_who_may_not_see_them(client):
    call = Recorded().call
    client.force_login(user(roles.AUDITOR))

    for answer in (client.get(sheet_of(call)), client.get(file_of(call))):
        assert answer.status_code == 200
        assert "555-0123" not in answer.content.decode()
        assert "+1415****123" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (roles.ADMINISTRATOR, 200),
        (roles.SUPERVISOR, 200),
        (roles.AUDITOR, 200),
        (roles.FLOW_EDITOR, 403),
        (roles.AGENT, 403),
        ("", 302),
    ],
)
def test_who_may_see_it(client, role, status):
    call = make_call()
    if role:
        client.force_login(user(role))

    assert client.get(sheet_of(call)).status_code == status
    assert client.get(file_of(call)).status_code == status


def test_a_call_that_is_not_there_has_none(supervisor):
    call = make_call()
    address = sheet_of(call)
    call.delete()

    assert supervisor.get(address).status_code == 404
