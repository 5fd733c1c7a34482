"""The stages of a recording's work: each is done, and noted. The body of a task."""

from django.utils import timezone

from recordings import actions, fetching, files, spool, transcribing
from recordings.files import GoesOn
from recordings.models import Copy, Recording, Transcript
from recordings.pipeline import Stage
from recordings.speech import registry
from recordings.speech.provider import CallsBack, Failed, Unclear
from recordings.states import CopyKind, TranscriptState


def do(recording: Recording, *, goes_on: GoesOn) -> bool:
    """Do the claimed stage of a recording and note what came of it. False where the claim was lost meanwhile.

    May be done again from the beginning at any time. Raises what fails.
    """
    stage = Stage(recording.stage)
    if stage is Stage.FETCH:
        file = fetching.fetch(recording, goes_on=goes_on)
        return goes_on() and actions.note_fetched(recording, file, at=timezone.now())
    if stage is Stage.INDEX:
        return _index(recording)
    copy = Copy.objects.filter(recording=recording, kind=CopyKind.ORIGINAL).first()
    if copy is None:  # it was deleted meanwhile
        return False
    match stage:
        case Stage.VERIFY:
            sound = fetching.verify(copy, told_seconds=recording.seconds, goes_on=goes_on)
            return actions.note_verified(recording, seconds=sound.seconds, channels=sound.channels, at=timezone.now())
        case Stage.STORE:
            files.store(copy, goes_on=goes_on)
            if not actions.note_stored(recording, at=timezone.now()):
                return False
            spool.remove(recording.pk)
            return True
        case Stage.CLEAR:
            fetching.clear(recording, copy, goes_on=goes_on)
            return actions.note_cleared(recording, at=timezone.now())
        case Stage.TRANSCRIBE:
            return _transcribe(recording, copy, goes_on)
        case Stage.REDACT:
            return _redact(recording, copy, goes_on)


def _transcribe(recording: Recording, copy: Copy, goes_on: GoesOn) -> bool:
    provider = registry.named(actions.provider_of(recording))
    later = transcribing.answers_later(provider)
    asked = _in_work(recording)
    if later is not None and asked is not None and asked.provider == provider.name:
        match asked.state:
            case TranscriptState.ANSWERED:
                return _read(recording, later, asked)
            case TranscriptState.ASKED:
                actions.forget_transcript(asked)
                raise Unclear(f"The text of {provider.name} did not come in time.")
    if later is not None:
        return _ask(recording, copy, later, provider.name, goes_on)
    written = transcribing.transcribe(recording, copy, provider, goes_on=goes_on)
    return actions.note_transcribed(recording, written, at=timezone.now())


def _ask(recording: Recording, copy: Copy, provider: CallsBack, name: str, goes_on: GoesOn) -> bool:
    # its row is there before it is asked: the answer may be quicker than we are
    asked = actions.note_asking(recording, provider=name, at=timezone.now())
    if asked is None:
        return False
    try:
        request_id = transcribing.begin(recording, copy, provider, asked, goes_on=goes_on)
    except Failed:
        actions.forget_transcript(asked)
        raise
    return actions.note_asked(recording, asked, request_id=request_id, at=timezone.now())


def _read(recording: Recording, provider: CallsBack, answered: Transcript) -> bool:
    try:
        written = transcribing.read(recording, provider, answered)
    except Failed:
        actions.forget_transcript(answered)
        raise
    return actions.note_transcribed(recording, written, answered=answered, at=timezone.now())


def _redact(recording: Recording, copy: Copy, goes_on: GoesOn) -> bool:
    written = _in_work(recording)
    if written is None:
        return actions.note_nothing_to_read(recording)
    readable = transcribing.redact(recording, copy, written, goes_on=goes_on)
    return actions.note_redacted(recording, written, readable, at=timezone.now())


def _index(recording: Recording) -> bool:
    current = Transcript.objects.filter(recording=recording, is_current=True).first()
    if current is None:
        return actions.note_nothing_to_read(recording)
    return actions.note_indexed(recording, current, at=timezone.now())


def _in_work(recording: Recording) -> Transcript | None:
    return Transcript.objects.filter(recording=recording, is_current=False, redacted_at__isnull=True).first()
