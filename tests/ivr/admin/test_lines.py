"""Lines: what they do now, and what is written into them."""

from datetime import UTC, datetime, time

import pytest
from django.urls import reverse

from agents import roles
from ivr.models import DatedException, Interval, Line, Schedule
from telephony import callbacks
from telephony.models import PhoneNumber
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.force_login(rows.person(roles.ADMINISTRATOR))
    return client


def listed(client):
    return client.get(reverse("admin:ivr_line_changelist")).content.decode()


def always_open():
    schedule = Schedule.objects.create(name="Every day")
    for day in range(7):
        Interval.objects.create(schedule=schedule, weekday=day, opens=time(0), closes=time(0))
    return schedule


def test_the_list_says_what_each_line_does_now_and_why(administrator):
    rows.line("Front", "+15005550100", rows.publish(rows.hours_flow("Main", always_open())))

    page = listed(administrator)

    assert "+1 500-555-0100" in page
    assert "Open, with no change within a year (Every day): hang up “The end”" in page


def test_a_line_whose_flow_was_never_published_needs_attention(administrator):
    rows.line("Front", "+15005550100", rows.simple_flow())

    assert "Flow Main was never published: this line answers nothing" in listed(administrator)


def test_a_line_without_a_flow_needs_attention_except_the_one_for_all_others(administrator):
    everything_else = listed(administrator)
    rows.line("Front", "+15005550100", None)

    assert "No flow is chosen" not in everything_else
    assert "No flow is chosen" in listed(administrator)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://elsewhere.example.com/voice", "sends calls of this number elsewhere, not here"),
        ("", "sends calls of this number nowhere, not here"),
    ],
)
def test_a_number_that_does_not_point_here_needs_attention(administrator, url, words):
    rows.line("Front", "+15005550100", rows.publish(rows.simple_flow()))
    PhoneNumber.objects.create(sid="PN1", number="+15005550100", voice_url=url, synchronized_at=datetime.now(UTC))

    assert words in listed(administrator)


def test_a_number_that_points_here_is_fine(administrator):
    line = rows.line("Front", "+15005550100", rows.publish(rows.simple_flow()))
    PhoneNumber.objects.create(
        sid="PN1",
        number="+15005550100",
        voice_url=callbacks.document("voice-inbound"),
        synchronized_at=datetime.now(UTC),
    )

    page = administrator.get(reverse("admin:ivr_line_change", args=[line.pk])).content.decode()

    assert "Twilio sends calls of this number here." in page
    assert "not here" not in listed(administrator)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+1 (500) 555-0100", "+15005550100"),
        (" * ", "*"),
        ("sip:Desk@Company.sip.twilio.com:5061;transport=tls", "sip:Desk@company.sip.twilio.com"),
        ("client:desk", "client:desk"),
    ],
)
def test_an_address_is_kept_in_the_form_in_which_calls_name_it(administrator, typed, kept):
    Line.objects.all().delete()

    administrator.post(reverse("admin:ivr_line_add"), form(address=typed))

    assert [line.address for line in Line.objects.all()] == [kept]


@pytest.mark.parametrize("typed", ["5550100", "front desk", "sip:", "+1"])
def test_an_address_that_nobody_can_call_is_refused(administrator, typed):
    page = administrator.post(reverse("admin:ivr_line_add"), form(address=typed)).content.decode()

    assert "Write a number with + and country code" in page
    assert Line.objects.count() == 1


def test_a_forwarding_number_must_be_a_number(administrator):
    page = administrator.post(reverse("admin:ivr_line_add"), form(forward_to="my mobile")).content.decode()

    assert "Write a number with + and country code." in page


def form(**changed):
    return {
        "name": "Front",
        "address": "+15005550100",
        "flow": "",
        "emergency_text": "Please call again.",
        "emergency_language": "en-US",
        "emergency_voice": "",
        "forward_to": "",
    } | changed


def test_a_holiday_is_told_by_its_name(administrator):
    schedule = always_open()
    line = rows.line("Front", "+15005550100", rows.publish(rows.hours_flow("Main", schedule)))
    DatedException.objects.create(schedule=schedule, date=datetime.now(UTC).date(), name="Moving day")

    page = administrator.get(reverse("admin:ivr_line_change", args=[line.pk])).content.decode()

    assert "Closed for Moving day; opens tomorrow at 00:00 (Every day)" in page
