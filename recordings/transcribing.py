"""From sound in our storage to text that may be read, and to sound that may be heard. The body of a task."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings

from compliance.states import Subject
from recordings import audio, files, spool, vault
from recordings.files import GoesOn, Sealed
from recordings.models import Copy, Recording, Transcript
from recordings.speech import transcript as texts
from recordings.speech.deepgram import callback_token, is_callback_token
from recordings.speech.provider import CallsBack, Provider, speaker_of
from recordings.speech.redaction import Finding, Redacted, redacted
from recordings.states import CopyKind
from telephony import callbacks


@dataclass(frozen=True, slots=True)
class Readable:
    """What may be read and heard. Without a file, nothing is to be silent."""

    redacted: Redacted
    file: Sealed | None


def answers_later(provider: Provider) -> CallsBack | None:
    """Give the provider as one that sends its text when it is ready, where it does and we can tell it where to."""
    return provider if isinstance(provider, CallsBack) and settings.TRANSCRIPTION_WEBHOOK_SECRET else None


def transcribe(recording: Recording, copy: Copy, provider: Provider, *, goes_on: GoesOn) -> texts.Transcript:
    """Have a recording turned into text, and wait for it. Raises what the provider and the storage raise."""
    with files.plain(copy, goes_on=goes_on) as sound:
        return provider.transcribe(
            sound,
            channels=_channels(recording),
            speakers=speakers(recording),
            language=recording.language,
            goes_on=goes_on,
        )


def begin(recording: Recording, copy: Copy, provider: CallsBack, asked: Transcript, *, goes_on: GoesOn) -> str:
    """Hand the sound to a provider that answers later, and give the id of the request."""
    with files.plain(copy, goes_on=goes_on) as sound:
        pending = provider.begin(
            sound, channels=_channels(recording), language=recording.language, callback_url=address_of(asked)
        )
    return pending.request_id


def read(recording: Recording, provider: CallsBack, answered: Transcript) -> texts.Transcript:
    """Read what a provider has sent. Raises its Failed, and Unreadable."""
    return provider.read_callback(
        original_of(answered),
        channels=_channels(recording),
        speakers=speakers(recording),
        language=recording.language,
    )


def address_of(asked: Transcript) -> str:
    """Give the address to which the text of one try is sent: nobody else can make it."""
    token = callback_token(settings.TRANSCRIPTION_WEBHOOK_SECRET, str(asked.pk))
    return callbacks.plain("transcript-answer", transcript=str(asked.pk), token=token)


def is_address_of(transcript: str, token: str) -> bool:
    """Tell whether we made this address."""
    return is_callback_token(token, settings.TRANSCRIPTION_WEBHOOK_SECRET, transcript)


def original_of(transcript: Transcript) -> bytes:
    """Open what a provider wrote. Raises Unreadable."""
    return vault.unseal(bytes(transcript.original or b""), transcript.original_key, context=transcript.context)


def segments_of(transcript: Transcript) -> list[dict[str, Any]]:
    """Give what a provider wrote, line by line, as a redacted transcript has it. Raises Unreadable."""
    written = texts.from_json(original_of(transcript).decode())
    return [
        {"start": one.start, "end": one.end, "speaker": one.speaker, "text": one.text, "confidence": one.confidence}
        for one in written.segments
    ]


def redact(recording: Recording, copy: Copy, written: Transcript, *, goes_on: GoesOn) -> Readable:
    """Hide what must not be read, and silence what must not be heard: that sound is stored beside the original."""
    found = redacted(texts.from_json(original_of(written).decode()), country=settings.DEFAULT_COUNTRY)
    if not found.findings:
        return Readable(found, None)
    spans = _spans(recording, found.findings)
    with files.plain(copy, goes_on=goes_on) as sound, spool.nameless() as (target, _path):
        audio.silence(sound, target, spans)
        file = files.write(recording, CopyKind.REDACTED, _pieces(target), goes_on=goes_on)
    files.store(file, goes_on=goes_on)
    spool.remove(recording.pk)
    return Readable(found, file)


def speakers(recording: Recording) -> list[str]:
    """Name who is on which channel; nobody is on a voicemail but who left it."""
    if not recording.speakers and recording.subject == Subject.VOICEMAIL:
        return ["customer"]
    return [str(name) for name in recording.speakers]


def _spans(recording: Recording, findings: tuple[Finding, ...]) -> dict[int, list[tuple[float, float]]]:
    """Say what is to be silent on which channel; where nobody knows on which, on all."""
    channels, names = _channels(recording), speakers(recording)
    of_channel = [speaker_of(channel, channels=channels, speakers=names) for channel in range(channels)]
    spans: dict[int, list[tuple[float, float]]] = {}
    for finding in findings:
        on = [channel for channel in range(channels) if of_channel[channel] == finding.speaker]
        for channel in on or range(channels):
            spans.setdefault(channel, []).append((finding.start, finding.end))
    return spans


def _channels(recording: Recording) -> int:
    return recording.channels or 1


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(files.PIECE):
        yield piece
