"""The work list: one row for each number in a mailbox, found, counted and told as each person may see it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import User
from recordings import actions, worklist
from recordings.models import Mailbox, Return
from recordings.worklist import Asked, Held, Row, Status
from tests.agents.factories import agent, user
from tests.calls.factories import AT, make_call
from tests.conferences.factories import conference
from tests.recordings.factories import (
    make_mailbox,
    make_missed,
    make_recording,
    make_stored,
    make_transcript,
    make_user,
    make_voicemail,
)

pytestmark = pytest.mark.django_db

CARLA, DORA = "+14155550123", "+14155550177"
HOUR = timedelta(hours=1)
NOW = AT + 8 * HOUR


@pytest.fixture
def ann() -> User:
    return make_user("ann", "recordings.view_voicemail", "recordings.change_voicemail", "calls.view_numbers")


@pytest.fixture
def sales(ann: User) -> Mailbox:
    mailbox = make_mailbox("Sales")
    mailbox.members.add(ann)
    return mailbox


def left(mailbox: Mailbox, number: str = CARLA, *, at: datetime = AT, **fields: Any) -> Any:
    recording = make_stored(b"x", call=make_call(from_number=number))
    return make_voicemail(mailbox, recording, left_at=at, **fields)


def missed(mailbox: Mailbox, number: str = CARLA, *, at: datetime = AT) -> Any:
    return make_missed(mailbox, call=make_call(from_number=number), at=at)


def rows(user: User, *mailboxes: Mailbox, **asked: Any) -> list[Row]:
    keys = [one.pk for one in mailboxes] or list(Mailbox.objects.values_list("pk", flat=True))
    return list(worklist.read(user, Asked(**asked), mailboxes=keys, at=NOW).rows)


def told(found: list[Row]) -> list[str]:
    return [f"{row.number}: {row.counted}" for row in found]


def test_a_number_that_keeps_calling_is_one_row_with_all_that_it_left(ann: User, sales: Mailbox) -> None:
    first, last = left(sales), left(sales, at=AT + 2 * HOUR)
    call = missed(sales, at=AT + HOUR)
    left(sales, DORA, at=AT + 3 * HOUR)

    dora, carla = rows(ann)

    assert told([dora]) == ["+1 415-555-0177: 1 message, 18:00"]
    assert told([carla]) == ["+1 415-555-0123: 2 messages, 1 missed call since 15:00"]
    assert [one.message for one in carla.singles] == [last, call, first]
    assert (carla.latest.message, carla.last_at) == (last, AT + 2 * HOUR)


def test_two_mailboxes_are_two_rows_because_different_people_work_on_them(ann: User, sales: Mailbox) -> None:
    left(sales)
    left(make_mailbox("Support"))

    assert {row.mailbox.name for row in rows(ann)} == {"Sales", "Support"}
    assert {row.mailbox.name for row in rows(ann, sales)} == {"Sales"}


def test_nobody_knows_whether_callers_without_a_number_are_the_same(ann: User, sales: Mailbox) -> None:
    for number in ("anonymous", "anonymous", "", "+266696687"):
        left(sales, number)
    voicemail = left(sales)
    voicemail.call = None
    voicemail.save(update_fields=["call"])

    found = rows(ann)

    assert [row.number for row in found] == ["Withheld"] * 5
    assert not any(row.can_be_called for row in found)


def test_a_message_left_in_a_call_of_ours_is_that_of_whom_we_called(ann: User, sales: Mailbox) -> None:
    left(sales)
    ours = make_call(direction="outbound-api", from_number="+15005550100", to_number=CARLA)
    make_voicemail(sales, make_recording(call=ours))

    (row,) = rows(ann)

    assert (row.number, row.count) == ("+1 415-555-0123", 2)


def test_missed_calls_alone_are_work_too(ann: User, sales: Mailbox) -> None:
    missed(sales)
    missed(sales, at=AT + HOUR)

    assert told(rows(ann)) == ["+1 415-555-0123: 2 missed calls since 15:00"]


def test_the_newest_or_the_one_who_waits_longest_comes_first(ann: User, sales: Mailbox) -> None:
    left(sales, CARLA, at=AT)
    left(sales, DORA, at=AT + HOUR)
    left(sales, CARLA, at=AT + 2 * HOUR)

    assert [row.number[-4:] for row in rows(ann)] == ["0123", "0177"]
    assert [row.number[-4:] for row in rows(ann, oldest_first=True)] == ["0123", "0177"]
    left(sales, DORA, at=AT + 3 * HOUR)
    assert [row.number[-4:] for row in rows(ann)] == ["0177", "0123"]
    assert [row.number[-4:] for row in rows(ann, oldest_first=True)] == ["0123", "0177"]


def test_what_is_done_is_gone_until_the_number_calls_again(ann: User, sales: Mailbox) -> None:
    left(sales)
    (row,) = rows(ann)
    actions.finish(row.seen, by=ann, at=NOW)
    assert rows(ann) == []
    assert told(rows(ann, status=Status.DONE)) == ["+1 415-555-0123: 1 message, 15:00"]

    missed(sales, at=AT + HOUR)

    assert told(rows(ann)) == ["+1 415-555-0123: 1 missed call, 16:00"]


def test_what_was_done_is_listed_in_the_portions_in_which_it_was(ann: User, sales: Mailbox) -> None:
    for hours in (0, 1):
        left(sales, at=AT + hours * HOUR)
        left(sales, at=AT + hours * HOUR)
        (row,) = rows(ann)
        actions.finish(row.seen, by=ann, at=AT + (hours + 0.5) * HOUR)
    left(sales, status="done")  # before there was a moment to note
    left(sales, at=AT - 100 * HOUR, status="done", done_at=AT - timedelta(days=31))

    found = rows(ann, status=Status.DONE)

    assert [row.count for row in found] == [2, 2]
    assert [row.count for row in rows(ann, status=Status.DONE, searched=CARLA)] == [1, 2, 2, 1]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"0101", "0102", "0103"}),
        ({"status": Status.NEW}, {"0101", "0103"}),
        ({"status": Status.HEARD}, {"0102"}),
        ({"held": Held.ME}, {"0102"}),
        ({"held": Held.NOBODY}, {"0103"}),
        ({"language": "es-US"}, {"0101"}),
        ({"searched": "(415) 555-0102"}, {"0102"}),
        ({"searched": "5550103"}, {"0103"}),
        ({"searched": "nonsense"}, set()),
        ({"mailbox": -1}, set()),
        ({"page": 2}, set()),
    ],
)
def test_rows_are_found_by_what_is_asked(ann: User, sales: Mailbox, asked: dict[str, Any], found: set[str]) -> None:
    left(sales, "+14155550101", language="es-US", taken_by=make_user("bob"))
    left(sales, "+14155550101", status="heard", language="en-US")
    left(sales, "+14155550102", status="heard", taken_by=ann)
    left(sales, "+14155550103")

    assert {row.number[-4:] for row in rows(ann, **asked)} == found


def test_a_row_is_found_by_the_sid_of_a_call_and_shows_all_of_the_number(ann: User, sales: Mailbox) -> None:
    voicemail = left(sales)

    assert told(rows(ann, searched=voicemail.call.sid)) == ["+1 415-555-0123: 1 message, 15:00"]


def test_pages_are_cut_by_rows_and_know_how_many_there_are(ann: User, sales: Mailbox) -> None:
    for number in range(5):
        left(sales, f"+1415555010{number}", at=AT + number * HOUR)
        left(sales, f"+1415555010{number}", at=AT + number * HOUR)

    def page(number: int) -> worklist.Page:
        return worklist.read(ann, Asked(page=number), mailboxes=[sales.pk], at=NOW, most=2)

    assert [row.number[-1] for number in (1, 2, 3) for row in page(number).rows] == ["4", "3", "2", "1", "0"]
    assert page(1).total == 5


def test_who_may_not_see_numbers_sees_none_in_what_was_said_either(sales: Mailbox) -> None:
    bob = make_user("bob")
    sales.members.add(bob)
    make_transcript(left(sales), "Call me at 415 555 0123, please.")

    (row,) = rows(bob)

    assert row.number == "+1415****123"
    assert "0123" not in row.latest.said.text
    assert row.can_be_called  # the server knows whom


def test_who_sees_a_mailbox_and_may_not_hear_it_reads_nothing(sales: Mailbox) -> None:
    auditor = make_user("auditor", "recordings.see_every_mailbox")
    make_transcript(left(sales), "Please call me.")

    (row,) = rows(auditor)

    assert (row.latest.sound, row.latest.said.text) == (None, "")
    assert row.latest.said.why_not == "You may not hear or read it."
    sales.members.add(auditor)
    assert rows(auditor)[0].latest.said.text == "Please call me."


def test_a_row_tells_who_has_it_who_could_and_who_is_calling(ann: User, sales: Mailbox) -> None:
    bob = make_user("bob")
    sales.members.add(bob)
    left(sales, taken_by=bob, language="es-US")
    Return.objects.create(agent=agent("Cy"), conference=conference(), number=CARLA, asked_at=NOW)

    (row,) = rows(ann)

    assert (row.holders, row.workers, row.languages) == ((bob,), (bob,), ("Spanish",))
    assert (row.is_mine, row.is_others) == (False, True)
    assert (row.is_being_called, row.attempted) == (True, "Cy is calling now.")


def test_a_row_is_answered_when_somebody_has_talked_with_the_caller_since(ann: User, sales: Mailbox) -> None:
    talked = Return.objects.create(agent=agent("Cy"), conference=conference(), state="talked", asked_at=AT + HOUR)
    left(sales, returning=talked)
    assert rows(ann)[0].is_answered

    left(sales, at=AT + 2 * HOUR)

    assert not rows(ann)[0].is_answered
    assert rows(ann)[0].attempted == "Cy called back, 16:00: they talked."


def test_the_row_of_a_message_has_all_of_its_number(ann: User, sales: Mailbox) -> None:
    voicemail, other = left(sales), left(sales, at=AT + HOUR)
    left(sales, DORA)
    row = worklist.row_of(ann, voicemail, at=NOW)
    assert row is not None
    assert [one.message for one in row.singles] == [other, voicemail]

    actions.finish(row.seen, by=ann, at=NOW)
    left(sales)
    voicemail.refresh_from_db()

    done = worklist.row_of(ann, voicemail, at=NOW)
    assert done is not None
    assert (done.done_at, done.count) == (NOW, 2)


def test_a_row_is_read_from_a_form_as_it_was_seen(ann: User, sales: Mailbox) -> None:
    left(sales, taken_by=ann)
    missed(sales, DORA)

    for row in rows(ann):
        assert worklist.find(str(row.seen), mailboxes=[sales.pk]) == row.seen
        assert worklist.find(str(row.seen), mailboxes=[]) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "_", "1", "x_2026-03-02T15:00:00+00:00", "7_yesterday", "7_2026-03-02T15:00:00"),
        "7_2026-03-02T15:00+00:00_x",
        "00000000-0000-0000-0000-000000000000_2026-03-02T15:00:00+00:00",
    ],
)
def test_nonsense_from_a_form_is_no_row(sales: Mailbox, text: str) -> None:
    assert worklist.find(text, mailboxes=[sales.pk]) is None


def test_the_languages_of_what_is_open_are_named(ann: User, sales: Mailbox) -> None:
    left(sales, language="es-US")
    left(sales, language="en-US", status="done")
    left(make_mailbox("Support"), language="de-DE")

    assert worklist.languages([sales.pk]) == ["es-US"]


def test_the_list_asks_as_much_for_many_rows_as_for_one(ann: User, sales: Mailbox) -> None:
    def fill(numbers: range) -> None:
        for number in numbers:
            attempt = Return.objects.create(agent=agent(), conference=conference(), state="talked", asked_at=AT + HOUR)
            caller = f"+1415555{number:04}"
            for _ in range(2):
                make_transcript(left(sales, caller, taken_by=user(), returning=attempt), "Hello.")
            missed(sales, caller)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert all(row.latest.said.text for row in rows(ann, sales))
        return len(counted)

    fill(range(1))
    queries()  # permissions are asked for once
    one = queries()
    fill(range(1, 8))

    assert queries() == one
