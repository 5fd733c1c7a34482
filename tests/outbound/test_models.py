"""Tests of orders as rows: who sees them, and what the database refuses."""

import pytest
from django.db import IntegrityError, transaction

from outbound.models import Order
from tests.agents import factories as people
from tests.outbound.factories import make_order
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


def test_people_see_their_own_orders_and_those_of_their_teams():
    lead = people.user("Supervisor")
    team = people.team("Sales", supervisors=[lead])
    ann, ben = people.agent("Ann", team=team), people.agent("Ben")
    hers = make_order(agent=ann)
    his = make_order(agent=ben)
    of_queue = make_order(agent=ben, queue=make_queue(name="Sales", team=team))
    made = make_order(agent=ben, made_by=lead)

    def seen(user):
        return set(Order.objects.visible_to(user))

    assert seen(ann.user) == {hers, of_queue}
    assert seen(ben.user) == {his, of_queue, made}
    assert seen(lead) == {hers, of_queue, made}
    assert seen(people.user("Administrator")) == set(Order.objects.all())


def test_an_order_that_lives_names_an_agent_or_a_flow():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_order()

    assert not make_order(state="done").is_live
