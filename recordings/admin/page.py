"""What the page of a recording shows: its sound, what was said, how far it has come, and who had access."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agents.models import User
from calls.ends import shown_to
from compliance.origin import address_of
from compliance.states import Subject
from recordings import actions, links, listenings, rights, transcribing, vault
from recordings.actions import Listener
from recordings.forms import DownloadForm, ReasonForm, ShareForm
from recordings.models import Recording, ShareLink, Transcript
from recordings.pipeline import LEADS_TO, Stage
from recordings.rights import Hearing, Standing
from recordings.speech import registry
from recordings.speech.transcript import NotATranscript
from recordings.states import CopyKind, State
from recordings.templatetags.recordings import absence
from telephony import callbacks

SUBJECTS: dict[str, Promise] = {
    Subject.CONVERSATION: _("Conversation"),
    Subject.AGENT: _("An agent's line"),
    Subject.VOICEMAIL: _("Voicemail"),
}
SIDES = (_("left"), _("right"))
SHARES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens to a recording. `how` is done, next, failed, later or never; `words` say it."""

    name: Promise
    how: str
    words: Promise | str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """A link, and how it stands."""

    link: ShareLink
    address: str
    words: Promise
    is_open: bool


def context_of(request: HttpRequest, recording: Recording) -> dict[str, Any]:
    """Give what the template needs. That a transcript is shown, is logged."""
    assert isinstance(request.user, User)
    at, user = timezone.now(), request.user
    wants_original = request.GET.get("copy") == CopyKind.ORIGINAL
    hearing = rights.hearing(user, recording, at=at)
    whole = rights.hearing(user, recording, at=at, original=True)
    shown = whole if wants_original else hearing
    transcript = _transcript(recording)
    read = transcript if transcript and transcript.redacted_at and hearing.may_read else None
    as_written = wants_original and read is not None and whole.standing is Standing.OPEN
    segments = (_as_written(read) if as_written else read.segments) if read else []
    if read is not None:
        listener = Listener(user, address_of(request), reason=shown.reason)
        actions.note_read(recording, read, listener=listener, original=as_written, at=at)
    may = hearing.rights
    hides = hearing.copy is None or hearing.copy.kind != CopyKind.ORIGINAL
    return {
        "recording": recording,
        "subject": SUBJECTS.get(recording.subject, recording.subject),
        "caller": shown_to(user)(recording.call.other_end) if recording.call else "",
        "began": recording.recorded_at or recording.announced_at,
        "may": may,
        "standing": shown.standing.value,
        "player": _player(request, recording, shown, is_original=wants_original),
        "is_original": wants_original,
        "has_original": recording.is_here and may.hears_original and hides,
        "reason": shown.reason,
        "form": ReasonForm(),
        "next": request.get_full_path(),
        "channels": list(zip(SIDES, recording.speakers, strict=False)) if len(recording.speakers) == 2 else [],
        "speakers": recording.speakers,
        "transcript": read,
        "segments": segments,
        "as_written": as_written,
        "providers": providers_of(recording) if may.hears and recording.is_here else [],
        "steps": steps(recording, transcript),
        "is_failing": recording.is_failing,
        "absence": absence(recording),
        "accesses": listenings.listenings(recording.pk) if may.sees else [],
        "shares": _shares(recording, at) if may.shares else [],
        "share_form": ShareForm(auto_id="id_share_%s"),
        "download_form": DownloadForm(auto_id="id_download_%s"),
    }


def _transcript(recording: Recording) -> Transcript | None:
    current = Transcript.objects.filter(recording=recording, is_current=True)
    return current.defer("original", "text", "search").first()


def providers_of(recording: Recording) -> list[str]:
    """Name who can be asked to turn it into text anew."""
    return registry.offered(recording.queue.transcription if recording.queue else "")


def _as_written(transcript: Transcript) -> list[dict[str, Any]]:
    """Give a transcript with what is hidden in it; nothing where it cannot be opened, for instance without its key."""
    try:
        return transcribing.segments_of(transcript)
    except (vault.Unreadable, NotATranscript):
        return []


def _player(
    request: HttpRequest, recording: Recording, hearing: Hearing, *, is_original: bool
) -> dict[str, Any] | None:
    if hearing.standing is not Standing.OPEN or hearing.copy is None:
        return None
    return {
        "sound": reverse("recording-original" if is_original else "recording-audio", args=[recording.pk]),
        "waves": "" if is_original else reverse("recording-waves", args=[recording.pk]),
        "seconds": hearing.copy.seconds or recording.seconds or 0,
        "start": moment(request.GET.get("t", "")),
        "is_redacted": hearing.copy.kind == CopyKind.REDACTED,
    }


def moment(text: str) -> float:
    """Read the second from which a link wants a recording to be heard; the beginning, where that is none."""
    try:
        second = float(text)
    except ValueError:
        return 0
    return round(second, 2) if 0 <= second < 1_000_000 else 0


def steps(recording: Recording, transcript: Transcript | None) -> list[Step]:
    """Tell how far a recording has come, in the order of the work."""
    made, redacted = (transcript.made_at, transcript.redacted_at) if transcript else (None, None)
    announced = Step(_("Announced"), "done", _("Twilio told of it"), recording.announced_at)
    stored = _step(recording, _("Stored"), Stage.STORE, recording.stored_at)
    cleared = recording.cleared_at
    match State(recording.state):
        case State.ABSENT:
            return [announced, Step(_("Stored"), "never", _("there is no sound"))]
        case State.DELETED:
            why = _("by %(why)s") % {"why": recording.deleted_for}
            return [
                announced,
                *([stored] if recording.stored_at else []),
                Step(_("Deleted"), "done", why, recording.deleted_at),
                _step(recording, _("Deleted at Twilio"), Stage.CLEAR, cleared, is_done=cleared is not None),
            ]
    reads = recording.transcribes
    return [
        announced,
        _step(recording, _("Fetched"), Stage.FETCH),
        _step(recording, _("Verified"), Stage.VERIFY),
        stored,
        _step(
            recording,
            _("Deleted at Twilio"),
            Stage.CLEAR,
            cleared,
            is_done=cleared is not None,
            is_due=recording.clears,
        ),
        _step(recording, _("Transcribed"), Stage.TRANSCRIBE, made, is_done=made is not None, is_due=reads),
        _step(recording, _("Redacted"), Stage.REDACT, redacted, is_done=redacted is not None, is_due=reads),
        _step(recording, _("Found by the search"), Stage.INDEX, is_due=reads),
    ]


def _step(
    recording: Recording,
    name: Promise,
    stage: Stage,
    at: datetime | None = None,
    *,
    is_done: bool | None = None,
    is_due: bool = True,
) -> Step:
    """Tell of one stage; whether it is done follows from the recording's state where nothing else says it."""
    if recording.stage == stage:
        if not recording.is_failing:
            return Step(name, "next", _("comes next"))
        again = _("has failed, and is tried again") if recording.retry_at else _("has failed, and needs somebody")
        return Step(name, "failed", again, recording.retry_at)
    if is_done is None:
        order = list(State)
        is_done = order.index(State(recording.state)) >= order.index(LEADS_TO[stage])
    if is_done:
        return Step(name, "done", _("done"), at)
    return Step(name, "later", _("not yet")) if is_due else Step(name, "never", _("not wanted"))


def _shares(recording: Recording, at: datetime) -> list[Shared]:
    rows = recording.shares.select_related("by", "revoked_by").order_by("-at")[:SHARES_SHOWN]
    return [Shared(link, _address(link), _words(link, at), is_open=_is_open(link, at)) for link in rows]


def _address(link: ShareLink) -> str:
    return callbacks.plain("shared", token=links.token_of(link))


def _words(link: ShareLink, at: datetime) -> Promise:
    if link.revoked_at:
        return _("taken back")
    return _("works") if _is_open(link, at) else _("has run out")


def _is_open(link: ShareLink, at: datetime) -> bool:
    return link.revoked_at is None and link.expires_at > at
