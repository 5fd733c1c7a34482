"""What runs beside the texts: asking Twilio for them and about them, media, look-ups, and what was left behind."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from messaging import actions, fetching
from messaging.actions import falling_back, keeping, observing, sending
from messaging.actions.observing import News
from messaging.models import Message, Sender
from messaging.states import State
from telephony import archive, callbacks, client, lookups, texts
from telephony.payloads import IncomingMedia, IncomingMessage

logger = logging.getLogger(__name__)

SLACK = timedelta(minutes=2)  # between Twilio's clock and ours
CAUGHT_UP = timedelta(hours=3)  # so far back a lost webhook is looked for
SENT_FOR = timedelta(minutes=10)  # after a text was asked for, what Twilio has taken then may be it


@shared_task
def send(message_id: str) -> None:
    """Ask Twilio for a text, once; of an unclear answer it is only looked for."""
    message = Message.objects.select_related("thread__sender").filter(pk=message_id).first()
    if message is None or not _knows_line(message):
        return
    claimed = sending.claim(message.pk, at=timezone.now())
    if claimed is None or claimed.thread is None:
        return
    sender = claimed.thread.sender
    try:
        answer = texts.create_message(
            to=claimed.thread.number,
            from_number=sender.number,
            service_sid=sender.service_sid,
            body=claimed.body,
            media_urls=claimed.media_urls,
            status_callback=callbacks.news("messaging-status-of", message=claimed.pk),
        )
    except client.Refused as refusal:
        logger.warning("Text %s was refused: %s", claimed.pk, refusal)
        sending.note_refused(claimed, code=refusal.code, why=refusal.message, at=timezone.now())
    except client.Unreachable as silence:
        logger.warning("Text %s: %s", claimed.pk, silence)
        if silence.maybe_done:
            sending.note_unclear(claimed.pk, at=timezone.now())
        else:
            sending.note_unsent(claimed, at=timezone.now())
    else:
        sending.note_asked(
            claimed, sid=answer.sid, status=answer.status, segments=answer.num_segments, at=timezone.now()
        )


@shared_task
def search(message_id: str) -> None:
    """Look at Twilio for a text whose answer was lost: one to the same person that says the same, and is nobody's."""
    message = Message.objects.select_related("thread__sender").filter(pk=message_id, state=State.UNCLEAR).first()
    if message is None or message.thread is None or message.asked_at is None:
        return
    since, until = message.asked_at - SLACK, message.asked_at + SENT_FOR
    try:
        found = [
            one
            for one in archive.list_messages_to(message.thread.number, since=since)
            if one.direction.startswith("outbound")
            and one.body == message.body
            and (one.created_at is None or since <= one.created_at <= until)
        ]
    except (client.Refused, client.Unreachable) as trouble:
        logger.warning("Text %s could not be looked for: %s", message.pk, trouble)
        return
    known = set(Message.objects.filter(sid__in=[one.sid for one in found]).values_list("sid", flat=True))
    mine = next((one for one in found if one.sid not in known), None)
    if mine is None:
        sending.note_not_found(message, at=timezone.now())
    else:
        sending.note_asked(message, sid=mine.sid, status=mine.status, segments=mine.num_segments, at=timezone.now())


@shared_task
def ask(message_id: str) -> None:
    """Ask what has become of a text that has gone quiet, or what it cost."""
    message = Message.objects.filter(pk=message_id).exclude(sid="").first()
    if message is None:
        return
    try:
        answer = texts.fetch_message(message.sid)
    except client.Refused as refusal:
        if refusal.status == client.GONE:
            observing.note_unknown(message.pk, at=timezone.now())
        else:
            logger.warning("Text %s: Twilio would not tell: %s", message.pk, refusal)
    except client.Unreachable as silence:
        logger.warning("Text %s: Twilio could not be asked: %s", message.pk, silence)
    else:
        actions.observe(of_answer(answer, message), at=timezone.now())


def of_answer(answer: texts.Message, message: Message) -> News:
    return News(
        sid=answer.sid,
        status=answer.status,
        message=message.pk,
        error_code=answer.error_code,
        segments=answer.num_segments,
        price=abs(answer.price) if answer.price is not None else None,
        currency=answer.price_unit,
    )


@shared_task
def fetch(media_id: str) -> None:
    """Bring a picture or file into our storage."""
    media = keeping.claim_media(UUID(media_id), at=timezone.now())
    if media is not None:
        fetching.fetch(media)


@shared_task
def remove() -> None:
    """Delete what is left elsewhere of texts that are gone."""
    for removal in keeping.claim_removals(at=timezone.now()):
        fetching.remove(removal)


@shared_task
def look_at_call(call_id: str) -> None:
    actions.fall_back(UUID(call_id), at=timezone.now())


@shared_task
def sweep() -> None:
    """Start again what was left behind, whatever the reason."""
    at = timezone.now()
    for message_id in sending.sweep_abandoned(at=at):
        sending.note_unclear(message_id, at=at)
    for message_id in sending.sweep_due(at=at):
        send.delay(str(message_id))
    for message_id in sending.sweep_lost(at=at):
        search.delay(str(message_id))
    for message_id in observing.sweep_quiet(at=at):
        ask.delay(str(message_id))
    for media_id in keeping.sweep_media(at=at):
        fetch.delay(str(media_id))
    for call_id in falling_back.sweep_missed(at=at):
        look_at_call.delay(str(call_id))
    remove.delay()


@shared_task
def catch_up() -> None:
    """Take in the texts of which no webhook told us: Twilio's lists have them all the same."""
    if not settings.TWILIO_ACCOUNT_SID:
        return
    at = timezone.now()
    for number in Sender.objects.values_list("number", flat=True):
        try:
            _catch_up(number, at=at)
        except (client.Refused, client.Unreachable) as trouble:
            logger.warning("Texts to one of our numbers could not be listed: %s", trouble)


def _catch_up(number: str, *, at: datetime) -> None:
    found = [
        one
        for one in archive.list_messages_to(number, since=at - CAUGHT_UP)
        if one.direction == "inbound" and (one.created_at is None or one.created_at < at - SLACK)
    ]
    known = set(Message.objects.filter(sid__in=[one.sid for one in found]).values_list("sid", flat=True))
    for one in found:
        if one.sid not in known:
            attached = texts.list_media(one.sid) if one.num_media else []
            actions.catch_up(as_incoming(one, attached), at=at)


def as_incoming(message: texts.Message, attached: list[texts.Attachment]) -> IncomingMessage:
    """Write a text out of Twilio's lists as its webhook would have told of it."""
    return IncomingMessage(
        sid=message.sid,
        service_sid=message.service_sid,
        from_number=message.from_number,
        to_number=message.to,
        body=message.body,
        media=tuple(IncomingMedia(f"/{one.sid}", one.content_type) for one in attached),
        num_segments=message.num_segments,
        status=message.status,
    )


def _knows_line(message: Message) -> bool:
    """Learn what kind of line a number is, where that counts; False where it could not be learned now."""
    at = timezone.now()
    if not sending.wants_lookup(message, at=at) or message.thread is None:
        return True
    try:
        kind = lookups.line_type(message.thread.number)
    except client.Refused as refusal:
        if refusal.status != client.GONE:
            logger.warning("A look-up was refused: %s", refusal)
            sending.note_no_lookup(message, at=at)
            return False
        kind = "none"  # there can be no such number: Twilio will say so to the text, too
    except client.Unreachable as silence:
        logger.warning("A look-up had no answer: %s", silence)
        sending.note_no_lookup(message, at=at)
        return False
    sending.note_line(message.thread.number, kind, at=at)
    return True
