"""Claiming what is asked of Twilio, and noting what became of it. Each is one step of a task."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from calls import actions as calls
from calls.observations import Observation
from conferences.actions.observing import link, outcome_of
from conferences.actions.steering import afterwards, of_participant
from conferences.asking import changes
from conferences.models import Announcement, Conference, Participant
from conferences.room import Phase
from conferences.states import LegState, Outcome


class Change(NamedTuple):
    """One update of a participant that is in. `sound` names the document for somebody who is put on hold."""

    conference_sid: str
    call_sid: str
    parameters: dict[str, str | bool]
    sound: str = ""


def claim_ring(participant_id: UUID, *, at: datetime) -> Participant | None:
    """Claim the one ring of somebody; None where it is claimed already, or not wanted any more."""
    return _claim(participant_id, is_moved=False, at=at)


def claim_move(participant_id: UUID, *, at: datetime) -> Participant | None:
    """Claim the moving of a leg into its conference; None where it is under way, or not wanted."""
    return _claim(participant_id, is_moved=True, at=at)


def give_back(participant_id: UUID) -> None:
    """Undo a claim of which Twilio has certainly done nothing; the sweep asks again."""
    Participant.objects.filter(pk=participant_id, state=LegState.ASKED).update(state=LegState.WANTED, asked_at=None)


def note_rung(participant_id: UUID, news: Observation, *, at: datetime) -> None:
    """Note the call that Twilio has made for a participant. Callbacks may have told before."""
    with transaction.atomic():
        call = calls.observe(news, at=at, note=None)
        found = of_participant(participant_id)
        if found is not None:
            talk, row = found
            link(row, talk, call)
            talk.settle(at=at)


def note_over(participant_id: UUID, outcome: Outcome, *, at: datetime) -> None:
    """Note that somebody is out, or will never be in, because Twilio has said so or said nothing for too long."""
    with transaction.atomic():
        found = of_participant(participant_id)
        if found is None:
            return
        talk, row = found
        talk.leave(row, outcome)
        talk.settle(at=at)


def claim_change(participant_id: UUID, *, again: bool, at: datetime) -> Change | None:
    """Tell what to change of somebody who is in; None where all is as wanted. `again`: let a held one hear anew."""
    row = Participant.objects.select_related("conference").filter(pk=participant_id, state=LegState.JOINED).first()
    if row is None or not row.wants_in:
        return None
    conference = row.conference
    wanted = changes(row, {one.pk: one for one in conference.participants.all()})
    if again and row.wants_held:
        wanted["hold"] = True
    if not wanted:
        return None
    if not conference.sid:
        afterwards("look", conference.pk)
        return None
    Participant.objects.filter(pk=row.pk).update(steered_at=at)
    sound = ""
    if wanted.get("hold"):
        sound = "voice-moment" if conference.phase == Phase.RECOVERING else "voice-hold"
    return Change(conference.sid, row.call_sid, wanted, sound)


def claim_out(participant_id: UUID, *, at: datetime) -> Participant | None:
    """Give somebody who is not wanted any more and may still be on the line; None where there is nobody."""
    row = Participant.objects.select_related("conference").filter(pk=participant_id).exclude(call_sid="").first()
    if row is None or (row.wants_in and row.state != LegState.LEFT):
        return None
    Participant.objects.filter(pk=row.pk).update(steered_at=at)
    return row


def claim_end(conference_id: UUID, *, at: datetime) -> str:
    """Give the sid of the conference to end; empty where there is none, or none that we know of yet."""
    conference = Conference.objects.filter(pk=conference_id, phase=Phase.CLOSED, ended_at__isnull=True).first()
    if conference is None:
        return ""
    if not conference.sid:
        afterwards("look", conference.pk)
        return ""
    Conference.objects.filter(pk=conference.pk).update(end_asked_at=at)
    return conference.sid


def claim_announcement(announcement_id: UUID, *, at: datetime) -> Announcement | None:
    """Claim the one playing of an announcement."""
    if not Announcement.objects.filter(pk=announcement_id, asked_at=None).update(asked_at=at):
        return None
    return Announcement.objects.select_related("conference", "participant").get(pk=announcement_id)


def note_leg(participant_id: UUID, news: Observation, *, missing: bool, at: datetime) -> None:
    """Take in what Twilio answers of somebody's call. `missing`: it is known not to be in the conference.

    A leg to be moved that lives and is missing is moved once more. One that we rang and that has neither come in nor
    ended in all that time is given up.
    """
    with transaction.atomic():
        call = calls.observe(news, at=at, note=None)
        found = of_participant(participant_id)
        if found is None:
            return
        talk, row = found
        link(row, talk, call)
        if row.state == LegState.LEFT:
            return
        if call.is_over:
            talk.leave(row, outcome_of(row, call.status))
        elif not row.is_moved:
            talk.leave(row, Outcome.LOST if row.joined_at else Outcome.NO_ANSWER)
            afterwards("let_go", row.pk)
        elif missing and row.state == LegState.JOINED:
            talk.leave(row, Outcome.LOST)
        elif missing and row.wants_in:
            row.state, row.asked_at = LegState.WANTED, None
        elif missing:  # nobody waits for them here any more: they are somewhere else, and stay there
            talk.leave(row, Outcome.WITHDRAWN)
        talk.settle(at=at)


def _claim(participant_id: UUID, *, is_moved: bool, at: datetime) -> Participant | None:
    mine = Participant.objects.filter(pk=participant_id, state=LegState.WANTED, wants_in=True, is_moved=is_moved)
    if not mine.update(state=LegState.ASKED, asked_at=at):
        return None
    return Participant.objects.select_related("conference").get(pk=participant_id)
