"""What the database refuses, whoever writes to it."""

from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from calls.models import Call
from ivr.models import Audio, DatedException, Exit, FlowLanguage, Interval, Line, Schedule, StepPrompt, Visit, Wording
from tests.ivr import rows
from tests.ivr.rows import AT

pytestmark = pytest.mark.django_db


def refused(make: Any, **fields: Any) -> bool:
    try:
        with transaction.atomic():
            make(**fields)
    except IntegrityError:
        return True
    return False


def test_a_wording_has_a_text_or_a_sound_and_is_one_per_language() -> None:
    prompt = rows.prompt()
    sound = Audio.objects.create(sha256="ab" * 32, name="Chime", seconds=1, uploaded_at=AT)
    make = Wording.objects.create

    assert refused(make, prompt=prompt, language="es-US", text="")
    assert refused(make, prompt=prompt, language="en-US", text="Hello again.")
    assert not refused(make, prompt=prompt, language="es-US", audio=sound)
    with pytest.raises(ProtectedError):
        sound.delete()


def test_a_week_has_seven_days() -> None:
    schedule = Schedule.objects.create(name="Hours")

    assert refused(Interval.objects.create, schedule=schedule, weekday=7, opens=time(9), closes=time(17))
    assert not refused(Interval.objects.create, schedule=schedule, weekday=6, opens=time(22), closes=time(2))


def test_an_exception_has_both_times_or_none_and_each_start_once() -> None:
    fields = {"schedule": Schedule.objects.create(name="Hours"), "date": date(2026, 12, 24), "name": "Eve"}
    make = DatedException.objects.create

    assert refused(make, **fields, opens=time(9))
    assert refused(make, **fields, closes=time(9))
    assert not refused(make, **fields)
    assert refused(make, **fields)  # closed all day, twice
    assert not refused(make, **fields, opens=time(9), closes=time(12))
    assert not refused(make, **fields, opens=time(14), closes=time(16))


def test_a_part_of_a_day_that_is_closed_has_a_beginning_and_no_opening_hours() -> None:
    fields = {"schedule": Schedule.objects.create(name="Hours"), "date": date(2026, 12, 24), "name": "Eve"}
    make = DatedException.objects.create

    assert refused(make, **fields, closed_until=time(9))
    assert refused(make, **fields, closed_from=time(9), opens=time(9), closes=time(12))
    assert not refused(make, **fields, closed_from=time(14))
    assert refused(make, **fields, closed_from=time(14), closed_until=time(16))  # two that begin alike
    assert not refused(make, **fields, closed_from=time(9), closed_until=time(10))


def test_names_are_used_once() -> None:
    flow = rows.simple_flow()
    step = flow.steps.get(name="Greeting")

    assert refused(rows.flow, name="Main")
    assert refused(rows.step, flow=flow, name="Greeting")
    assert refused(Exit.objects.create, step=step, name="next")
    assert refused(StepPrompt.objects.create, step=step, role="message", prompt=rows.prompt("Other"))
    assert refused(FlowLanguage.objects.create, flow=flow, language="en-US", voice="Polly.Amy")
    assert refused(Line.objects.create, name="Another star", address="*", emergency_text="Sorry.")


def test_a_step_that_others_lead_to_is_not_deleted() -> None:
    flow = rows.simple_flow()

    with pytest.raises(ProtectedError):
        flow.steps.get(name="The end").delete()


def test_a_call_visits_once() -> None:
    flow = rows.publish(rows.simple_flow())
    call = Call.objects.create(sid="CA1", started_at=AT, heard_at=AT)
    fields = {"call": call, "version": flow.published, "position": {}, "answer": "", "began_at": AT}

    assert not refused(Visit.objects.create, **fields)
    assert refused(Visit.objects.create, **fields)


@pytest.mark.parametrize("keys", ["1a", "1 2", "+", "١"])
def test_keys_are_those_of_a_telephone(keys: str) -> None:
    step = rows.step(rows.flow(), "Menu", "menu")

    with pytest.raises(ValidationError, match="Only 0 to 9"):
        Exit(step=step, name="Sales", is_option=True, keys=keys).clean_fields()
