"""What a story tells, to whom, and with how many statements."""

import json
import uuid
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import Team
from crm import story
from crm.story import Entry, NotACursor
from tests.calls.factories import make_call
from tests.crm.story import told

pytestmark = pytest.mark.django_db


def kinds(entries: tuple[Entry, ...]) -> list[str]:
    return [str(entry.kind) for entry in entries]


def titles(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.title for entry in entries]


def whole(contact: Any, viewer: Any, **more: Any) -> list[Entry]:
    """Read a contact's story page by page."""
    found, cursor = [], ""
    while True:
        page = story.of_contact(contact, viewer, cursor=cursor, **more)
        found += page.entries
        cursor = page.next
        if not cursor:
            return found


def test_a_conversation_is_told_from_its_order_to_its_callback() -> None:
    call = told.conversation()

    found = story.of_conversation(call.conversation, told.reader(*told.EVERYTHING))

    assert found is not None
    assert titles(found.entries) == [
        "+1 415-555-0123 is to be called",
        "+1 415-555-0123 called +1 500-555-0100",
        "Came in on “Main line”",
        "Step “Account”",
        "The caller pressed",
        "“CRM” answered",
        "The caller agreed to be recorded",
        "Waits in the queue “Sales”",
        "Rang ann (browser)",
        "Ann is in the conversation",
        "Ann hands the caller over",
        "Recording",
        "Ann noted",
        "+1 415-555-0123 texted",
        "Wants to be called back: +1 415-555-0123",
    ]
    assert (found.caller, found.line, found.is_live) == ("+1 415-555-0123", "+1 500-555-0100", False)
    assert found.ended_at == told.after(95)
    by_title = {entry.title: entry for entry in found.entries}
    assert (by_title["Ann noted"].note, by_title["The caller pressed"].text) == ("Sold", "4711")
    assert by_title["+1 415-555-0123 is to be called"].note == "Ann · waiting · deal-7"
    assert {entry.conversation for entry in found.entries} == {call.conversation}
    assert [entry.title for entry in found.entries if entry.detail] == ["Step “Account”", "The caller pressed"]


def test_another_conversation_is_not_told() -> None:
    call = told.conversation()
    make_call(from_number=told.CALLER)

    found = story.of_conversation(call.conversation, told.reader(*told.EVERYTHING))

    assert found is not None
    assert len([entry for entry in found.entries if entry.kind == "call"]) == 2
    assert story.of_conversation(uuid.uuid4(), told.reader(*told.EVERYTHING)) is None


def test_who_may_not_see_numbers_sees_none_anywhere() -> None:
    call = told.conversation()
    viewer = told.reader(*(name for name in told.EVERYTHING if name != "calls.view_numbers"))

    found = story.of_conversation(call.conversation, viewer)

    assert found is not None
    assert "0123" not in repr(found).replace(str(call.conversation), "").replace(str(call.pk), "")
    assert found.caller == "+1415****123"


@pytest.mark.parametrize(
    ("lacks", "kind"),
    [
        ("messaging.view_message", "text"),
        ("queues.view_callback", "callback"),
        ("outbound.view_order", "order"),
        ("contacts.view_optout", "opt-out"),
    ],
)
def test_what_a_person_may_not_see_is_left_out(lacks: str, kind: str) -> None:
    contact = told.with_contact(told.conversation())
    everything = told.reader(*told.EVERYTHING)
    less = told.reader(*(name for name in told.EVERYTHING if name != lacks))

    assert kind in kinds(story.of_contact(contact, everything).entries)
    assert kind not in kinds(story.of_contact(contact, less).entries)


def test_a_recording_is_told_to_who_may_know_of_it_and_audible_to_who_may_hear_it() -> None:
    call = told.conversation()
    call.recordings.update(state="stored")

    def recordings(*permissions: str) -> list[bool | None]:
        found = story.of_conversation(call.conversation, told.reader("calls.view_call", *permissions))
        assert found is not None
        return [entry.audible for entry in found.entries if entry.kind == "recording"]

    assert recordings() == []
    assert recordings("agents.see_every_team") == [False]
    assert recordings("recordings.listen", "recordings.listen_everywhere") == [True]


def test_notes_of_a_queue_of_others_are_read_at_the_desk_alone() -> None:
    call = told.conversation()
    entry = call.entries.get()
    entry.queue.team = Team.objects.create(name="Others")
    entry.queue.save(update_fields=["team"])

    def notes(*permissions: str) -> list[str]:
        found = story.of_conversation(call.conversation, told.reader("calls.view_call", *permissions))
        assert found is not None
        return [entry.title for entry in found.entries if entry.kind == "note"]

    assert notes() == []
    assert notes("agents.use_desk") == ["Ann noted"]
    assert notes("agents.see_every_team") == ["Ann noted"]


def test_a_contacts_story_is_the_newest_first_without_the_small_steps() -> None:
    contact = told.with_contact(told.conversation())

    page = story.of_contact(contact, told.reader(*told.EVERYTHING))

    assert kinds(page.entries) == [
        *("voicemail", "opt-out", "callback", "text", "note", "recording"),
        *("talk", "talk", "queue", "consent", "look-up", "flow", "call", "order"),
    ]
    assert page.next == ""


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_page_by_page_nothing_is_told_twice_and_nothing_left_out(limit: int) -> None:
    contact = told.with_contact(told.conversation())
    told.conversation()  # all at the same moments
    viewer = told.reader(*told.EVERYTHING)

    found = whole(contact, viewer, limit=limit)

    assert len(found) == len({(entry.kind, entry.subject) for entry in found}) == 14 + 12
    assert [entry.at for entry in found] == sorted((entry.at for entry in found), reverse=True)


def written(*where: object) -> str:
    return urlsafe_b64encode(json.dumps(where).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "é", written(), written(1, 2, 3), written("2026", 1, "")),
        written("2026-03-02T15:00:00", 1, str(uuid.UUID(int=1))),
        written("2026-03-02T15:00:00Z", 99, str(uuid.UUID(int=1))),
        written("2026-03-02T15:00:00Z", True, str(uuid.UUID(int=1))),
        written("2026-03-02T15:00:00Z", 1, "x"),
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    contact = told.with_contact(told.conversation())

    with pytest.raises(NotACursor):
        story.of_contact(contact, told.reader(*told.EVERYTHING), cursor=cursor)


def test_a_story_takes_as_many_statements_however_long_it_is() -> None:
    call = told.conversation()
    contact = told.with_contact(call)
    viewer = told.reader(*told.EVERYTHING)

    def counted() -> tuple[int, int]:
        reread = type(viewer).objects.get(pk=viewer.pk)
        with CaptureQueriesContext(connection) as one:
            story.of_conversation(call.conversation, reread)
        with CaptureQueriesContext(connection) as other:
            story.of_contact(contact, reread)
        return len(one), len(other)

    before = counted()
    for _ in range(3):
        more = told.conversation()
        type(more).objects.filter(conversation=more.conversation).update(conversation=call.conversation)

    assert counted() == before
    # who reads and what they may (2), their queues, the calls, seven tables, who the caller is
    assert before[0] <= 13
    assert before[1] <= 11
