"""What a line does at an instant, and what is wrong with it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ivr.admin.now import Now, describe
from ivr.models import Interval, Schedule, Version
from telephony import callbacks
from telephony.callbacks import Where
from tests.ivr import rows
from tests.telephony.factories import phone_number

pytestmark = pytest.mark.django_db

MONDAY_AT_TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


def told(line, at=MONDAY_AT_TEN):
    return describe([line], at=at)[line.pk]


def mornings():
    schedule = Schedule.objects.create(name="Mornings")
    Interval.objects.create(schedule=schedule, weekday=0, opens=time(9), closes=time(12))
    return schedule


@pytest.mark.parametrize(
    ("address", "make", "sentence", "trouble"),
    [
        ("+15005550100", lambda: None, "only the emergency text", "No flow is chosen"),
        ("*", lambda: None, "only the emergency text", ""),
        (
            "+15005550100",
            rows.simple_flow,
            "only the emergency text",
            "Flow Main was never published: this line answers nothing",
        ),
        ("+15005550100", lambda: rows.publish(rows.simple_flow()), "message “Greeting”, then hang up “The end”", ""),
    ],
    ids=["no flow", "no flow for all others", "draft", "published"],
)
def test_a_line_is_told_in_words(address, make, sentence, trouble):
    rows.Line.objects.all().delete()

    assert told(rows.line("Front", address, make())) == Now(sentence, trouble, None)


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(), "Open, until 12:00 (Mornings): hang up “The end”"),
        (timedelta(hours=3), "Closed; opens Monday, 9 March 2026 at 09:00 (Mornings): hang up “The end”"),
    ],
)
def test_hours_are_told_for_the_instant_that_is_asked_about(later, words):
    line = rows.line("Front", "+15005550100", rows.publish(rows.hours_flow("Main", mornings())))

    assert told(line, MONDAY_AT_TEN + later).sentence == words


def test_a_published_version_that_cannot_be_read_is_told():
    flow = rows.simple_flow()
    flow.published = Version.objects.create(flow=flow, number=1, document={"format": 1}, published_at=rows.AT)
    flow.save()

    now = told(rows.line("Front", "+15005550100", flow))

    assert now.sentence == "only the emergency text"
    assert now.trouble.startswith("The published version cannot be read: ")


@pytest.mark.parametrize(
    ("columns", "leads", "is_trouble"),
    [
        (lambda: {"voice_url": callbacks.document("voice-inbound")}, Where.HERE, False),
        (lambda: {"voice_url": "https://elsewhere.example.com/"}, Where.ELSEWHERE, True),
        (dict, Where.NOWHERE, True),
        (lambda: {"voice_url": callbacks.document("voice-inbound"), "trunk_sid": "TK1"}, Where.ELSEWHERE, True),
        (lambda: {"is_gone": True}, None, False),
    ],
    ids=["here", "elsewhere", "nowhere", "a trunk goes before the address", "no number of ours any more"],
)
def test_where_twilio_sends_the_number_is_told(columns, leads, is_trouble):
    line = rows.line("Front", "+15005550100", rows.publish(rows.simple_flow()))
    phone_number("+15005550100", **columns())

    now = told(line)

    assert now.leads == leads
    assert bool(now.trouble) is is_trouble


def test_many_lines_take_as_many_queries_as_one():
    lines = [
        rows.line(f"Line {index}", f"+1500555010{index}", rows.publish(rows.hours_flow(f"Flow {index}", schedule)))
        for index, schedule in enumerate(Schedule.objects.create(name=f"Week {index}") for index in range(5))
    ]
    describe(lines, at=MONDAY_AT_TEN)  # versions are read once by each process

    with CaptureQueriesContext(connection) as one:
        describe(lines[:1], at=MONDAY_AT_TEN)
    with CaptureQueriesContext(connection) as five:
        describe(lines, at=MONDAY_AT_TEN)

    assert len(five) == len(one)
