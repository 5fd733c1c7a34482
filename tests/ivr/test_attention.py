from datetime import timedelta

import pytest
from django.utils.timezone import now

from agents import roles
from ivr import attention
from ivr.actions import releasing
from ivr.models import Flow, Release
from tests.ivr import rows

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def texts(person):
    return [row["text"] for row in attention.needed(type(person).objects.get(pk=person.pk))]


def test_a_proposal_waits_for_everybody_who_may_approve_it_but_whoever_made_it():
    ann, ben = (rows.person(roles.FLOW_EDITOR, username=name) for name in ("ann", "ben"))
    flow = rows.simple_flow()
    Flow.objects.update(needs_approval=True)
    releasing.propose(flow, by=ann, note="", at=now())

    assert texts(ben) == ["Main: a new version by ann waits for your approval."]
    assert texts(ann) == texts(rows.person(roles.AUDITOR)) == []


def test_what_could_not_be_published_is_told_until_somebody_publishes():
    ann = rows.person(roles.FLOW_EDITOR, username="ann")
    flow = rows.simple_flow()
    release = releasing.propose(flow, by=None, note="", at=now() - HOUR, publish_at=now() - HOUR / 2)
    Release.objects.filter(pk=release.pk).update(state="failed", ended_at=now())

    assert texts(ann) == ["Main: what was planned could not be published."]

    rows.actions.publish(flow, by=None, note="", at=now())
    assert texts(ann) == []


def test_a_time_that_is_over_without_anything_happening_is_told():
    ann = rows.person(roles.FLOW_EDITOR, username="ann")
    releasing.propose(rows.simple_flow(), by=None, note="", at=now() - HOUR, publish_at=now() - HOUR / 2)

    assert texts(ann) == ["Main: the time of what was planned is over, and it is not published. Is a worker running?"]
