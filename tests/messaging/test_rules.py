"""Which rule forbids a text, and what is sent in place of a call."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from messaging.rules import NO_MOBILE, Facts, Fallback, comes_again, goes_at, governing, refused_by
from messaging.states import Missed, Rule

FINE = Facts(is_number=True, is_ours=False, has_sender=True, opted_out=False, line="mobile")
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({}, None),
        ({"line": ""}, None),
        ({"line": "nonFixedVoip"}, None),
        ({"is_number": False}, Rule.NO_NUMBER),
        ({"is_ours": True}, Rule.OUR_OWN),
        ({"opted_out": True}, Rule.OPTED_OUT),
        ({"line": "landline"}, Rule.LANDLINE),
        ({"line": NO_MOBILE}, Rule.LANDLINE),
        ({"has_sender": False}, Rule.NO_SENDER),
        # who has said no is told to have said no, whatever else is wrong
        ({"opted_out": True, "line": "landline", "has_sender": False}, Rule.OPTED_OUT),
    ],
)
def test_a_text_is_refused_by_the_first_rule(known, rule):
    assert refused_by(replace(FINE, **known)) == rule


def fallback(number: int, queue: int | None = None, language: str = "", **fields) -> Fallback:
    defaults = {"after": frozenset(Missed), "every": timedelta(hours=24)}
    defaults |= {"opens": time(8), "closes": time(21), "waits": timedelta(hours=12)}
    return Fallback(number, queue, language, **(defaults | fields))


ALL = fallback(1)
SALES, GERMAN = fallback(2, queue=7), fallback(3, language="de")
GERMAN_SALES, AUSTRIAN_SALES = fallback(4, queue=7, language="de-DE"), fallback(5, queue=7, language="de-AT")


@pytest.mark.parametrize(
    ("rules", "queue", "language", "counts"),
    [
        ([], 7, "de-DE", None),
        ([ALL], None, "", ALL),
        ([ALL, SALES, GERMAN], 7, "de-DE", SALES),
        ([ALL, SALES, GERMAN], 8, "de-DE", GERMAN),
        ([ALL, SALES, GERMAN], 8, "en-US", ALL),
        ([ALL, SALES, GERMAN_SALES, AUSTRIAN_SALES], 7, "de-AT", AUSTRIAN_SALES),
        ([ALL, SALES, GERMAN_SALES], 7, "de-AT", GERMAN_SALES),
        ([ALL, SALES, GERMAN_SALES], 7, "", SALES),
        ([SALES], 8, "", None),
        ([GERMAN], None, "", None),
    ],
)
def test_the_most_specific_rule_counts(rules, queue, language, counts):
    assert governing(rules, queue=queue, language=language) == counts
    assert governing(reversed(rules), queue=queue, language=language) == counts


@pytest.mark.parametrize(
    ("sent", "again"),
    [
        ([], False),
        ([timedelta(hours=-25)], False),
        ([timedelta(hours=-24)], False),
        ([timedelta(hours=-23)], True),
        ([timedelta(hours=-25), timedelta(hours=-1)], True),
        ([timedelta(hours=5)], True),
    ],
)
def test_one_text_in_a_period(sent, again):
    assert comes_again(ALL, [AT + ago for ago in sent], at=AT) is again


@pytest.mark.parametrize(
    ("places", "hour", "goes"),
    [
        (["UTC"], 15, 15),
        (["UTC"], 8, 8),
        (["UTC"], 21, 32),  # eight the next morning
        (["UTC"], 3, 8),
        (["America/Los_Angeles"], 15, 16),
        (["America/Los_Angeles", "Europe/Berlin"], 15, 16),
        (["America/Los_Angeles", "Asia/Tokyo"], 15, 23),
        (["America/Los_Angeles", "Europe/Berlin"], 20, None),
    ],
)
def test_it_goes_at_a_decent_hour_wherever_the_person_may_be(places, hour, goes):
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    found = goes_at(ALL, places, at=midnight + timedelta(hours=hour))

    assert found == (None if goes is None else midnight + timedelta(hours=goes))


def test_what_would_have_to_wait_too_long_does_not_go():
    late = AT.replace(hour=22)

    assert goes_at(replace(ALL, waits=timedelta(hours=10)), ["UTC"], at=late) == late + timedelta(hours=10)
    assert goes_at(replace(ALL, waits=timedelta(hours=9)), ["UTC"], at=late) is None
    assert goes_at(replace(ALL, waits=timedelta(0)), ["UTC"], at=AT) == AT
