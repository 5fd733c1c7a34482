"""Recordings and what hangs on them, for tests."""

import io
import wave
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from agents.models import User
from recordings.models import Mailbox, MissedCall, Recording, Transcript, Voicemail
from recordings.states import State
from tests.calls.factories import AT, make_call, new_sid


def wav(seconds: float = 3, *, rate: int = 8000) -> bytes:
    """Make telephone audio: a rising ramp, so that each part of it can be told from every other."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"".join((n % 30_000).to_bytes(2, "little") for n in range(int(seconds * rate))))
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
    return Recording.objects.create(**({"sid": new_sid("RE"), "announced_at": AT, "seconds": 3} | fields))


def make_fetched(sound: bytes | None = None, **fields: Any) -> Recording:
    sound = wav() if sound is None else sound
    recording = make_recording(state=State.FETCHED, size=len(sound), sha256="ab" * 32, audio="unset", **fields)
    recording.audio = default_storage.save(recording.path, ContentFile(sound))
    recording.save()
    return recording


def make_voicemail(mailbox: Mailbox | None = None, recording: Recording | None = None, **fields: Any) -> Voicemail:
    recording = recording or make_recording()
    defaults = {"call": recording.call, "left_at": AT}
    return Voicemail.objects.create(mailbox=mailbox or make_mailbox(), recording=recording, **(defaults | fields))


def make_missed(mailbox: Mailbox | None = None, **fields: Any) -> MissedCall:
    if "call" not in fields:
        fields["call"] = make_call()
    return MissedCall.objects.create(**({"mailbox": mailbox or make_mailbox(), "at": AT} | fields))


def make_transcript(voicemail: Voicemail, text: str, **fields: Any) -> Transcript:
    defaults = {"provider": "none", "made_at": AT, "recorded_at": AT, "segments": [{"text": text, "speaker": "caller"}]}
    return Transcript.objects.create(**(defaults | {"recording": voicemail.recording, "text": text} | fields))
