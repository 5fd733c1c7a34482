"""Recordings and what hangs on them, for tests."""

import io
import wave
from typing import Any

from agents.models import User
from recordings import actions, files, spool
from recordings.models import Copy, Mailbox, MissedCall, Recording, Transcript, Voicemail
from recordings.pipeline import next_stage
from recordings.states import CopyKind, State
from tests.calls.factories import AT, make_call, new_sid

EVERYWHERE = ("recordings.listen", "recordings.listen_everywhere")
RAMP = b"".join(n.to_bytes(2, "little") for n in range(30_000))


def wav(seconds: float = 3, *, rate: int = 8000, channels: int = 1) -> bytes:
    """Make telephone audio: a rising ramp, so that each part of it can be told from every other."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        size = 2 * int(seconds * rate * channels)
        sound.writeframes((RAMP * (size // len(RAMP) + 1))[:size])
    return buffer.getvalue()


def make_user(name: str = "ann", *permissions: str, **fields: Any) -> User:
    from django.contrib.auth.models import Permission

    user = User.objects.create_user(name, password="secret", **({"is_staff": True} | fields))
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


def make_mailbox(name: str = "Sales", **fields: Any) -> Mailbox:
    return Mailbox.objects.create(name=name, **fields)


def make_recording(**fields: Any) -> Recording:
    if "call" not in fields:
        fields["call"] = make_call()
    wanted = {name: fields.get(name, False) for name in ("clears", "transcribes")}
    following = next_stage(State(fields.get("state", State.ANNOUNCED)), **wanted)
    defaults = {"sid": new_sid("RE"), "announced_at": AT, "seconds": 3, "stage": following or ""}
    return Recording.objects.create(**(defaults | fields))


def make_stored(sound: bytes | None = None, **fields: Any) -> Recording:
    """Make a recording whose sound lies in the storage, sealed where there are keys."""
    recording = make_recording(**({"state": State.STORED, "stored_at": AT} | fields))
    make_copy(recording, sound)
    return recording


def make_copy(recording: Recording, sound: bytes | None = None, kind: CopyKind = CopyKind.ORIGINAL) -> Copy:
    sound = wav(recording.seconds or 3) if sound is None else sound
    file = files.write(recording, kind, [sound], goes_on=lambda: True)
    if recording.is_here:
        files.store(file, goes_on=lambda: True)
        spool.remove(recording.pk)
    actions.keep_copy(recording, file, seconds=len(sound) / 16_000, at=AT)
    return recording.copies.get(kind=kind)


def sound_of(recording: Recording, kind: CopyKind = CopyKind.ORIGINAL) -> bytes:
    """Read what lies in the storage."""
    return b"".join(files.open_range(recording.copies.get(kind=kind)))


def make_voicemail(mailbox: Mailbox | None = None, recording: Recording | None = None, **fields: Any) -> Voicemail:
    recording = recording or make_recording()
    defaults = {"call": recording.call, "left_at": AT}
    return Voicemail.objects.create(mailbox=mailbox or make_mailbox(), recording=recording, **(defaults | fields))


def make_missed(mailbox: Mailbox | None = None, **fields: Any) -> MissedCall:
    if "call" not in fields:
        fields["call"] = make_call()
    return MissedCall.objects.create(**({"mailbox": mailbox or make_mailbox(), "at": AT} | fields))


def make_transcript(voicemail: Voicemail, text: str, **fields: Any) -> Transcript:
    line = {"start": 0.0, "end": 2.5, "speaker": "caller", "text": text, "confidence": 0.9}
    defaults = {"provider": "none", "made_at": AT, "recorded_at": AT, "redacted_at": AT, "segments": [line]}
    return Transcript.objects.create(**(defaults | {"recording": voicemail.recording, "text": text} | fields))
