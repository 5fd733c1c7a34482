"""An agent's part in a conversation: the talk, notes, disposition, and the wrap-up."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from agents import actions as agents
from agents.models import Agent, User
from conferences.models import Conference
from live.publish import publish
from queues.models import Entry, Handling, Queue


class NotDone(Exception):
    """The queue wants a disposition, or a note, before the wrap-up is ended."""


class NotExtendable(Exception):
    """The wrap-up is over, was extended already, or this queue gives no more time."""


def begin(entry: Entry, agent: Agent, conference: Conference, *, at: datetime) -> None:
    """Give an agent a part in a conversation, or let them go on with the one they have in it."""
    agents.hold(agent.pk)
    present = Handling.objects.open().select_for_update(no_key=True, of=("self",)).filter(agent=agent).first()
    if present is not None and present.conference_id == conference.pk:
        if present.ended_at is not None:  # is back in it after all
            present.ended_at = present.wrap_up_until = None
            present.save(update_fields=["ended_at", "wrap_up_until"])
            agents.end_wrap_up(agent.pk, cause="back in the conversation", at=at)
        return
    if present is not None:
        _close(present, cause="took another call", at=at)
    Handling.objects.create(entry=entry, agent=agent, conference=conference, began_at=at)
    publish(f"agent:{agent.pk}")


def end_talk(handling: Handling, *, at: datetime) -> None:
    """Note that an agent talks no more; after a real conversation the queue's wrap-up begins."""
    agents.hold(handling.agent_id)
    queue, conference = handling.entry.queue, handling.conference
    handling.ended_at = at
    talked = conference is not None and conference.started_at is not None
    if not talked or queue.wrap_up == Queue.WrapUp.NONE or not queue.wrap_up_seconds:
        handling.done_at = at
        handling.save(update_fields=["ended_at", "done_at"])
    else:
        handling.wrap_up_until = at + timedelta(seconds=queue.wrap_up_seconds)
        handling.save(update_fields=["ended_at", "wrap_up_until"])
        agents.begin_wrap_up(handling.agent_id, until=handling.wrap_up_until, at=at)
    publish(f"agent:{handling.agent_id}", "agents")


@transaction.atomic
def finish(handling_id: UUID, *, at: datetime) -> None:
    """End the wrap-up: the agent is done. Raises NotDone."""
    handling = _locked(handling_id)
    if handling.ended_at is None or handling.done_at is not None:
        return
    queue = handling.entry.queue
    if queue.disposition_required and handling.disposition_id is None:
        raise NotDone("a disposition is missing")
    if queue.wrap_up == Queue.WrapUp.REQUIRED and not (handling.notes.strip() or handling.disposition_id):
        raise NotDone("a note or a disposition is missing")
    _close(handling, cause="done with the wrap-up", at=at)


@transaction.atomic
def extend(handling_id: UUID, *, at: datetime) -> None:
    """Let the wrap-up last longer, once. Raises NotExtendable."""
    handling = _locked(handling_id)
    more = handling.entry.queue.wrap_up_extension
    if handling.wrap_up_until is None or handling.done_at is not None or handling.extended or not more:
        raise NotExtendable
    handling.wrap_up_until += timedelta(seconds=more)
    handling.extended = True
    handling.save(update_fields=["wrap_up_until", "extended"])
    agents.extend_wrap_up(handling.agent_id, until=handling.wrap_up_until, at=at)
    publish(f"agent:{handling.agent_id}")


def save_notes(handling_id: UUID, text: str, *, at: datetime) -> None:  # noqa: ARG001  like its neighbors
    """Keep the notes as they are typed, while talking and afterwards."""
    Handling.objects.filter(pk=handling_id).update(notes=text)


@transaction.atomic
def dispose(handling_id: UUID, disposition_id: int | None, *, at: datetime) -> None:  # noqa: ARG001
    """Note what the conversation came to, by one of the queue's dispositions. Raises Disposition.DoesNotExist."""
    handling = _locked(handling_id)
    choices = handling.entry.queue.dispositions.filter(is_active=True)
    handling.disposition = None if disposition_id is None else choices.get(pk=disposition_id)
    handling.save(update_fields=["disposition"])
    publish(f"agent:{handling.agent_id}")


@transaction.atomic
def end_stuck_wrap_up(agent_id: UUID, *, by: User, at: datetime) -> None:
    """End an agent's wrap-up whatever is missing, as a supervisor."""
    agents.hold(agent_id)
    rows = Handling.objects.wrapping_up().select_for_update(no_key=True, of=("self",)).filter(agent=agent_id)
    for handling in rows:
        _close(handling, cause="ended by a supervisor", by=by, at=at)
    agents.end_wrap_up(agent_id, cause="ended by a supervisor", by=by, at=at)


@transaction.atomic
def end_late(handling_id: UUID, *, at: datetime) -> bool:
    """End a wrap-up whose time is up."""
    handling = _locked(handling_id)
    if handling.done_at is not None or handling.wrap_up_until is None or handling.wrap_up_until > at:
        return False
    _close(handling, cause="the time for the wrap-up was up", at=at)
    return True


def _locked(handling_id: UUID) -> Handling:
    agents.hold(Handling.objects.values_list("agent_id", flat=True).get(pk=handling_id))
    rows = Handling.objects.select_for_update(no_key=True, of=("self",)).select_related("entry__queue")
    return rows.get(pk=handling_id)


def _close(handling: Handling, *, cause: str, at: datetime, by: User | None = None) -> None:
    handling.ended_at = handling.ended_at or at
    handling.done_at = at
    handling.save(update_fields=["ended_at", "done_at"])
    agents.end_wrap_up(handling.agent_id, cause=cause, by=by, at=at)
    publish(f"agent:{handling.agent_id}", "agents")
