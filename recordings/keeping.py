"""How long a recording and what hangs on it are kept: the rules, asked for one recording at a time."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from compliance.endings import Ending, RulesNow
from compliance.states import Kept, Subject
from recordings.models import Recording
from recordings.states import CopyKind, State


class Part(NamedTuple):
    """One thing of a recording, and when it goes."""

    kind: Kept
    ending: Ending


def kind_of(recording: Recording) -> Kept:
    """A message is kept as a voicemail is; everything else as a recording."""
    return Kept.VOICEMAIL if recording.subject == Subject.VOICEMAIL else Kept.RECORDING


def ending(recording: Recording, rules: RulesNow, *, kind: Kept | None = None) -> Ending:
    """Tell when a recording, or a thing of it, may go. What the recording does not say itself, its call says.

    Asks nothing where call with scope and queue, queue and agent were read along.
    """
    scope = getattr(recording.call, "scope", None)
    queue = recording.queue or (scope.queue if scope else None)
    teams = (recording.queue, scope.queue if scope else None, recording.agent)
    return rules.ending(
        kind or kind_of(recording),
        recording.announced_at,
        number=recording.number or (scope.number if scope else ""),
        queue=queue.pk if queue else None,
        team=next((one.team_id for one in teams if one and one.team_id), None),
    )


def parts(recording: Recording, rules: RulesNow) -> Iterator[Part]:
    """Give what there is of a recording with its day; nothing stays longer than the recording itself."""
    if recording.state in (State.DELETED, State.ABSENT):
        return
    whole = ending(recording, rules)
    yield Part(kind_of(recording), whole)
    if recording.copies.filter(kind=CopyKind.REDACTED).exists():
        yield Part(Kept.REDACTED, _sooner(ending(recording, rules, kind=Kept.REDACTED), whole))
    if recording.transcripts.exists():
        yield Part(Kept.TRANSCRIPT, _sooner(ending(recording, rules, kind=Kept.TRANSCRIPT), whole))


def day(recording: Recording, rules: RulesNow) -> datetime | None:
    """Give the day from which a recording may go, for lists."""
    if recording.state in (State.DELETED, State.ABSENT):
        return None
    return ending(recording, rules).at


def _sooner(own: Ending, whole: Ending) -> Ending:
    if whole.at is None or (own.at is not None and own.at <= whole.at):
        return own
    return whole
