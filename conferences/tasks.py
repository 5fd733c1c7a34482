"""What is asked of Twilio about conferences: each task makes one request and one action of what came of it.

Hold, mute, removing and ending may be repeated. Ringing and moving are claimed; after an unclear answer nobody is rung
again, because callbacks name our participant and find the row, and the sweep gives up what nothing is ever heard of.
"""

import logging
from uuid import UUID

from celery import current_app, shared_task
from django.utils import timezone

from calls.tasks import of_answer
from conferences.actions import claiming, opening, sweeping
from conferences.states import Outcome
from telephony import callbacks, client, conferencing

logger = logging.getLogger(__name__)


@shared_task
def sweep() -> None:
    for errand in sweeping.sweep(at=timezone.now()):
        current_app.tasks[f"conferences.tasks.{errand.task}"].delay(str(errand.about))


@shared_task
def ring(participant_id: str) -> None:
    """Ring somebody, once."""
    row = claiming.claim_ring(UUID(participant_id), at=timezone.now())
    if row is None:
        return
    try:
        call = client.create_call(
            to=row.address,
            from_number=row.caller_id,
            url=callbacks.document("voice-participant", participant=row.pk),
            fallback_url=callbacks.document("voice-released"),
            status_callback=callbacks.news("participant-status", participant=row.pk),
            ring_seconds=row.ring_seconds,
            machine_detection="Enable" if row.detects else "",
            machine_callback=callbacks.news("machine") if row.detects else "",
        )
    except client.Refused as refusal:
        logger.warning("Participant %s: Twilio would not ring: %s", participant_id, refusal)
        claiming.note_over(row.pk, Outcome.FAILED, at=timezone.now())
    except client.Unreachable as silence:
        logger.warning("Participant %s: no answer to the ring: %s", participant_id, silence)
        if not silence.maybe_done:
            claiming.give_back(row.pk)
    else:
        claiming.note_rung(row.pk, of_answer(call, sid=call.sid), at=timezone.now())


@shared_task
def move(participant_id: str) -> None:
    """Move a leg that is somewhere else into its conference."""
    row = claiming.claim_move(UUID(participant_id), at=timezone.now())
    if row is None:
        return
    try:
        client.update_call(row.call_sid, url=callbacks.document("voice-participant", participant=row.pk))
    except client.Refused as refusal:
        logger.info("Call %s could not be moved: %s", row.call_sid, refusal)
        if refusal.code == client.NOT_IN_PROGRESS or refusal.status == client.GONE:
            claiming.note_over(row.pk, Outcome.HUNG_UP, at=timezone.now())
    except client.Unreachable as silence:
        logger.warning("Call %s: no answer to the move: %s", row.call_sid, silence)
        if not silence.maybe_done:
            claiming.give_back(row.pk)


@shared_task
def steer(participant_id: str, again: bool = False) -> None:
    """Hold, mute, let coach, or end that, as it is wanted now. Twilio's event confirms it."""
    change = claiming.claim_change(UUID(participant_id), again=again, at=timezone.now())
    if change is None:
        return
    sound: dict[str, str | bool] = {}
    if change.sound:
        sound = {"hold_url": callbacks.document(change.sound), "hold_method": "POST"}
    try:
        conferencing.update_participant(change.conference_sid, change.call_sid, **change.parameters, **sound)
    except client.Refused as refusal:
        logger.info("Call %s could not be steered: %s", change.call_sid, refusal)
        if refusal.status == client.GONE:
            look_at_leg(participant_id, missing=True)
    except client.Unreachable as silence:
        logger.warning("Call %s: no answer to the steering: %s", change.call_sid, silence)


@shared_task
def let_go(participant_id: str) -> None:
    """End the call of somebody whom we rang and do not want any more."""
    row = claiming.claim_out(UUID(participant_id), at=timezone.now())
    if row is None or row.is_moved:
        return
    try:
        client.update_call(row.call_sid, status="completed")
    except client.Refused as refusal:
        logger.info("Call %s could not be ended: %s", row.call_sid, refusal)
        if refusal.code == client.NOT_IN_PROGRESS or refusal.status == client.GONE:
            look_at_leg(participant_id)
    except client.Unreachable as silence:
        logger.warning("Call %s: no answer to its end: %s", row.call_sid, silence)


@shared_task
def take_out(participant_id: str) -> None:
    """Send somebody out of the conference whose call goes on elsewhere."""
    row = claiming.claim_out(UUID(participant_id), at=timezone.now())
    if row is None or not row.conference.sid:
        return
    try:
        conferencing.remove_participant(row.conference.sid, row.call_sid)
    except (client.Refused, client.Unreachable) as trouble:
        logger.warning("Call %s could not be taken out: %s", row.call_sid, trouble)


@shared_task
def end(conference_id: str) -> None:
    sid = claiming.claim_end(UUID(conference_id), at=timezone.now())
    if not sid:
        return
    try:
        conferencing.end_conference(sid)
    except (client.Refused, client.Unreachable) as trouble:
        logger.warning("Conference %s could not be ended: %s", sid, trouble)


@shared_task
def announce(announcement_id: str) -> None:
    """Let a conference, or somebody in it, hear something, once."""
    said = claiming.claim_announcement(UUID(announcement_id), at=timezone.now())
    if said is None:
        return
    sid, url = said.conference.sid, callbacks.document("voice-announcement", announcement=said.pk)
    try:
        if said.participant is None:
            conferencing.announce(sid, url)
        else:
            conferencing.update_participant(sid, said.participant.call_sid, announce_url=url)
    except (client.Refused, client.Unreachable) as trouble:
        logger.warning("Announcement %s: %s", announcement_id, trouble)


@shared_task
def look(conference_id: str) -> None:
    """Ask which conferences of this name there are."""
    try:
        found = conferencing.find_conferences(UUID(conference_id).hex)
    except (client.Refused, client.Unreachable) as trouble:
        logger.warning("Conference %s: Twilio could not be asked: %s", conference_id, trouble)
        return
    told = [sweeping.Found(one.sid, one.status == "completed", one.ended_because) for one in found]
    sweeping.note_conferences(UUID(conference_id), told, at=timezone.now())


@shared_task
def list_people(conference_id: str) -> None:
    """Ask who is in a conference."""
    sid = sweeping.sid_of(UUID(conference_id))
    try:
        listed = conferencing.list_participants(sid) if sid else []
    except client.Refused as refusal:
        if refusal.status != client.GONE:
            logger.warning("Conference %s: Twilio would not tell: %s", sid, refusal)
            return
        listed = []
    except client.Unreachable as silence:
        logger.warning("Conference %s: Twilio could not be asked: %s", sid, silence)
        return
    told = [sweeping.Seen(one.call_sid, one.label, one.held, one.muted, one.coaching) for one in listed]
    sweeping.note_people(UUID(conference_id), sid, told, at=timezone.now())


@shared_task
def look_at_leg(participant_id: str, missing: bool = False) -> None:
    """Ask how somebody's call stands. `missing`: Twilio has said that it is not in the conference."""
    sid = sweeping.call_sid_of(UUID(participant_id))
    if not sid:
        return
    try:
        call = client.fetch_call(sid)
    except client.Unreachable as silence:
        logger.warning("Call %s: Twilio could not be asked: %s", sid, silence)
    except client.Refused as refusal:
        logger.warning("Call %s: Twilio would not tell: %s", sid, refusal)
        if refusal.status == client.GONE:
            claiming.note_over(UUID(participant_id), Outcome.LOST, at=timezone.now())
    else:
        claiming.note_leg(UUID(participant_id), of_answer(call, sid=sid), missing=missing, at=timezone.now())


@shared_task
def give_up(participant_id: str) -> None:
    """Let somebody be out of whom nothing was ever heard."""
    claiming.note_over(UUID(participant_id), Outcome.LOST, at=timezone.now())


@shared_task
def time_is_up(conference_id: str) -> None:
    sweeping.time_is_up(UUID(conference_id), at=timezone.now())


@shared_task
def return_to_sender(conference_id: str) -> None:
    opening.return_to_sender(UUID(conference_id), at=timezone.now())
