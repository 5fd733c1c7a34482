"""Who is in a draft, as others are told."""

from uuid import uuid4

import pytest

from agents import roles
from ivr.actions import attending
from ivr.drafting import attendance
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def test_oneself_in_another_window_is_told_as_such():
    flow, ann = rows.simple_flow(), rows.person(roles.FLOW_EDITOR)
    attending.attend(flow.pk, uuid4(), user=ann, step="", at=rows.AT)

    (other,) = attendance.others(flow.pk, uuid4(), user=ann.pk, at=rows.AT)

    assert (other.is_me, other.step) == (True, "")


def test_those_in_other_flows_are_not_told():
    flow, other, ann = rows.simple_flow(), rows.simple_flow("Other"), rows.person(roles.FLOW_EDITOR)
    attending.attend(other.pk, uuid4(), user=ann, step="", at=rows.AT)

    assert attendance.others(flow.pk, None, user=0, at=rows.AT) == []
