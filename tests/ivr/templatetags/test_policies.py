"""The page of a policy is told what lines and flows know; the page of a queue, which policies name it."""

import pytest
from django.template import Context, Template

from ivr.drafting.uses import uses
from tests.compliance.rows import policy
from tests.ivr.rows import line, simple_flow
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


def test_the_tags_give_numbers_and_gaps():
    line("Main <line>", "+15005550100", None)
    made = policy(number="+15005550199")

    drawn = Template("{% load policies %}{% our_numbers %}{% gaps_of policy as gaps %}{{ gaps|length }}").render(
        Context({"policy": made})
    )

    assert '<option value="+15005550100">Main &lt;line&gt;</option>' in drawn
    assert drawn.strip().endswith("1")


def test_what_a_policy_names_is_used_by_it():
    queue, flow = make_queue("Sales"), simple_flow()
    policy("Sales", queue=queue)
    policy("Main", flow=flow)

    assert [use.text for use in uses(queue)] == ["policy Sales, which says what is recorded"]
    assert [use.text for use in uses(flow)] == ["policy Main, which says what is recorded"]
