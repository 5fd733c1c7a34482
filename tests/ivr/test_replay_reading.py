"""Which recorded visits are read, in which order, and with what; and the rest of a replay that needs rows."""

from datetime import timedelta

import pytest

from calls.models import CallEvent
from ivr.kinds.base import Keys, Recorded
from ivr.models import Version
from ivr.replay import reading, worlds
from ivr.replay.bulk import Walker
from ivr.replay.comparing import compare
from ivr.replay.reading import Period
from ivr.replay.recording import read
from tests.ivr import rows as drafts
from tests.ivr.replay import rows
from tests.ivr.rows import AT

pytestmark = pytest.mark.django_db


def period(flow: int) -> Period:
    return Period(flow, AT - timedelta(days=1), AT + timedelta(days=1))


def test_visits_come_in_the_order_of_their_calls_and_go_on_where_one_left_off() -> None:
    flow = rows.menu_flow()
    made = [rows.message(at=AT + timedelta(minutes=place)) for place in (2, 0, 1)]

    found = list(reading.visits(period(flow.pk)))
    rest = list(reading.visits(period(flow.pk), after=(found[0].at, found[0].call), limit=1))

    assert [row.call for row in found] == [made[1].call_id, made[2].call_id, made[0].call_id]
    assert [row.call for row in rest] == [made[2].call_id]
    assert reading.count(period(flow.pk)) == 3


def test_what_belongs_to_another_call_makes_no_difference_to_what_is_read() -> None:
    flow = rows.menu_flow()
    rows.message()
    rows.message(at=AT + timedelta(minutes=1), caller="+14155550199")
    rows.call(at=AT + timedelta(minutes=2))

    first, second, hung_up = (row.visit for row in reading.visits(period(flow.pk)))

    assert first.text == second.text
    assert first.moments != second.moments
    assert "heard" not in first.text
    assert "heard" in hung_up.text
    assert read(first).stays[0].inputs[0].heard == Keys("1")


def test_a_live_call_and_one_that_met_another_flow_are_left_out() -> None:
    flow, other = rows.menu_flow(), rows.menu_flow("Other", called="+15005550101")
    live = rows.message()
    type(live).objects.update(ended_at=None)
    rows.message(called="+15005550101")

    assert reading.count(period(flow.pk)) == 0
    assert [row.visit.called for row in reading.visits(period(other.pk))] == ["+15005550101"]


def test_a_flow_is_met_by_who_comes_from_another_one() -> None:
    inner = rows.menu_flow("Inner", called="+15005550101")
    outer = drafts.flow("Outer")
    outer.first = drafts.step(outer, "Go on", "go_to", to_flow=inner)
    outer.save()
    drafts.publish(outer)
    drafts.line("Outer", "+15005550104", outer)
    visit = rows.call(Keys("1"), Recorded("", 0), called="+15005550104")

    for flow in (inner, outer):
        assert [row.call for row in reading.visits(period(flow.pk))] == [visit.call_id]
        document = flow.published.document  # type: ignore[union-attr]
        opened = worlds.world(document, AT, AT)
        (row,) = reading.visits(period(flow.pk))
        compared = compare(row.visit, opened.world)
        assert compared.was == compared.would


def test_each_call_is_compared_with_the_version_that_it_met() -> None:
    flow = rows.menu_flow()
    rows.message()
    rows.swap(flow)
    drafts.actions.publish(flow, by=None, note="", at=AT + timedelta(hours=1))
    rows.call(Keys("2"), Recorded("", 0), at=AT + timedelta(hours=2))
    opened = worlds.world(Version.objects.get(number=2).document, AT, AT + timedelta(days=1))

    ends = [Walker(opened).compare(row.visit) for row in reading.visits(period(flow.pk))]

    assert [compared.differs for compared in ends] == [True, False]
    assert opened.editions.at(AT.timestamp() - 1) == 0
    assert opened.editions.at((AT + timedelta(hours=3)).timestamp()) == 2


def test_one_visit_is_read_with_all_that_was_heard() -> None:
    rows.menu_flow()
    visit = rows.message()

    found = reading.visit_of(visit.call_id)

    assert found is not None
    assert "Press 1." in found.text
    CallEvent.objects.all().delete()
    gone = reading.visit_of(visit.call_id)
    assert gone is not None
    assert gone.text == ""
