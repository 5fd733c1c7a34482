"""The proof sheet of a call: what was recorded of it, by which rule, who agreed, and what is on no recording."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from calls.models import Call
from compliance import holds, reading
from compliance.endings import RulesNow
from compliance.models import AccessEntry, Consent, Policy
from compliance.policies import drawn, required
from compliance.sentences import ANSWERS, MODES, PARTIES, described, named
from compliance.states import Direction, Party, Subject
from compliance.words import ACTIONS, stretch
from conferences.models import Participant, Supervision
from conferences.notices import party_of
from conferences.reading import who
from conferences.room import Mode, Role
from recordings import gaps, keeping
from recordings.models import Copy, Recorder, Recording
from recordings.states import State
from recordings.words import REASONS, because

Data: TypeAlias = dict[str, Any]
Show = Callable[[str], str]

FORMAT = 1
NEEDED = ("calls.view_call", "compliance.view_consent")  # the permissions of who may see it


@dataclass(frozen=True, slots=True)
class Proof:
    """`data` is what the sheet says; `text` the same as JSON, whose hash can be computed by anybody."""

    data: Data
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def proof_of(call: Call, *, show: Show, show_text: Show, at: datetime) -> Proof:
    """Gather the proof of a customer's call. `show` and `show_text` write numbers as far as the reader may see them.

    Two readers with the same rights get the very same text, as long as nothing new has happened.
    """
    people = gaps.people_of(call)
    recorders = gaps.recorders_of(call)
    entries = list(Consent.objects.filter(call=call).select_related("policy", "noted_by").order_by("at", "pk"))
    copies = Prefetch("copies", Copy.objects.order_by("made_at", "pk"))
    rows = Recording.objects.filter(call=call).select_related("call__scope__queue", "queue", "agent")
    recordings = list(rows.prefetch_related(copies).order_by("announced_at", "pk"))
    lines = gaps.lines_of(call, people, recorders, entries, at=at)
    rules = RulesNow.read()
    data: Data = {
        "format": FORMAT,
        "call": _call(call, show),
        "people": [_person(one, show, show_text) for one in people],
        "policies": _policies(call, recorders, entries),
        "answers": [_answer(one, show_text) for one in entries],
        "recorders": [_recorder(one) for one in recorders],
        "recordings": [_recording(one, heard, rules) for one, heard in _with_listeners(recordings)],
        "held": bool(recordings) and bool(holds.covering(call.pk)),
        "not_recorded": {
            "lines": [_line(one) for one in lines],
            "never": never(call, recorders),
            "not_asked": _not_asked(people, recorders, show_text),
        },
    }
    return Proof(data, json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, default=_written))


def _written(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _call(call: Call, show: Show) -> Data:
    return {
        "sid": call.sid,
        "direction": call.direction,
        "from": show(call.from_number),
        "to": show(call.to_number),
        "began": call.started_at,
        "answered": call.answered_at,
        "ended": call.ended_at,
        "status": call.status,
    }


def _person(one: Participant, show: Show, show_text: Show) -> Data:
    return {
        "who": name_of(one, show, show_text),
        "role": one.role,
        "as": _("supervisor") if one.role == Role.SUPERVISOR else PARTIES[party_of(one)],
        "leg": one.call_sid,
        "came": one.joined_at,
        "left": one.left_at,
    }


def name_of(one: Participant, show: Show, show_text: Show) -> str:
    """Name somebody who took part, as far as the reader may see numbers."""
    if one.role == Role.CUSTOMER:
        return show(one.address)
    return one.agent.name if one.agent else show_text(one.name) or show(one.address)


def _policies(call: Call, recorders: Sequence[Recorder], entries: Sequence[Consent]) -> list[Data]:
    """Tell of the policies by which something was recorded or asked, and of those that fit the call as it stands."""
    facts = reading.facts_of(reading.scope_of(call.pk))
    active = list(Policy.objects.filter(is_active=True).select_related("flow", "queue"))
    fitting = reading.choose(active, None, facts, [*reading.RECORDS_TALKS])
    acted = {one.policy_id for one in recorders} | {one.policy_id for one in entries}
    others = Policy.objects.filter(pk__in=acted - {one.pk for one in fitting}).select_related("flow", "queue")
    return [
        {
            "name": policy.name,
            "does": described(policy),
            "acted": policy.pk in acted,
            "fits_now": policy in fitting,
            "because": _because(policy),
            "share": policy.share,
            "drawn": drawn(call.pk, reading.rule_of(policy)),
        }
        for policy in sorted([*fitting, *others], key=lambda one: one.pk)
    ]


def _because(policy: Policy) -> str:
    parts = named(policy)
    if policy.direction:
        parts.append(_("inbound calls") if policy.direction == Direction.INBOUND else _("outbound calls"))
    if not parts:
        return _("It names nothing, so it fits every call that no other policy names.")
    return _("It names %(what)s. Of those that fit a call, the policy that names most counts.") % {
        "what": ", ".join(parts)
    }


def _answer(one: Consent, show_text: Show) -> Data:
    return {
        "at": one.at,
        "party": PARTIES.get(one.party, one.party),
        "who": show_text(one.name),
        "answer": one.answer,
        "answered": ANSWERS.get(one.answer, one.answer),
        "key": one.key,
        "policy": one.policy.name,
        "mode": MODES.get(one.mode, one.mode),
        "wording": one.wording,
        "version": one.version,
        "language": one.language,
        "leg": one.leg,
        "noted_by": one.noted_by.get_username() if one.noted_by else "",
        "id": one.pk,
    }


def _recorder(one: Recorder) -> Data:
    began = one.began_at
    return {
        "policy": one.policy.name,
        "line": gaps.title_of(one),
        "leg": one.call_sid,
        "channels": one.channels,
        "speakers": list(one.speakers),
        "wanted": one.wanted_at,
        "began": began,
        "stopped": one.stopped_at,
        "state": one.state,
        "failure": one.failure,
        "recording": one.recording.sid if one.recording else "",
        "pauses": [
            {
                "reason": REASONS.get(pause.reason, pause.reason),
                "by": pause.by.get_username() if pause.by else "",
                "since": pause.since,
                "until": pause.until,
                "ran_out": pause.ran_out,
                # a pause leaves silence of its length, so the recording has it at this second
                "second": max(0, int((pause.since - began).total_seconds())) if began else None,
            }
            for pause in one.pauses.all()
        ],
    }


def _recording(one: Recording, heard: Iterable[AccessEntry], rules: RulesNow) -> Data:
    ending = None if one.state in (State.DELETED, State.ABSENT) else keeping.ending(one, rules)
    return {
        "sid": one.sid,
        "subject": one.subject,
        "state": one.state,
        "seconds": one.seconds,
        "channels": one.channels,
        "speakers": list(one.speakers),
        "copies": [
            {"kind": copy.kind, "sha256": copy.sha256, "size": copy.size, "made": copy.made_at}
            for copy in one.copies.all()
        ],
        "stored": one.stored_at,
        "cleared": one.cleared_at,
        "deleted": one.deleted_at,
        "deleted_for": one.deleted_for,
        "kept_until": ending.at if ending else None,
        "kept_by": ending.words if ending else "",
        "access": [
            {
                "at": entry.at,
                "who": entry.who,
                "did": ACTIONS.get(entry.action, entry.action),
                "part": stretch(entry.detail),
                "reason": entry.reason,
            }
            for entry in heard
        ],
    }


def _with_listeners(recordings: Sequence[Recording]) -> list[tuple[Recording, list[AccessEntry]]]:
    ids = {str(one.pk): list[AccessEntry]() for one in recordings}
    log: QuerySet[AccessEntry] = AccessEntry.objects.filter(subject="recording", subject_id__in=ids).order_by("id")
    for entry in log if ids else ():
        ids[entry.subject_id].append(entry)
    return [(one, ids[str(one.pk)]) for one in recordings]


def _line(one: gaps.Line) -> Data:
    return {
        "line": one.title,
        "stretches": [
            {
                "since": stretch.since,
                "until": stretch.until,
                "seconds": round(stretch.lasts.total_seconds()),
                "reasons": list(stretch.reasons),
                "because": because(stretch.reasons),
            }
            for stretch in one.stretches
        ],
    }


def never(call: Call, recorders: Sequence[Recorder]) -> list[str]:
    """Say what by its nature is not on these recordings, whoever was there; and what is, though it may surprise."""
    began = [one for one in recorders if one.began_at is not None]
    if not began:
        return []
    found = []
    on_lines = [one for one in began if one.policy.subject == Subject.AGENT]
    if len(on_lines) < len(began):
        found.append(
            _("Not on the conversation's recording: what agents say to one another while the customer is on hold.")
        )
    coached = Supervision.objects.filter(participant__conference__customer=call, mode=Mode.COACH)
    for one in coached.select_related("participant__agent").order_by("at", "pk"):
        found.append(_coaching(one, on_lines))
    return found


def _coaching(one: Supervision, on_lines: Sequence[Recorder]) -> str:
    end = one.until or one.participant.left_at
    heard_on = [
        gaps.title_of(line)
        for line in on_lines
        if line.began_at and (end is None or line.began_at < end) and (not line.stopped_at or line.stopped_at > one.at)
    ]
    words = {"who": who(one.participant), "lines": ", ".join(heard_on)}
    if heard_on:
        return (
            _(
                "What %(who)s whispered to the agent as a supervisor is not on the conversation's recording; it is on: "
                "%(lines)s."
            )
            % words
        )
    return _("What %(who)s whispered to the agent as a supervisor is on no recording.") % words


def _not_asked(people: Sequence[Participant], recorders: Sequence[Recorder], show_text: Show) -> list[Data]:
    """Tell who was there while something was recorded by a policy that does not ask them."""
    found: dict[tuple[str, str], Data] = {}
    for one in people:
        for recorder in recorders:
            party, began = party_of(one), recorder.began_at
            if party is Party.CUSTOMER or began is None or one.joined_at is None:
                continue
            over = (one.left_at is not None and one.left_at <= began) or (
                recorder.stopped_at is not None and one.joined_at >= recorder.stopped_at
            )
            if not over and not required(recorder.policy.consent, party):
                name = who(one) if one.agent else show_text(who(one))
                found[name, recorder.policy.name] = {
                    "who": name,
                    "party": PARTIES[party],
                    "policy": recorder.policy.name,
                    "mode": MODES[recorder.policy.consent],
                }
    return list(found.values())


def is_about(call: Call) -> bool:
    """Tell whether there is anything to prove: something was recorded, or was to be, or somebody was asked."""
    return Recorder.objects.filter(customer=call).exists() or Consent.objects.filter(call=call).exists()
