from datetime import UTC, datetime, timedelta

import pytest

from crm.retrying import PATIENCE, PAUSES, TRIES, Outcome, is_worn_out, judge

AT = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "tries", "outcome"),
    [
        (200, 1, Outcome.DELIVERED),
        (204, TRIES, Outcome.DELIVERED),
        (None, 1, Outcome.AGAIN),
        (301, 1, Outcome.AGAIN),  # not followed
        (404, 1, Outcome.AGAIN),
        (429, 1, Outcome.AGAIN),
        (500, TRIES - 1, Outcome.AGAIN),
        (500, TRIES, Outcome.GIVEN_UP),
        (None, TRIES, Outcome.GIVEN_UP),
        (410, 1, Outcome.GONE),
    ],
)
def test_what_an_answer_means(status, tries, outcome):
    assert judge(status, {}, tries=tries, chance=0.5, at=AT).outcome is outcome


def test_pauses_grow_over_days():
    pauses = [judge(500, {}, tries=tries, chance=0, at=AT).pause for tries in range(1, TRIES)]

    assert pauses == list(PAUSES) == sorted(pauses)
    assert timedelta(days=3) < sum(pauses, timedelta()) < PATIENCE


def test_a_pause_is_spread_by_chance():
    short, long = (judge(500, {}, tries=4, chance=chance, at=AT).pause for chance in (0, 1))

    assert short == PAUSES[3]
    assert long == PAUSES[3] * 1.2


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("1", PAUSES[0]),
        ("999999999999", timedelta(hours=24)),
        ("Mon, 02 Mar 2026 09:25:00 GMT", timedelta(minutes=10)),
        ("Mon, 02 Mar 2020 09:25:00 GMT", PAUSES[0]),
        ("soon", PAUSES[0]),
        ("-5", PAUSES[0]),
        ("", PAUSES[0]),
    ],
)
def test_a_receiver_may_ask_for_a_pause_within_reason(asked, pause):
    assert judge(503, {"Retry-After": asked}, tries=1, chance=0, at=AT).pause == pause


def test_a_subscription_is_worn_out_after_days_without_a_success():
    assert not is_worn_out(None, at=AT)
    assert not is_worn_out(AT - PATIENCE + timedelta(minutes=1), at=AT)
    assert is_worn_out(AT - PATIENCE, at=AT)
