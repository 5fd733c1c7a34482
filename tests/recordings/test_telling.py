from datetime import UTC, datetime, timedelta

import pytest

from agents.models import Agent, User
from recordings import telling
from recordings.models import Return

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("messages", "missed", "days", "told"),
    [
        (1, 0, 0, "1 message, 15:00"),
        (0, 1, 1, "1 missed call, yesterday 15:00"),
        (3, 2, 2, "3 messages, 2 missed calls since Monday 15:00"),
        (0, 2, 6, "2 missed calls since Monday 15:00"),
        (2, 0, 7, "2 messages since 2 Mar, 15:00"),
    ],
)
def test_what_lies_there_is_counted_in_words(messages: int, missed: int, days: int, told: str) -> None:
    at = MONDAY + timedelta(days=days, hours=1)

    assert telling.counted(messages, missed, first_at=MONDAY, last_at=MONDAY, at=at) == told


@pytest.mark.parametrize(
    ("state", "outcome", "told"),
    [
        ("ringing", "", "Ann is calling now."),
        ("calling", "", "Ann is calling now."),
        ("talking", "", "Ann and the caller are talking."),
        ("talked", "", "Ann called back, 15:00: they talked."),
        ("broken", "lost", "Ann called back, 15:00: the line broke off."),
        ("unreached", "busy", "Ann called back, 15:00: busy."),
        ("unreached", "lost", "Ann called back, 15:00: not reached."),
        ("untaken", "no-answer", "Ann wanted to call back, 15:00, and did not pick up."),
    ],
)
def test_what_came_of_calling_back_is_told_in_words(state: str, outcome: str, told: str) -> None:
    attempt = Return(agent=Agent(name="Ann", user=User(pk=1)), state=state, outcome=outcome, asked_at=MONDAY)

    assert telling.attempted(attempt, reader=User(pk=2), at=MONDAY) == told
    assert telling.attempted(attempt, reader=User(pk=1), at=MONDAY).startswith("You ")


@pytest.mark.parametrize(("code", "name"), [("en-US", "English"), ("es-US", "Spanish"), ("xx-YY", "xx-YY")])
def test_a_language_has_a_name(code: str, name: str) -> None:
    assert telling.language_name(code) == name
