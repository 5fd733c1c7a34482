import pytest
from django.db import IntegrityError, connection, transaction

from conferences.models import Conference, Participant
from conferences.room import Phase, Role
from conferences.states import LegState
from tests.agents.factories import agent
from tests.conferences.factories import AT, conference, customer, person

pytestmark = pytest.mark.django_db


def test_an_agent_has_one_live_leg_and_a_conversation_one_customer() -> None:
    first, second, ann = conference(), conference(), agent("Ann")
    person(first, Role.OWNER, LegState.LEFT, agent=ann)
    person(first, Role.OWNER, agent=ann)
    customer(first)

    with pytest.raises(IntegrityError), transaction.atomic():
        person(second, Role.OWNER, LegState.WANTED, agent=ann)
    with pytest.raises(IntegrityError), transaction.atomic():
        customer(first)


def test_unsettled_is_what_is_open_or_has_a_leg_that_may_live() -> None:
    talking = conference()
    conference(Phase.CLOSED, ended_at=AT)
    ending = conference(Phase.CLOSED)
    left_behind = conference(Phase.CLOSED, ended_at=AT)
    person(left_behind, Role.OWNER, LegState.RINGING)

    assert set(Conference.objects.unsettled()) == {talking, ending, left_behind}
    assert set(Conference.objects.open()) == {talking, ending}


def test_a_name_and_a_label_tell_nothing_and_fit_where_twilio_takes_them() -> None:
    assert Conference().name.isalnum()
    assert Participant().label.isalnum()
    assert not Participant().label.startswith("CA")


def test_open_conversations_are_found_without_looking_through_those_that_are_over() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "Seq Scan" not in Conference.objects.unsettled().explain()
