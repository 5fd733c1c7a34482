from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from ivr import documents, facts
from ivr.hours.opening import Opening
from ivr.models import DatedException, Flow, Interval, Schedule
from tests.contacts.factories import AT as FIRST
from tests.contacts.factories import contact
from tests.ivr import rows
from tests.ivr.hours import rows as hours
from tests.ivr.rows import AT
from tests.scenarios import flows

pytestmark = pytest.mark.django_db


def read(flow: Flow, step: str = "", **more: Any) -> facts.Reading:
    document = documents.frozen(flow.published_id)
    return facts.read(document, step or document.first, at=AT, caller="+14155550123", called="+15005550100", **more)


def test_nothing_is_asked_where_nothing_can_be(django_assert_num_queries: Any) -> None:
    flow = flows.publish("Main", {"Bye": flows.hang_up("Goodbye.")}, at=AT)
    documents.frozen(flow.published_id)

    with django_assert_num_queries(0):
        reading = read(flow)

    assert (reading.facts.openings, reading.facts.flows, reading.versions) == ({}, {}, {})


def test_hours_and_flows_ahead_are_read_through_the_flows_that_are_gone_to() -> None:
    schedule = flows.office_hours()
    there = flows.publish(
        "There",
        {
            "Open?": flows.hours(schedule, opened="Bye", closed="Bye", holiday="Bye"),
            "Bye": flows.hang_up("Goodbye."),
        },
        at=AT,
    )
    between = flows.publish("Between", {"On": flows.go_to(there)}, at=AT)
    here = flows.publish("Here", {"Hello": flows.message("Hello.", then="On"), "On": flows.go_to(between)}, at=AT)

    reading = read(here)

    assert set(reading.facts.flows) == {str(between.pk), str(there.pk)}
    assert reading.versions == {str(between.pk): between.published_id, str(there.pk): there.published_id}
    assert reading.facts.openings == {str(schedule.pk): Opening("open", "")}


def test_flows_that_go_to_each_other_are_read_once() -> None:
    one, two = Flow.objects.create(name="One"), Flow.objects.create(name="Two")
    for flow, other in ((one, two), (two, one)):
        version = flow.versions.create(
            number=1,
            published_at=AT,
            document={
                "format": 1, "flow": {"id": flow.pk, "name": flow.name}, "languages": [], "first": "1", "prompts": {},
                "steps": {"1": {"kind": "go_to", "name": "On", "to_flow": str(other.pk)}},
            },
        )  # fmt: skip
        Flow.objects.filter(pk=flow.pk).update(published=version)
    one.refresh_from_db()

    assert set(read(one).versions) == {str(one.pk), str(two.pk)}


def test_who_calls_is_one_query_and_only_where_a_step_asks(django_assert_num_queries: Any) -> None:
    contact("Caller 1", is_vip=True, priority=9, attributes={"plan": "gold"})
    contact("Caller 2", at=FIRST + timedelta(days=1))
    steps = {
        "Who?": flows.caller(known="Menu", unknown="Menu"),
        "Menu": flows.menu("Press 1.", {"Bye": flows.Choice("Bye", "1")}, no_input="Bye", wrong_input="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }
    flow = flows.publish("Main", steps, at=AT)
    documents.frozen(flow.published_id)
    behind = str(flow.steps.get(name="Bye").pk)

    with django_assert_num_queries(1):
        found = read(flow).facts.known

    assert found is not None
    assert (found.name, found.is_vip, found.attributes, found.matches) == ("Caller 1", True, {"plan": "gold"}, 2)
    with django_assert_num_queries(0):
        assert read(flow, behind).facts.known is None


def test_what_lies_behind_the_caller_is_not_read() -> None:
    steps = {
        "Open?": flows.hours(flows.office_hours(), opened="Menu", closed="Menu", holiday="Menu"),
        "Menu": flows.menu("Press 1.", {"Bye": flows.Choice("Bye", "1")}, no_input="Bye", wrong_input="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }
    flow = flows.publish("Main", steps, at=AT)

    assert read(flow).facts.openings
    assert not read(flow, str(flow.steps.get(name="Menu").pk), call=uuid4()).facts.openings


def test_what_a_holiday_lets_callers_hear_is_read_with_one_query_more(django_assert_num_queries: Any) -> None:
    schedule = hours.office(time_zone="UTC")
    prompt = rows.prompt("Founders", "It is Founders' Day.")
    steps = {
        "Open?": flows.hours(schedule, opened="Bye", closed="Bye", holiday="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }
    flow = flows.publish("Main", steps, at=AT)
    read(flow)
    DatedException.objects.create(schedule=schedule, date=AT.date(), name="Founders' Day", prompt=prompt)

    with django_assert_num_queries(2):
        found = read(flow).facts

    assert found.openings[str(schedule.pk)].prompt == str(prompt.pk)
    assert found.announcements[str(prompt.pk)].wordings["en-US"].text == "It is Founders' Day."


@pytest.mark.parametrize(
    ("called", "shown"), [("+15005550100", "+15005550100"), ("sip:desk@x.example", "+15005550177")]
)
def test_the_number_to_show_is_the_called_one_or_that_of_the_settings(settings: Any, called: str, shown: str) -> None:
    settings.TWILIO_CALLER_ID = "+15005550177"
    document = documents.frozen(flows.publish("Main", {"Bye": flows.hang_up("Bye.")}, at=AT).published_id)

    reading = facts.read(document, document.first, at=AT, caller="anonymous", called=called, accepted=True)

    assert (reading.facts.own_number, reading.facts.caller, reading.facts.accepted) == (shown, "anonymous", True)


def test_openings_of_many_schedules_take_one_query(django_assert_num_queries: Any) -> None:
    schedules = [Schedule.objects.create(name=f"Hours {n}", time_zone="UTC") for n in range(5)]
    for schedule in schedules[:2]:
        Interval.objects.create(schedule=schedule, weekday=AT.weekday(), opens=time(9), closes=time(17))
    DatedException.objects.create(schedule=schedules[2], date=AT.date(), name="Founder's day")
    keys = [str(schedule.pk) for schedule in schedules]

    with django_assert_num_queries(1):
        found, _said = facts.openings(keys, at=AT)

    assert [found[key].state for key in keys] == ["open", "open", "holiday", "closed", "closed"]
    assert found[keys[2]].name == "Founder's day"
    assert facts.openings(keys, at=AT + timedelta(hours=3))[0][keys[0]].state == "closed"


def test_a_schedule_that_is_gone_is_left_out() -> None:
    assert facts.openings(["0"], at=AT) == ({}, {})


def test_a_flow_whose_version_is_broken_is_as_good_as_unpublished() -> None:
    there = flows.publish("There", {"Bye": flows.hang_up("Goodbye.")}, at=AT)
    here = flows.publish("Here", {"On": flows.go_to(there)}, at=AT)
    there.published = there.versions.create(number=2, published_at=AT, document={"format": 1, "steps": "none"})
    there.save()

    assert read(here).facts.flows == {}
