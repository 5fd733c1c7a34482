"""What Twilio keeps of the past: lists of any length, read in little memory, and the deletion of messages.

Whatever a list gives may be deleted on the way: the page after it has been asked for by then.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from twilio.rest import Client

from telephony.client import GONE, Call, Recording, Refused, ask, call_from, recording_from
from telephony.texts import Message, message_from

PAGE = 1000  # the most that Twilio gives


def list_calls(number: str) -> Iterator[Call]:
    """List the calls from and to a number, live ones too, each once (page "Calls resource")."""
    for record in _records(lambda library: library.calls.page(from_=number, page_size=PAGE)):
        yield call_from(record)
    for record in _records(lambda library: library.calls.page(to=number, page_size=PAGE)):
        call = call_from(record)
        if call.from_number != number:
            yield call


def list_recordings(*, since: datetime, until: datetime) -> Iterator[Recording]:
    """List the recordings made from `since` until just before `until`, but no deleted ones ("Recordings resource").

    Twilio's own filter knows days only.
    """
    first, after = since.astimezone(UTC).date(), until.astimezone(UTC).date() + timedelta(days=1)
    for record in _records(
        lambda library: library.recordings.page(date_created_after=first, date_created_before=after, page_size=PAGE)
    ):
        recording = recording_from(record)
        if recording.created_at is not None and since <= recording.created_at < until:
            yield recording


def list_messages(number: str) -> Iterator[Message]:
    """List the messages from and to a number, each once (page "Messages resource")."""
    for record in _records(lambda library: library.messages.page(from_=number, page_size=PAGE)):
        yield message_from(record)
    for record in _records(lambda library: library.messages.page(to=number, page_size=PAGE)):
        message = message_from(record)
        if message.from_number != number:
            yield message


def list_messages_to(number: str, *, since: datetime) -> Iterator[Message]:
    """List what was written to a number from `since` on, the newest first: what a lost webhook would have told."""
    for record in _records(lambda library: library.messages.page(to=number, date_sent_after=since, page_size=PAGE)):
        yield message_from(record)


def delete_message(sid: str) -> None:
    """Delete a message with what it says and shows, for good. One that is gone already is as good."""
    try:
        ask(lambda library: library.messages(quote(sid, safe="")).delete(), harmless=True)
    except Refused as refusal:
        if refusal.status != GONE:
            raise


def _records(first: Callable[[Client], Any]) -> Iterator[Any]:
    """Give the records of all pages, one request each, and the next page asked for before this one is given."""
    page = ask(first, harmless=True)
    while page is not None:
        following = _after(page)
        yield from page
        page = following


def _after(page: Any) -> Any:
    return ask(lambda _library: page.next_page(), harmless=True) if page.next_page_url else None
