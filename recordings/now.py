"""What is recorded of a call right now, and why not: from rows to the sign that people see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from agents.models import User
from compliance import reading
from compliance.models import Policy
from compliance.policies import Entry, Present, has_refused, missing
from compliance.states import Begins, Party
from recordings.actions.recorders.scene import scene_of
from recordings.models import Pause, Recorder
from recordings.recorder import ASKED_FOR, PauseReason, RecorderState, RecorderWish
from recordings.sign import Dark, Light, Off, Sign, off, sign

CUSTOMER = Present(Party.CUSTOMER)
# the first of several is told first
IMPORTANCE = (
    PauseReason.PAYMENT,
    PauseReason.AGENT,
    PauseReason.DIGITS,
    PauseReason.ASKING,
    PauseReason.HOLD,
    PauseReason.WAIT,
)


@dataclass(frozen=True, slots=True)
class Now:
    """`why` is set where nothing is recorded. `reasons` are those of the open pauses, `by` who has paused by hand.

    `since`: since when it is so. `due_at`: when it goes on by itself, if nothing else keeps it. `answers` are those of
    the customer that can be noted now: a yes is about the policies that are `governing`, a no also about those that
    were before and recorded something (`acted`).
    """

    sign: Sign
    why: Off | None = None
    reasons: tuple[str, ...] = ()
    by: User | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    may_pause: bool = False
    may_resume: bool = False
    may_start: bool = False
    may_stop: bool = False
    may_withdraw: bool = False
    may_agree: bool = False
    governing: tuple[Policy, ...] = ()
    acted: tuple[Policy, ...] = ()


def read(call_id: UUID) -> Now:
    """Read how the recording of a customer's call stands. One query where there are no policies."""
    running = Recorder.objects.live().filter(customer=call_id).values("policy")
    relevant = Policy.objects.filter(Q(is_active=True) | Q(pk__in=running), subject__in=reading.RECORDS_TALKS)
    active = [policy for policy in relevant if policy.is_active]
    if not relevant:
        return Now(Sign.OFF, Off.NO_POLICY)
    live = list(_live().filter(customer=call_id))
    facts = reading.facts_of(reading.scope_of(call_id))
    fitting = reading.choose(active, None, facts)
    governing = reading.choose(active, call_id, facts)
    entries = reading.ledger(call_id)
    shown = sign([Light(one.state, one.wants) for one in live])
    acted = _acted(call_id)
    lacking = _lacking(governing or [one.policy for one in live], entries, [CUSTOMER])
    refused = has_refused(entries, CUSTOMER)
    pauses = [pause for one in live for pause in one.open_pauses]  # type: ignore[attr-defined]
    may_start = _may_start(governing, live, lacking)
    return Now(
        sign=shown,
        why=_why(call_id, fitting, governing, entries, lacking) if shown is Sign.OFF else None,
        reasons=tuple(sorted({pause.reason for pause in pauses}, key=_importance)),
        by=next((pause.by for pause in pauses if pause.by and pause.reason == PauseReason.AGENT), None),
        since=_since(shown, live, pauses),
        due_at=_due_at(pauses),
        may_pause=bool(live) and not any(pause.reason == PauseReason.AGENT for pause in pauses),
        may_resume=any(pause.reason == PauseReason.AGENT for pause in pauses),
        may_start=may_start,
        may_stop=any(one.policy.begins == Begins.PRESS and one.wants != RecorderWish.STOPPED for one in live),
        may_withdraw=not refused and (len(lacking) < len(governing) or bool(acted)),
        may_agree=bool(governing) and bool(refused or lacking),
        governing=tuple(governing),
        acted=tuple(acted),
    )


def signs(call_ids: Collection[UUID]) -> Mapping[UUID, Sign]:
    """Give the signs of many calls, in one query."""
    lights: dict[UUID, list[Light]] = {call_id: [] for call_id in call_ids}
    rows = Recorder.objects.live().filter(customer__in=call_ids).values_list("customer", "state", "wants")
    for call_id, state, wants in rows:
        lights[call_id].append(Light(state, wants))
    return {call_id: sign(found) for call_id, found in lights.items()}


def _live() -> QuerySet[Recorder]:
    still = Pause.objects.filter(until__isnull=True).select_related("by").order_by("since", "pk")
    rows = Recorder.objects.live().select_related("policy").order_by("wanted_at", "pk")
    return rows.prefetch_related(Prefetch("pauses", still, to_attr="open_pauses"))


def _acted(call_id: UUID) -> list[Policy]:
    """Give the policies by which something was recorded of this call, whether they still govern it or not."""
    return list(Policy.objects.filter(pk__in=Recorder.objects.filter(customer=call_id).values("policy")).order_by("pk"))


def _lacking(policies: Sequence[Policy], entries: Sequence[Entry], people: Sequence[Present]) -> list[Policy]:
    """Give the policies under which somebody of these keeps recorders from running."""
    if not policies:
        return []
    notices = reading.notices_of(policies)
    return [one for one in policies if missing(reading.asking_of(one, notices[one.pk]), entries, people)]


def _may_start(governing: Iterable[Policy], live: Sequence[Recorder], lacking: Sequence[Policy]) -> bool:
    running = {one.policy_id for one in live}
    left = [one for one in governing if one.begins == Begins.PRESS and one.pk not in running and one not in lacking]
    return bool(left)


def _why(
    call_id: UUID,
    fitting: Sequence[Policy],
    governing: Sequence[Policy],
    entries: Sequence[Entry],
    lacking: Sequence[Policy],
) -> Off:
    can_be = [one for one in governing if one not in lacking]
    return off(
        Dark(
            fits=bool(fitting),
            governed=bool(governing),
            refused=has_refused(entries, CUSTOMER),
            agreed=bool(can_be),
            others_agreed=len(_lacking(can_be, entries, scene_of(call_id).others)) < len(can_be),
            failed=Recorder.objects.filter(customer=call_id, state=RecorderState.FAILED).exists(),
            presses=all(one.begins == Begins.PRESS for one in can_be),
        )
    )


def _importance(reason: str) -> int:
    return IMPORTANCE.index(PauseReason(reason))


def _since(shown: Sign, live: Sequence[Recorder], pauses: Sequence[Pause]) -> datetime | None:
    if shown is Sign.RECORDING:
        return min((one.began_at for one in live if one.began_at is not None), default=None)
    return min((pause.since for pause in pauses), default=None)


def _due_at(pauses: Sequence[Pause]) -> datetime | None:
    """Tell when the last pause that was asked for ends by itself; None where something else would keep it paused."""
    if not pauses or any(pause.reason not in ASKED_FOR for pause in pauses):
        return None
    due = [pause.due_at for pause in pauses]
    return None if None in due else max(moment for moment in due if moment is not None)
