"""What is not on the recording, on the page of the call."""

import re

import pytest
from django.urls import reverse

from agents import roles
from tests.agents.factories import user
from tests.calls.factories import make_call
from tests.compliance.rows import entry, policy, scope
from tests.recordings.recorders import Recorded

pytestmark = pytest.mark.django_db


def section(client, call):
    page = client.get(reverse("admin:calls_call_change", args=[call.pk])).content.decode()
    found = re.search(r'<section class="cc-panel" aria-labelledby="not-recorded">(.*?)</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.group(1))).replace("&#x27;", "'") if found else ""


@pytest.fixture
def supervisor(client):
    client.force_login(user(roles.SUPERVISOR))
    return client


def test_the_page_of_a_call_tells_what_is_not_on_the_recording(supervisor):
    told = section(supervisor, Recorded().call)

    assert "The conversation, on the customer's line" in told
    assert "Paused by hand 15:00:51–15:01:02 · after 0:51 · 11 s" in told
    assert "what agents say to one another" in told
    assert "Proof sheet" in told


def test_a_call_that_was_asked_about_and_not_recorded_says_so(supervisor):
    call = scope().call
    entry(call, policy(), "refused")

    assert "Nothing of this call was recorded." in section(supervisor, call)


def test_a_call_with_nothing_to_prove_has_no_such_section(supervisor):
    assert section(supervisor, make_call()) == ""


def test_who_may_not_read_the_ledger_sees_no_such_section(client):
    client.force_login(user(roles.AGENT))

    assert section(client, Recorded().call) == ""
