"""A document comes to callers with a second person's approval, at a time that was planned, or both."""

import hashlib
import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import User
from ivr.actions.publishing import HasErrors, ScenariosFail, freeze, make_sure, restore, unless_met
from ivr.drafting.drafts import compile_draft
from ivr.models import Flow, Release, Version
from ivr.states import ReleaseState, release_may_become
from live import publish as live

TELLING_LEASE = timedelta(minutes=10)

logger = logging.getLogger(__name__)


class NothingToWaitFor(Exception):
    """It needs neither a second person nor a time: publish it."""


class TimeIsOver(Exception):
    """It should be published at a time that is over."""


class OwnProposal(Exception):
    """Somebody would approve what they themselves want to publish."""


class NotOpen(Exception):
    """The release has ended, or is not where it could go on like this."""


class NotTheLast(Exception):
    """Callers meet another version by now, or there is none to go back to."""


def fingerprint(document: dict[str, Any]) -> str:
    """Give what changes whenever anything in a document does."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def propose(
    flow: Flow,
    *,
    by: User | None,
    note: str,
    at: datetime,
    publish_at: datetime | None = None,
    restores: Version | None = None,
    despite: str = "",
) -> Release:
    """Freeze the draft, or an old version, to be published later: once somebody approves it, at a time, or both.

    The very same is proposed once. What callers meet already may come at a time, after something else, and not before.
    Raises NothingToWaitFor, TimeIsOver, NothingChanges, HasErrors and ScenariosFail.
    """
    with transaction.atomic():
        locked = Flow.objects.select_for_update().get(pk=flow.pk)
        if publish_at is not None and publish_at <= at:
            raise TimeIsOver
        if publish_at is None and not locked.needs_approval:
            raise NothingToWaitFor
        document = restores.document if restores else compile_draft(locked)
        state = ReleaseState.PROPOSED if locked.needs_approval else ReleaseState.PLANNED
        same = locked.releases.open().filter(fingerprint=fingerprint(document), publish_at=publish_at).first()
        if same is not None:
            return same
        despite = make_sure(locked, document, by=by, despite=despite, goes_back=restores is not None, at=at)
        if publish_at is None:
            unless_met(locked, document)
        release = Release.objects.create(
            flow=locked,
            document=document,
            fingerprint=fingerprint(document),
            restores=restores,
            note=note,
            despite=despite,
            reasoned_by=by if despite else None,
            publish_at=publish_at,
            state=state,
            proposed_by=by,
            proposed_at=at,
            # who plans what nobody has to approve knows of it
            told_state="" if state == ReleaseState.PROPOSED else state,
        )
        _announce(release)
        return release


def approve(release: Release, *, by: User, at: datetime, despite: str = "") -> Release:
    """Let callers meet what somebody else has proposed: at once, or at its time. Nothing but that is published.

    Raises OwnProposal, NotOpen, HasErrors and ScenariosFail.
    """
    with transaction.atomic():
        flow = Flow.objects.select_for_update().get(pk=release.flow_id)
        if release.proposed_by_id == by.pk:
            raise OwnProposal
        later = release.publish_at is not None and release.publish_at > at
        state = ReleaseState.PLANNED if later else ReleaseState.PUBLISHED
        found = _claim(release, state)
        if despite:
            found.despite, found.reasoned_by = despite, by
        found.despite = _sure(flow, found, at=at)
        found.state, found.approved_by, found.approved_at = state, by, at
        if not later:
            found.version = _publish(flow, found, at=at)
            found.ended_at = at
        found.save(
            update_fields=["state", "despite", "reasoned_by", "approved_by", "approved_at", "version", "ended_at"]
        )
        _announce(found)
        return found


def decline(release: Release, *, by: User, reason: str, at: datetime) -> Release:
    """Refuse what somebody else has proposed, and say why. Raises OwnProposal and NotOpen."""
    if release.proposed_by_id == by.pk:
        raise OwnProposal
    return _end(release, ReleaseState.DECLINED, by=by, reason=reason, at=at)


def withdraw(release: Release, *, by: User | None, reason: str = "", at: datetime) -> Release:
    """Take back what was proposed or planned: it will not be published. Raises NotOpen."""
    return _end(release, ReleaseState.WITHDRAWN, by=by, reason=reason, at=at)


def publish_due(release: Release, *, at: datetime) -> Release | None:
    """Publish what was planned for a time that has come: once, whoever else tries, and however often.

    It is checked again, and so are the scenarios. What is in the way ends it, and is told to whoever planned it. None
    where somebody else was first.
    """
    with transaction.atomic():
        flow = Flow.objects.select_for_update().get(pk=release.flow_id)
        # a compare-and-set: who finds it planned no more has lost, and who is killed from here on gives it back
        if not Release.objects.due(at=at).filter(pk=release.pk).update(telling_until=None):
            return None
        found = Release.objects.get(pk=release.pk)
        found.ended_at = at
        try:
            with transaction.atomic():
                _sure(flow, found, at=at)
                found.version = _publish(flow, found, at=at)
        except (HasErrors, ScenariosFail) as refusal:
            found.state, found.ended_because = ReleaseState.FAILED, str(refusal)
            logger.warning("Release %s of flow %s could not be published at its time", found.pk, flow.pk)
        else:
            found.state = ReleaseState.PUBLISHED
        found.save(update_fields=["state", "version", "ended_at", "ended_because"])
        _announce(found)
        return found


def undo(flow: Flow, *, number: int, by: User | None, at: datetime) -> Version | Release:
    """Go back from version `number`, if callers meet it, to the one before: at once, or where the flow needs a second
    person as a proposal. The draft stays as it is. Scenarios do not stop it. Raises NotTheLast and HasErrors.
    """
    with transaction.atomic():
        locked = Flow.objects.select_for_update().get(pk=flow.pk)
        before = version_before(locked)
        if locked.published is None or locked.published.number != number or before is None:
            raise NotTheLast
        note = _("Undone: version %(number)s") % {"number": number}
        if locked.needs_approval:
            return propose(locked, by=by, note=note, at=at, restores=before, despite=note)
        return restore(before, by=by, note=note, at=at, despite=note)


def version_before(flow: Flow) -> Version | None:
    """Give the version that callers met before the present one."""
    if flow.published is None:
        return None
    return flow.versions.filter(number__lt=flow.published.number).order_by("-number").first()


def require_approval(flow: Flow, wanted: bool, *, by: User, at: datetime) -> None:
    """Say whether a second person has to approve what is published of the flow. What is planned already stays so."""
    with transaction.atomic():
        if not Flow.objects.filter(pk=flow.pk, needs_approval=not wanted).update(needs_approval=wanted):
            return
        told = (
            _("From now on a second person has to approve each version.")
            if wanted
            else _("Versions are published without a second person's approval from now on.")
        )
        LogEntry.objects.create(
            user=by,
            action_time=at,
            content_type=ContentType.objects.get_for_model(Flow),
            object_id=str(flow.pk),
            object_repr=str(flow)[:200],
            action_flag=CHANGE,
            change_message=told,
        )
        live.publish(f"flow:{flow.pk}")


def claim_telling(release_id: int, *, at: datetime) -> Release | None:
    """Claim the e-mails about what became of a release; None where nobody is to be told, or somebody tells."""
    claimed = Release.objects.untold(at=at).filter(pk=release_id).update(telling_until=at + TELLING_LEASE)
    rows = Release.objects.select_related("flow", "version", "proposed_by", "approved_by", "ended_by")
    return rows.defer("document", "version__document").get(pk=release_id) if claimed else None


def note_told(release_id: int, state: str) -> None:
    """Note that people know that a release has come to a state; it may have gone on meanwhile."""
    Release.objects.filter(pk=release_id).update(told_state=state, telling_until=None)


def _sure(flow: Flow, release: Release, *, at: datetime) -> str:
    """Check a release once more, and give the reason to keep. Raises HasErrors and ScenariosFail."""
    return make_sure(
        flow,
        release.document,
        by=release.reasoned_by,
        despite=release.despite,
        goes_back=release.restores_id is not None,
        at=at,
    )


def _claim(release: Release, state: ReleaseState) -> Release:
    """Lock a release that may come to a state. Raises NotOpen."""
    before = release_may_become(state)
    # whatever waits for approval is proposed; what is planned has it, or needs none
    wanted = before - {ReleaseState.PLANNED} if state == ReleaseState.PUBLISHED else before
    found = Release.objects.select_for_update(of=("self",)).filter(pk=release.pk, state__in=wanted).first()
    if found is None:
        raise NotOpen
    return found


def _publish(flow: Flow, release: Release, *, at: datetime) -> Version:
    return freeze(
        flow,
        release.document,
        by=release.proposed_by,
        note=release.note,
        at=at,
        restored_from=release.restores,
        despite=release.despite,
    )


def _end(release: Release, state: ReleaseState, *, by: User | None, reason: str, at: datetime) -> Release:
    ended = Release.objects.filter(pk=release.pk, state__in=release_may_become(state)).update(
        state=state, ended_by=by, ended_at=at, ended_because=reason
    )
    if not ended:
        raise NotOpen
    release.refresh_from_db()
    _announce(release)
    return release


def _announce(release: Release) -> None:
    live.publish(f"flow:{release.flow_id}")
