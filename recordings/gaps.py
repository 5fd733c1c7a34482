"""From rows to what of a call is not on its recordings: the lines that were recorded, each with its stretches."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from calls.models import Call, CallEvent, EventKind
from compliance.models import Consent
from compliance.policies import NO
from compliance.states import Answer, Party, Subject
from conferences.models import Participant
from conferences.reading import who
from conferences.room import Role
from queues.models import Entry
from recordings.models import Pause, Recorder
from recordings.recorder import PauseReason, RecorderState
from recordings.report import Cause, Span, Stretch, Why, ran, silent, united, without


@dataclass(frozen=True, slots=True)
class Line:
    """A line of which something was recorded, or was to be, and what of it is on no recording of this line."""

    title: str
    whole: Span
    stretches: tuple[Stretch, ...]


def people_of(call: Call) -> list[Participant]:
    """Read who took part in the conversations of a customer's call, in the order in which they came."""
    there = Participant.objects.filter(conference__customer=call, joined_at__isnull=False)
    return list(there.select_related("agent").order_by("joined_at", "pk"))


def recorders_of(call: Call) -> list[Recorder]:
    """Read the recorders of a customer's call with their pauses, in two queries."""
    pauses = Prefetch("pauses", Pause.objects.select_related("by").order_by("since", "pk"))
    rows = Recorder.objects.filter(customer=call).select_related("policy", "recording", "participant__agent")
    return list(rows.prefetch_related(pauses).order_by("wanted_at", "pk"))


def title_of(recorder: Recorder) -> str:
    """Name the line that a recorder is on."""
    if recorder.policy.subject != Subject.AGENT:
        return _("the conversation, on the customer's line")
    name = who(recorder.participant) if recorder.participant else _("an agent")
    return _("the line of %(who)s") % {"who": name}


def report(call: Call, *, at: datetime) -> list[Line]:
    """Tell of each line of a customer's call that was recorded, what is not on the recording."""
    recorders = recorders_of(call)
    if not recorders:
        return []
    entries = list(Consent.objects.filter(call=call).order_by("at", "pk"))
    return lines_of(call, people_of(call), recorders, entries, at=at)


def lines_of(
    call: Call,
    people: Sequence[Participant],
    recorders: Sequence[Recorder],
    entries: Iterable[Consent],
    *,
    at: datetime,
) -> list[Line]:
    """Tell it of rows that were read already. What goes on still is told up to `at`."""
    if not recorders:
        return []
    marks = _marks(call)
    life = Span(call.answered_at or call.started_at, call.ended_at or at)
    refusals, outside = list(_refusals(entries, life)), list(_outside(call, people, life))
    of_line = defaultdict[tuple[str, str], list[Recorder]](list)
    for one in recorders:
        of_line[one.policy.subject, one.call_sid].append(one)
    return [
        # where the customer is, is no reason on an agent's line
        _line(rows, _life_of(rows[0], life), marks, refusals if subject == Subject.AGENT else refusals + outside, at)
        for (subject, _sid), rows in of_line.items()
    ]


def _line(
    rows: Sequence[Recorder],
    whole: Span,
    marks: dict[str, list[tuple[datetime, str]]],
    common: Sequence[Cause],
    at: datetime,
) -> Line:
    recorded = [span for one in rows for span in _recorded(one, marks.get(str(one.pk), ()), at)]
    causes = [
        *common,
        *(Cause(pause.since, pause.until or at, pause.reason) for one in rows for pause in one.pauses.all()),
    ]
    return Line(title_of(rows[0]), whole, tuple(silent(whole, recorded, causes)))


def _recorded(recorder: Recorder, marks: Sequence[tuple[datetime, str]], at: datetime) -> list[Span]:
    """Give when it ran: as the history tells it, or where that is gone, between its pauses."""
    if any(state == RecorderState.RUNNING for _moment, state in marks):
        return ran(marks, until=at)
    if recorder.began_at is None:
        return []
    whole = Span(recorder.began_at, recorder.stopped_at or at)
    return without(whole, [Span(pause.since, pause.until or at) for pause in recorder.pauses.all()])


def _marks(call: Call) -> dict[str, list[tuple[datetime, str]]]:
    """Read what Twilio has confirmed of each recorder, and when."""
    found = defaultdict[str, list[tuple[datetime, str]]](list)
    told = CallEvent.objects.filter(call=call, kind=EventKind.RECORDER).order_by("id").values_list("at", "data")
    for moment, data in told:
        found[str(data.get("recorder", ""))].append((moment, str(data.get("what", ""))))
    return found


def _life_of(recorder: Recorder, life: Span) -> Span:
    """Give how long the line was there: an agent's only as long as the agent."""
    leg = recorder.participant
    if recorder.policy.subject != Subject.AGENT or leg is None:
        return life
    return Span(leg.joined_at or recorder.wanted_at, min(leg.left_at or life.until, life.until))


def _outside(call: Call, people: Iterable[Participant], life: Span) -> Iterator[Cause]:
    """Tell when the customer was in no talk: waiting in a queue, or hearing what a flow says."""
    talks = [
        Span(one.joined_at, one.left_at or life.until) for one in people if one.role == Role.CUSTOMER and one.joined_at
    ]
    stays = Entry.objects.filter(call=call).values_list("joined_at", "answered_at", "ended_at")
    waits = united(Span(joined, answered or ended or life.until) for joined, answered, ended in stays)
    for span in waits:
        yield from (Cause(part.since, part.until, PauseReason.WAIT) for part in without(span, talks))
    yield from (Cause(part.since, part.until, Why.FLOW) for part in without(life, [*talks, *waits]))


def _refusals(entries: Iterable[Consent], life: Span) -> Iterator[Cause]:
    """Tell from when until when the customer did not want to be recorded."""
    since = None
    for one in entries:
        if one.party != Party.CUSTOMER:
            continue
        if one.answer in NO:
            since = since or one.at
        elif one.answer == Answer.AGREED and since is not None:
            yield Cause(since, one.at, Why.REFUSED)
            since = None
    if since is not None:
        yield Cause(since, life.until, Why.REFUSED)
