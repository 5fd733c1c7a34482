"""What we ask of conferences and of who is in them (Twilio's pages "Conferences" and "Conferences Participants")."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from telephony.client import GONE, Refused, ask


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a live conference, as Twilio shows it; who has left does not exist any more."""

    call_sid: str
    conference_sid: str
    label: str = ""
    status: str = ""
    held: bool = False
    muted: bool = False
    coaching: bool = False


@dataclass(frozen=True, slots=True)
class Conference:
    """A conference as Twilio shows it."""

    sid: str
    name: str
    status: str
    ended_because: str = ""


def update_participant(conference_sid: str, call_sid: str, **changes: str | bool) -> Participant:
    """Change somebody who is there: hold, hold_url, hold_method, muted, coaching, call_sid_to_coach, announce_url.

    Saying it twice does no harm, except that an announcement would be heard twice. Refused with status GONE: not there.
    """
    harmless = "announce_url" not in changes
    return _participant(
        ask(
            lambda library: _of(library, conference_sid).participants(_path(call_sid)).update(**changes),
            harmless=harmless,
        )
    )


def remove_participant(conference_sid: str, call_sid: str) -> None:
    """Send somebody out; the leg goes on with what follows its Dial. One who is not there is as good."""
    try:
        ask(lambda library: _of(library, conference_sid).participants(_path(call_sid)).delete(), harmless=True)
    except Refused as refusal:
        if refusal.status != GONE:
            raise


def list_participants(conference_sid: str) -> list[Participant]:
    found = ask(lambda library: _of(library, conference_sid).participants.list(page_size=1000), harmless=True)
    return [_participant(record) for record in found]


def find_conferences(name: str) -> list[Conference]:
    """Find the conferences of that name, living and ended, the newest first."""
    found = ask(lambda library: library.conferences.list(friendly_name=name, page_size=50), harmless=True)
    return [_conference(record) for record in found]


def end_conference(sid: str) -> None:
    """End a conference: each leg goes on with what follows its Dial. One that is over is as good."""
    try:
        ask(lambda library: _of(library, sid).update(status="completed"), harmless=True)
    except Refused as refusal:
        if refusal.status != GONE:
            raise


def announce(conference_sid: str, url: str) -> None:
    """Let all who are not on hold hear a document. Not repeated after an unclear answer: it would be heard twice."""
    ask(lambda library: _of(library, conference_sid).update(announce_url=url), harmless=False)


def _of(library: Any, sid: str) -> Any:
    return library.conferences(_path(sid))


def _path(part: str) -> str:
    return quote(part, safe="")


def _participant(record: Any) -> Participant:
    return Participant(
        call_sid=record.call_sid,
        conference_sid=record.conference_sid,
        label=record.label or "",
        status=str(record.status or ""),
        held=bool(record.hold),
        muted=bool(record.muted),
        coaching=bool(record.coaching),
    )


def _conference(record: Any) -> Conference:
    return Conference(
        sid=record.sid,
        name=record.friendly_name or "",
        status=str(record.status or ""),
        ended_because=str(record.reason_conference_ended or ""),
    )
