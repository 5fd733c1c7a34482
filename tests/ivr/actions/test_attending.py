"""Who has the page of a draft open; read by `ivr/drafting/attendance.py`."""

from datetime import timedelta
from uuid import uuid4

import pytest

from agents import roles
from ivr.actions import attending
from ivr.drafting import attendance
from ivr.models import OpenPage
from tests.ivr import rows

pytestmark = pytest.mark.django_db
AT = rows.AT


def test_people_see_each_other_and_what_they_look_at():
    flow = rows.simple_flow()
    ann, bob = rows.person(roles.FLOW_EDITOR, username="ann"), rows.person(roles.ADMINISTRATOR, username="bob")
    mine, theirs = uuid4(), uuid4()

    attending.attend(flow.pk, mine, user=ann, step="", at=AT)
    attending.attend(flow.pk, theirs, user=bob, step=str(flow.first_id), at=AT)

    (other,) = attendance.others(flow.pk, mine, user=ann.pk, at=AT)
    assert (other.name, other.step, other.is_me) == ("bob", "Greeting", False)
    assert [one.name for one in attendance.others(flow.pk, theirs, user=bob.pk, at=AT)] == ["ann"]


def test_whoever_stops_telling_is_gone():
    flow, ann = rows.simple_flow(), rows.person(roles.FLOW_EDITOR)
    page = uuid4()

    attending.attend(flow.pk, page, user=ann, step="", at=AT)
    later = AT + attendance.GONE_AFTER + timedelta(seconds=1)

    assert attendance.others(flow.pk, None, user=ann.pk, at=later) == []
    attending.attend(flow.pk, uuid4(), user=ann, step="", at=later)
    assert OpenPage.objects.count() == 1


def test_a_closed_page_is_gone_at_once():
    flow, ann = rows.simple_flow(), rows.person(roles.FLOW_EDITOR)
    page = uuid4()
    attending.attend(flow.pk, page, user=ann, step="", at=AT)

    attending.leave(flow.pk, page, user=ann)

    assert not OpenPage.objects.exists()


def test_nobody_takes_the_page_of_another():
    flow = rows.simple_flow()
    ann, bob = rows.person(roles.FLOW_EDITOR, username="ann"), rows.person(roles.ADMINISTRATOR, username="bob")
    page = uuid4()
    attending.attend(flow.pk, page, user=ann, step="", at=AT)

    attending.attend(flow.pk, page, user=bob, step="", at=AT)
    attending.leave(flow.pk, page, user=bob)

    assert OpenPage.objects.get().user == ann
