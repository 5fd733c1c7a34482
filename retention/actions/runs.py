"""Runs of the retention rules: planned, let begin by a person where they are large, carried out batch by batch."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from agents.models import User
from compliance import holds
from compliance.actions import access
from compliance.endings import RulesNow, id_of, is_of_settings
from compliance.keeping import Rule, fingerprint, made_before
from compliance.states import Access, Kept
from crm.models import Delivery as EventDelivery
from crm.models import Event
from messaging.actions.keeping import delete_messages
from recordings.actions.deleting import delete_recordings, delete_redacted, delete_transcripts
from retention import due
from retention.actions.conversations import delete_conversations, delete_histories
from retention.models import Run
from retention.states import RUN_MOVES, RUN_OPEN, RunState, origins
from telephony.models import Delivery

LEASE = timedelta(seconds=90)
EACH = timedelta(hours=20)  # a rule runs once a day, whenever that day's first sweep comes
BATCH = 500
BATCHES = {Kept.CALL: 100, Kept.EVENT: 200, Kept.DELIVERY: 1000, Kept.TOLD: 1000, Kept.SENT: 1000}


class OtherNumber(Exception):
    """What was typed is not the number of what would go."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class NotWaiting(Exception):
    """The run does not wait for anybody any more."""


def plan(*, at: datetime) -> list[Run]:
    """Begin the runs of the day; one that would remove too much for its first time waits for a person.

    A run whose rule has changed meanwhile is void. Returns those that may go on.
    """
    now = RulesNow.read()
    rules = {rule.id: rule for rule in now.rules}
    for run in Run.objects.open():
        rule = rules.get(id_of(run.rule_id, run.kind))
        if rule is None or fingerprint(rule, now.rules) != run.fingerprint:
            _move(run, RunState.VOID, {"leased_until": None, "done_at": at})
    for rule in now.rules:
        if rule.days is not None and not _had_its_turn(rule, now.rules, at=at):
            _begin(rule, now, at=at)
    return list(Run.objects.idle(at=at).order_by("pk"))


def approve(run: Run, *, typed: int, by: User, address: str | None, at: datetime) -> None:
    """Let a waiting run begin. Raises OtherNumber where that is not how much would go by now, and NotWaiting."""
    rules = RulesNow.read().rules
    rule = _rule_of(run, rules)
    if rule is None:
        raise NotWaiting
    found = due.count(rule, rules, at=at)
    if typed != found.count:
        raise OtherNumber(found.count)
    with transaction.atomic():
        changes = {"approved_by": by, "approved_at": at, "before": made_before(rule, at=at)}
        if not _move(run, RunState.RUNNING, changes | {"planned": found.count, "oldest": found.oldest}):
            raise NotWaiting
        access.log(
            user=by,
            address=address,
            action=Access.DELETED,
            subject="run",
            subject_id=run.pk,
            reason=run.words,
            detail={"approved": found.count},
            at=at,
        )


def claim(run_id: int, *, at: datetime) -> Run | None:
    """Claim a run for this worker; None where another has it, or it does not run."""
    won = Run.objects.idle(at=at).filter(pk=run_id).update(leased_until=at + LEASE)
    return Run.objects.get(pk=run_id) if won else None


def take_batch(run: Run, *, at: datetime) -> list[UUID]:
    """Remove the next items of a claimed run, all in one transaction with the note of how far it has come.

    Returns the recordings of which files and Twilio's audio are left. After the last batch the run is done; where its
    rule has changed it is void; where the claim is lost nothing happens. In each of these cases the claim is over.
    """
    with transaction.atomic():
        holds.share()
        rules = RulesNow.read().rules
        held = Run.objects.select_for_update().filter(pk=run.pk, leased_until=run.leased_until, state=RunState.RUNNING)
        if not held.exists():
            run.leased_until = None
            return []
        rule = _rule_of(run, rules)
        if rule is None:
            _move(run, RunState.VOID, {"leased_until": None, "done_at": at})
            return []
        rows = _next(run, rule, rules, at=at)
        left = _remove(Kept(run.kind), [row.pk for row in rows], why=f"run {run.pk}", at=at)
        if rows:
            last = rows[-1]
            _note(run, removed=run.removed + len(rows), cursor_at=last.made, cursor=str(last.pk), until=at + LEASE)
        else:
            _finish(run, rule, rules, at=at)
    return left


def release(run: Run) -> None:
    """Give a claim back before its time, for the next worker to go on."""
    Run.objects.filter(pk=run.pk, leased_until=run.leased_until).update(leased_until=None)


def _begin(rule: Rule, now: RulesNow, *, at: datetime) -> None:
    rules = now.rules
    found = due.count(rule, rules, at=at)
    if not found.count:
        return
    mark = fingerprint(rule, rules)
    waits = (
        not is_of_settings(rule)
        and found.count > settings.RETENTION_FIRST_RUN_LIMIT
        and not Run.objects.filter(rule=rule.id, fingerprint=mark, state=RunState.DONE).exists()
    )
    try:
        with transaction.atomic():
            Run.objects.create(
                rule_id=None if is_of_settings(rule) else rule.id,
                kind=rule.kind,
                days=rule.days or 0,
                words=now.words[rule.id],
                fingerprint=mark,
                state=RunState.WAITING if waits else RunState.RUNNING,
                before=made_before(rule, at=at) or at,
                planned=found.count,
                oldest=found.oldest,
                held=found.held,
                planned_at=at,
            )
    except IntegrityError:  # another worker was first
        return


def _had_its_turn(rule: Rule, rules: Sequence[Rule], *, at: datetime) -> bool:
    of_rule = Run.objects.filter(rule=None if is_of_settings(rule) else rule.id, kind=rule.kind)
    today = Q(planned_at__gt=at - EACH, fingerprint=fingerprint(rule, rules))
    return of_rule.filter(today | Q(state__in=RUN_OPEN)).exists()


def _rule_of(run: Run, rules: Sequence[Rule]) -> Rule | None:
    """Give a run's rule as it is; None where it is another by now."""
    wanted = id_of(run.rule_id, run.kind)
    rule = next((rule for rule in rules if rule.id == wanted and rule.kind == run.kind), None)
    return rule if rule and fingerprint(rule, rules) == run.fingerprint else None


def _next(run: Run, rule: Rule, rules: Sequence[Rule], *, at: datetime) -> list[Any]:
    """Lock the next items behind the cursor; what another has locked is left to the next run."""
    rows = due.due(rule, rules, at=at).filter(made__lt=run.before)
    if run.cursor_at is not None:
        behind = Q(made__gt=run.cursor_at) | Q(made=run.cursor_at, pk__gt=run.cursor)
        rows = rows.filter(behind, made__gte=run.cursor_at)  # the latter alone can be looked up in an index
    limit = BATCHES.get(Kept(run.kind), BATCH)
    rows = rows.only("pk").order_by("made", "pk")
    return list(rows.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])


def _remove(kind: Kept, ids: list[Any], *, why: str, at: datetime) -> list[UUID]:
    match kind:
        case Kept.VOICEMAIL | Kept.RECORDING:
            delete_recordings(ids, deleted_for=why, at=at)
            return ids
        case Kept.REDACTED:
            delete_redacted(ids, at=at)
            return ids
        case Kept.TRANSCRIPT:
            delete_transcripts(ids)
        case Kept.CALL:
            delete_conversations(ids, deleted_for=why, at=at)
        case Kept.EVENT:
            delete_histories(ids)
        case Kept.TEXT:
            delete_messages(ids, at=at)
        case Kept.DELIVERY:
            Delivery.objects.filter(pk__in=ids).delete()
        case Kept.TOLD:
            Event.objects.filter(pk__in=ids).delete()
        case Kept.SENT:
            EventDelivery.objects.filter(pk__in=ids).delete()
    return []


def _note(run: Run, *, removed: int, cursor_at: datetime, cursor: str, until: datetime) -> None:
    run.removed, run.cursor_at, run.cursor, run.leased_until = removed, cursor_at, cursor, until
    run.save(update_fields=["removed", "cursor_at", "cursor", "leased_until"])


def _finish(run: Run, rule: Rule, rules: Sequence[Rule], *, at: datetime) -> None:
    held = due.count(rule, rules, at=at).held
    _move(run, RunState.DONE, {"leased_until": None, "done_at": at, "held": held})
    if run.removed:
        detail = {"kind": run.kind, "removed": run.removed, "held": held}
        access.log(
            user=run.approved_by,
            address=None,
            action=Access.DELETED,
            subject="run",
            subject_id=run.pk,
            reason=run.words,
            detail=detail,
            at=at,
        )


def _move(run: Run, state: RunState, changes: dict[str, Any]) -> bool:
    """Step to a state, where the table of moves has that; False where another was first."""
    changes = changes | {"state": state}
    movable = Run.objects.filter(pk=run.pk, state__in=origins(RUN_MOVES, state))
    if not movable.update(**changes):
        return False
    for name, value in changes.items():
        setattr(run, name, value)
    return True
