from datetime import UTC, datetime, timedelta, timezone

from calls.models import Call
from crm import payloads
from tests.calls.factories import AT


def test_moments_are_told_in_utc_to_the_millisecond():
    there = datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))

    assert payloads.moment(there) == "2026-03-02T09:00:00.123Z"
    assert payloads.moment(datetime(2026, 3, 2, tzinfo=UTC)) == "2026-03-02T00:00:00.000Z"
    assert payloads.moment(None) is None


def test_a_conversation_lasts_from_the_first_start_to_the_last_end():
    legs = [
        Call(sid="CA1", started_at=AT, ended_at=AT + timedelta(seconds=60)),
        Call(sid="CA2", started_at=AT + timedelta(seconds=10), ended_at=AT + timedelta(seconds=90)),
    ]

    data = payloads.completed(
        settled=True,
        call=legs[0],
        legs=legs,
        visits=(),
        handlings=(),
        recordings=(),
        voicemails=(),
        transcribed=frozenset(),
    )

    assert data["seconds"] == 90
    assert [leg["sid"] for leg in data["legs"]] == ["CA1", "CA2"]
