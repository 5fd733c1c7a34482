"""The paper about an erasure: what went, what remains, and sealed."""

import re
from datetime import timedelta

import pytest

from compliance.models import AccessEntry
from retention import certificate
from retention.actions import erasures
from retention.models import ErasureItem
from retention.states import ErasureState
from retention.traces import pattern
from tests.calls.factories import AT
from tests.retention import people
from tests.retention.erasures import confirmed, goes_on
from tests.retention.people import ANN, BEN

pytestmark = pytest.mark.django_db


def test_the_certificate_says_what_went_how_it_was_checked_and_what_remains(account, clock):
    people.customer(account)
    people.missed()
    account.message("SM1", sender=ANN)

    erasure = goes_on(confirmed(clock), clock)

    paper = erasure.certificate
    things = {thing["kind"]: thing for thing in paper["things"]}
    assert things["call"]["found"] == things["call"]["erased"] == things["call"]["checked"] == 2
    assert things["call"]["went"]["compliance.Consent"] == 1
    assert things["recording"]["went"] == {
        "recordings.Copy": 1,
        "recordings.Transcript": 1,
        "recordings.Voicemail": 1,
    }
    remains = {one["what"]: one["until"] for one in paper["remains"]}
    metadata = next(until for what, until in remains.items() if "description of the deleted recordings" in what)
    assert metadata == (AT + timedelta(days=41)).date().isoformat()
    assert "E-mails that had been sent about messages and calls: 1" in remains
    assert any("log of messages" in what for what in remains)


def test_the_certificate_names_the_person_only_to_who_has_the_number(account, clock):
    people.customer(account)

    erasure = goes_on(confirmed(clock), clock)

    text = certificate.canonical(erasure.certificate)
    assert not re.search(pattern(ANN), text)
    person = erasure.certificate["person"]
    assert person["number"] == "+1415****123"
    assert person["hash"] == erasures.digest_of(ANN, person["salt"]) != erasures.digest_of(BEN, person["salt"])
    assert (erasure.number, erasure.masked) == ("", "+1415****123")


def test_the_seal_is_in_the_log_of_access_with_each_step(account, clock):
    erasure = goes_on(confirmed(clock), clock)

    assert erasure.sha256 == certificate.seal(erasure.certificate)
    told = [entry.detail for entry in AccessEntry.objects.filter(action="erased").order_by("id")]
    assert [one["what"] for one in told] == ["asked for", "confirmed", "done"]
    assert told[-1]["sha256"] == erasure.sha256


def test_an_erasure_of_somebody_who_is_not_known_ends_with_a_paper_too(account, clock):
    erasure = goes_on(confirmed(clock), clock)

    assert erasure.state == ErasureState.DONE
    assert erasure.certificate["things"] == []
    assert not ErasureItem.objects.exists()
