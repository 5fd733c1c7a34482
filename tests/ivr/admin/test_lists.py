"""Lists of authored things take the same number of queries whatever their length."""

from datetime import UTC, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents import roles
from ivr.models import Audio, DatedException, Interval, Schedule, Wording
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def make_lines(index):
    schedule = Schedule.objects.create(name=f"Week {index}")
    rows.line(f"Line {index}", f"+1500555{index:04}", rows.publish(rows.hours_flow(f"Flow {index}", schedule)))


def make_prompts(index):
    audio = Audio.objects.create(sha256=f"{index:064}", name=f"Tune {index}", seconds=1, uploaded_at=datetime.now(UTC))
    Wording.objects.create(prompt=rows.prompt(f"Prompt {index}"), language="es-US", audio=audio)


def make_schedules(index):
    schedule = Schedule.objects.create(name=f"Week {index}")
    Interval.objects.create(schedule=schedule, weekday=0, opens=time(9), closes=time(18))
    DatedException.objects.create(schedule=schedule, date=datetime.now(UTC).date(), name="Holiday")


def make_users(index):
    rows.person(roles.AGENT, username=f"agent-{index}")


@pytest.mark.parametrize(
    ("page", "make", "most"),
    [
        ("ivr_line", make_lines, 14),
        ("ivr_flow", lambda index: rows.publish(rows.simple_flow(f"Flow {index}")), 10),
        ("ivr_step", lambda index: rows.simple_flow(f"Flow {index}"), 12),
        ("ivr_prompt", make_prompts, 12),
        ("ivr_audio", make_prompts, 10),
        ("ivr_schedule", make_schedules, 12),
        ("agents_user", make_users, 12),
    ],
)
def test_a_list_takes_as_many_queries_for_ten_rows_as_for_two(client, page, make, most):
    client.force_login(rows.person(roles.ADMINISTRATOR))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(f"admin:{page}_changelist")).status_code == 200
        return len(captured)

    make(1)
    make(2)
    queries()  # the first page fills the caches of the process
    few = queries()
    for index in range(3, 11):
        make(index)
    queries()
    many = queries()

    assert many == few <= most
