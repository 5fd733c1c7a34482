"""What a voicemail says: the redacted transcript, or in words why there is none."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from recordings.models import Recording, Transcript, Voicemail
from recordings.models.mailbox import VoicemailQuerySet
from recordings.states import CopyKind, State


@dataclass(frozen=True, slots=True)
class Said:
    """`text`: what was said, redacted; where it is empty, `why_not` says why."""

    text: str = ""
    why_not: str = ""
    transcript: Transcript | None = None


def with_what_was_said(voicemails: VoicemailQuerySet) -> VoicemailQuerySet:
    """Read with the voicemails all that `said` and `sound` ask of one."""
    return voicemails.select_related("recording").prefetch_related(
        "recording__copies", Prefetch("recording__transcripts", readable(), to_attr="readable_transcripts")
    )


def readable() -> QuerySet[Transcript]:
    """Give the transcripts that people read: the current ones, once it is hidden in them what is to be hidden."""
    return Transcript.objects.filter(is_current=True, redacted_at__isnull=False).defer("original", "search")


def said(voicemail: Voicemail) -> Said:
    """Tell what a voicemail says. Asks nothing of the database after `with_what_was_said`."""
    transcript = _transcript(voicemail.recording)
    if transcript is not None:
        return Said(transcript.text, "" if transcript.text else _("Nothing was understood."), transcript)
    return Said(why_not=_why_not(voicemail.recording))


def sound(voicemail: Voicemail) -> Recording | None:
    """Give the recording where there is something to hear; asks as little as `said`.

    While a copy in which something is silent is still to be made, there is not.
    """
    recording, transcript = voicemail.recording, _transcript(voicemail.recording)
    hides = transcript is not None and bool(transcript.findings)
    wanted = CopyKind.REDACTED if hides else CopyKind.ORIGINAL
    kinds = {copy.kind for copy in recording.copies.all()}
    return recording if recording.is_here and kinds & {wanted, CopyKind.REDACTED} else None


def _transcript(recording: Recording) -> Transcript | None:
    found: list[Transcript] = recording.readable_transcripts  # type: ignore[attr-defined]  # by the prefetch
    return next(iter(found), None)


def _why_not(recording: Recording) -> str:
    if recording.state == State.ABSENT:
        return _("There is no sound.")
    if recording.state == State.DELETED:
        return _("It was deleted.")
    if not recording.transcribes:
        return _("No transcript for this mailbox.") if recording.is_here else _("The sound is on its way.")
    if recording.is_failing:
        what = _("The transcript could not be made") if recording.is_here else _("The sound could not be fetched")
        return f"{what}: {recording.failure.rstrip('.')}."
    return _("The transcript is being made.") if recording.is_here else _("The sound is on its way.")
