"""What is closed at once, told at the desks and on the board, and what opens by itself told no longer."""

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.test import Client
from django.utils import timezone

from agents import roles
from ivr.actions import closing
from tests.agents.factories import ready_agent, team, user
from tests.ivr.hours import rows
from tests.live.serving import dsn

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return _client(ready_agent("Ann", account=user(roles.AGENT, username="ann"), at=timezone.now()).user)


@pytest.fixture
def board():
    supervisor = user(roles.SUPERVISOR, username="sue")
    team(supervisors=[supervisor])
    return _client(supervisor)


def _client(person):
    client = Client()
    client.force_login(person)
    return client


def look(client, address):
    return client.get(address).content.decode()


def close(*schedules, until=HOUR, reason="Fire drill"):
    at = timezone.now()
    return closing.close(
        [one.pk for one in schedules], key=uuid4(), by=None, reason=reason, until=until and at + until, at=at
    )


def test_agents_read_what_is_closed_and_until_when(desk):
    closure = close(rows.office("Shop"), rows.office("Repairs"))

    text = look(desk, "/desk/panels/closed")

    assert "Repairs, Shop" in text
    assert "Fire drill" in text
    assert timezone.localtime(closure.ends_at).strftime("%H:%M</time>") in text
    assert "/admin/close/" not in text


def test_supervisors_read_it_and_open_again_from_there(board):
    close(rows.office("Shop"), until=None)

    text = look(board, "/board/panels/closed")

    assert "until somebody opens it" in text
    assert 'href="/admin/close/"' in text


def test_a_wall_tells_no_reason_and_has_nothing_to_press(board):
    close(rows.office("Shop"))

    text = look(board, "/board/panels/closed?tv=1")

    assert "Shop" in text
    assert "Fire drill" not in text
    assert "/admin/close/" not in text


@pytest.mark.parametrize("over", ["opened", "its time"])
def test_what_is_open_again_is_told_no_longer(desk, over):
    closure = close(rows.office("Shop"))
    if over == "opened":
        closing.open_again(closure, by=None, at=timezone.now())
    else:
        closure.ends_at = timezone.now()
        closure.save(update_fields=["ends_at"])

    text = look(desk, "/desk/panels/closed")

    assert "is-empty" in text
    assert "Shop" not in text


def test_many_closures_cost_no_more_questions_than_one(desk, django_assert_max_num_queries):
    for number in range(4):
        close(rows.office(f"Place {number}"), rows.office(f"Other place {number}"))

    with django_assert_max_num_queries(10):
        assert look(desk, "/desk/panels/closed").count("<li>") == 4


@pytest.mark.django_db(transaction=True)
def test_open_pages_hear_of_each_change():
    schedule = rows.office("Shop")
    with psycopg.connect(dsn(), autocommit=True) as other:
        other.execute("LISTEN live")

        def heard():
            return [notice.payload for notice in other.notifies(timeout=1, stop_after=1)]

        closure = close(schedule)
        assert heard() == ["hours"]
        closing.move(closure, until=None, by=None, at=timezone.now())
        assert heard() == ["hours"]
        closing.open_again(closure, by=None, at=timezone.now())
        assert heard() == ["hours"]
