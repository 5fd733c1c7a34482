"""The paper at the end of an erasure: what went, how that was checked, what remains and why. Pure.

It names the person by a number with its middle hidden and by a slow hash with salt: who has the number can see that it
was this one. The seal is the SHA-256 of the content in its canonical form, so that a copy can be told from a forgery by
comparing it with the log of access, which has the seal, too.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from retention.things import Thing

FORMAT = 1
SCHEME = "scrypt, n=16384, r=8, p=1, 32 bytes, of the number in E.164 with this salt"
# How long Twilio keeps the description of a recording whose audio was deleted.
METADATA = timedelta(days=40)
# How long Twilio keeps its log of messages unless the account says otherwise; deleting does not promise to clear it.
MESSAGE_LOG = timedelta(days=400)

NAMES: Mapping[Thing, str] = {
    Thing.RECORDING: "Recordings, with copies, transcripts and search entries, here and at Twilio",
    Thing.CALL: "Calls of the person, with their legs and all that hangs on them",
    Thing.LEG: "The person's part in calls of others",
    Thing.CALLBACK: "Wishes to be called back",
    Thing.CONTACT: "Contacts: the number, and with the last one of a contact its name, ids, attributes and history",
    Thing.OPT_OUT: "Entries of the ledger of who wants no texts or calls",
    Thing.TEXT: "Texts with the person, with their pictures, by number of ours",
    Thing.EVENT: "Events for other programs about contacts that went, with what was delivered of them",
    Thing.ORDER: "Orders to call the person",
    Thing.ATTEMPT: "Entries of the ledger of calls out, let through or refused",
    Thing.MENTION: "Rows about others in which the number stood",
    Thing.DELIVERY: "Requests from Twilio, as they came",
    Thing.HOLD: "Legal holds that name the number",
    Thing.TWILIO_CALL: "Calls in Twilio's records",
    Thing.TWILIO_RECORDING: "Recordings at Twilio that were unknown here",
    Thing.TWILIO_MESSAGE: "Text messages at Twilio",
}
CHECKS: Mapping[Thing, str] = {
    Thing.RECORDING: "The storage was asked for each file and has none; Twilio was asked for each and has no audio.",
    Thing.CALL: "All tables were searched once more for calls from, to and about the number.",
    Thing.LEG: "All tables were searched once more for calls from, to and about the number.",
    Thing.CALLBACK: "The table was searched once more for the number.",
    Thing.CONTACT: "The tables of contacts were searched once more for the number.",
    Thing.OPT_OUT: "The ledger was searched once more for the number.",
    Thing.TEXT: "The table was searched once more for the number; of what they had texted no file is left to delete.",
    Thing.EVENT: "The events were searched once more for contacts with the number.",
    Thing.ORDER: "The table was searched once more for the number.",
    Thing.ATTEMPT: "The table was searched once more for the number.",
    Thing.MENTION: "Each text was searched once more for the number in any spelling.",
    Thing.DELIVERY: "Each request was searched once more for the number in any spelling.",
    Thing.HOLD: "The table was searched once more for the number.",
    Thing.TWILIO_CALL: "Twilio was asked for each and does not know it.",
    Thing.TWILIO_RECORDING: "Twilio was asked for each and has no audio.",
    Thing.TWILIO_MESSAGE: "Twilio was asked for all messages from and to the number once more and has none.",
}


BESIDES: Mapping[str, str] = {
    "E-mails": "None waits to be sent: each is sent at once or not at all. Those that were being sent were waited for.",
    "Caches": "No page, sound or text of a person is cached by this system, nor may browsers and proxies keep any.",
    "Search": "It knows what the transcripts say, in the same rows; it has nothing of its own.",
    "Logs": "They are written with numbers hidden, and without what callers said or pressed.",
}


@dataclass(frozen=True, slots=True)
class Person:
    masked: str
    digest: str
    salt: str


@dataclass(frozen=True, slots=True)
class Section:
    """What became of the things of one kind. `kept` has a number for each reason; `went` one for each table."""

    kind: Thing
    found: int
    erased: int
    checked: int
    kept: Mapping[str, int] = field(default_factory=dict)
    went: Mapping[str, int] = field(default_factory=dict)
    last_at: datetime | None = None


def content(
    *,
    id: str,  # noqa: A002  as the paper calls it
    person: Person,
    reason: str,
    asked_at: datetime,
    asked_by: str,
    confirmed_at: datetime | None,
    confirmed_by: str,
    done_at: datetime,
    looks: int,
    sections: Iterable[Section],
) -> dict[str, Any]:
    """Write the certificate as data: what JSON has, and nothing of the person but what is named above."""
    known = list(sections)
    return {
        "certificate": "erasure of a person",
        "format": FORMAT,
        "id": id,
        "person": {"number": person.masked, "hash": person.digest, "salt": person.salt, "scheme": SCHEME},
        "reason": reason,
        "asked": {"at": asked_at.isoformat(), "by": asked_by},
        "confirmed": {"at": confirmed_at.isoformat() if confirmed_at else None, "by": confirmed_by},
        "done": done_at.isoformat(),
        "looks": looks,
        "things": [_written(section) for section in known],
        "besides": [{"what": what, "found": found} for what, found in BESIDES.items()],
        "remains": list(remains(known, done_at=done_at)),
    }


def remains(sections: Iterable[Section], *, done_at: datetime) -> Iterable[dict[str, str | None]]:
    """Name what is left, where, why, and until when."""
    found = {section.kind: section for section in sections}
    for section in found.values():
        for why, count in section.kept.items():
            yield _left(f"{NAMES[section.kind]}: {count}", why, None)
    sounds = [found[kind] for kind in (Thing.RECORDING, Thing.TWILIO_RECORDING) if kind in found]
    if any(section.erased for section in sounds):
        last = max((section.last_at for section in sounds if section.last_at), default=done_at)
        yield _left(
            "Twilio's description of the deleted recordings: their ids, lengths and dates, no sound",
            "Twilio keeps it for 40 days after the deletion, and lets nobody delete it before.",
            last + METADATA,
        )
    if found.get(Thing.TWILIO_MESSAGE, _NONE).erased:
        yield _left(
            "Twilio's log of messages",
            "Twilio keeps it for up to 400 days as the account is set up; a deletion does not promise to clear it.",
            done_at + MESSAGE_LOG,
        )
    if found.get(Thing.TWILIO_CALL, _NONE).erased:
        yield _left(
            "Twilio's bills and statistics of the calls",
            "They are Twilio's own records, and no request deletes them.",
            None,
        )
    mails = sum(section.went.get("mails", 0) for section in found.values())
    if mails:
        yield _left(
            f"E-mails that had been sent about messages and calls: {mails}",
            "They lie with those to whom they were sent. None waits to be sent. They have links that lead nowhere now.",
            None,
        )
    told = sum(section.went.get("crm.Delivery", 0) for section in found.values())
    if told:
        yield _left(
            f"Events that had been sent to other systems: {told}",
            "They lie in those systems, and nothing is deleted there from here: tell whoever runs them.",
            None,
        )
    yield _left(
        "The log of access",
        "It never changes. It names rows that are gone by their ids, and no person.",
        None,
    )
    yield _left(
        "Sealed originals of what others said in their own calls",
        "They cannot be searched for the number. Nobody reads them but with a permission of its own and for a reason, "
        "and they go with their recordings.",
        None,
    )
    yield _left(
        "Backups of the database and of the storage, and older versions of files where the bucket keeps them",
        "They are made outside of this system, and go when whoever makes them lets them go.",
        None,
    )


def canonical(certificate: Mapping[str, Any]) -> str:
    """Write it in the one way that is sealed."""
    return json.dumps(certificate, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal(certificate: Mapping[str, Any]) -> str:
    return sha256(canonical(certificate).encode()).hexdigest()


_NONE = Section(Thing.CALL, 0, 0, 0)


def _written(section: Section) -> dict[str, Any]:
    return {
        "kind": section.kind.value,
        "what": NAMES[section.kind],
        "found": section.found,
        "erased": section.erased,
        "checked": section.checked,
        "how checked": CHECKS[section.kind],
        "went": {name: count for name, count in sorted(section.went.items()) if name != "mails"},
        "kept": [{"number": count, "why": why} for why, count in sorted(section.kept.items())],
        "last": section.last_at.isoformat() if section.last_at else None,
    }


def _left(what: str, why: str, until: datetime | None) -> dict[str, str | None]:
    return {"what": what, "why": why, "until": until.date().isoformat() if until else None}
