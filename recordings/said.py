"""What a voicemail says: the redacted transcript, or in words why there is none."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from recordings.models import Recording, Transcript, Voicemail
from recordings.models.mailbox import VoicemailQuerySet
from recordings.states import State


@dataclass(frozen=True, slots=True)
class Said:
    """`text`: what was said, redacted; where it is empty, `why_not` says why."""

    text: str = ""
    why_not: str = ""
    transcript: Transcript | None = None


def with_what_was_said(voicemails: VoicemailQuerySet) -> VoicemailQuerySet:
    """Read with the voicemails all that `said` asks of one."""
    current = Transcript.objects.filter(is_current=True)
    return voicemails.select_related("recording__policy").prefetch_related(
        Prefetch("recording__transcripts", current, to_attr="current_transcripts")
    )


def said(voicemail: Voicemail) -> Said:
    """Tell what a voicemail says. Asks nothing of the database after `with_what_was_said`."""
    recording = voicemail.recording
    found: list[Transcript] = recording.current_transcripts  # type: ignore[attr-defined]  # by the prefetch
    for transcript in found:
        return Said(transcript.text, "" if transcript.text else _("Nothing was understood."), transcript)
    return Said(why_not=_why_not(recording, has_sound=voicemail.has_sound))


def _why_not(recording: Recording, *, has_sound: bool) -> str:
    if recording.policy is not None and not recording.policy.transcribes:
        return _("No transcript for this mailbox.")
    if recording.state == State.ABSENT:
        return _("There is no sound.")
    if not has_sound:
        return _("The sound is on its way.")
    if recording.failure:
        return _("The transcript could not be made: %(why)s.") % {"why": recording.failure.rstrip(".")}
    return _("The transcript is being made.")
