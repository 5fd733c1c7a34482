"""A text of theirs: kept once, what it means is done, and what is answered at once."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from contacts import optouts
from contacts.actions import opt_in, opt_out
from contacts.states import Channel, How
from live.publish import publish
from messaging.actions.rows import afterwards, change, country_of, thread_between, topics_of
from messaging.actions.sending import refused
from messaging.models import Keyword, Media, Message, Sender, Thread
from messaging.segments import measure
from messaging.signals import message_received
from messaging.states import Direction, Purpose, Rule, State, Status, Why
from messaging.words import Meaning, OwnWord, fits, folded, meaning
from telephony import callbacks, messaging_twiml, numbers
from telephony.payloads import SID_LIMIT, IncomingMessage
from telephony.twiml import Redirect

logger = logging.getLogger(__name__)

Verbs = Sequence[messaging_twiml.Verb]


def receive(news: IncomingMessage, *, at: datetime) -> Verbs:
    """Take in a text of theirs, and give what is answered at once. One that is known gets the same answer again."""
    return _taken(news, answers=True, at=at)


def catch_up(news: IncomingMessage, *, at: datetime) -> None:
    """Take in a text of which no webhook has told: nothing can be answered at once any more, so somebody has to."""
    with transaction.atomic():
        _taken(news, answers=False, at=at)


def _taken(news: IncomingMessage, *, answers: bool, at: datetime) -> Verbs:
    if not 0 < len(news.sid) <= SID_LIMIT or not news.to_number or not news.from_number:
        logger.warning("A text that could not be to us")
        return ()
    sender, _made = Sender.objects.get_or_create(number=news.to_number[:64])
    thread = thread_between(sender, news.from_number[:64], at=at)
    known = Message.objects.filter(sid=news.sid).select_related("answer").first()
    if known is not None:
        return _again(known)
    keywords = list(Keyword.objects.filter(is_active=True).order_by("pk"))
    own = [OwnWord(one.word, Purpose(one.purpose), one.language) for one in keywords if one.word]
    meant = meaning(news.body, told=news.opt_out_type, own=own, twilio_answers=sender.twilio_answers)
    if meant is not None and meant.purpose is Purpose.START and not _wanted_none(thread):
        meant = None  # who has never said stop answers a question of ours with YES
    is_due = meant is not None and not meant.answered
    waits = meant is None or (is_due and not answers and meant.purpose in (Purpose.REPLY, Purpose.HELP))
    message = _kept(news, thread, meant, waits=waits, at=at)
    if meant is not None:
        _note_choice(thread, meant, at=at)
    verbs = _answered(message, thread, meant, keywords, at=at) if meant is not None and is_due and answers else ()
    publish(*topics_of(message))
    message_received.send(sender=Message, message=message, at=at)
    return verbs


def _kept(news: IncomingMessage, thread: Thread, meant: Meaning | None, *, waits: bool, at: datetime) -> Message:
    message = Message.objects.create(
        thread=thread,
        sid=news.sid,
        direction=Direction.IN,
        state=State.RECEIVED,
        status=Status.RECEIVED,
        purpose=meant.purpose if meant else "",
        body=news.body,
        country=country_of(thread.number),
        segments=news.num_segments or max(measure(news.body).segments, 1),
        at=at,
        heard_at=at,
        ended_at=at,
    )
    found = {one.sid: one for one in news.media if one.sid}
    media = Media.objects.bulk_create(
        Media(message=message, sid=sid, content_type=one.content_type[:128], announced_at=at)
        for sid, one in found.items()
    )
    for one in media:
        afterwards("fetch", one.pk)
    changes: dict[str, Any] = {"last_at": at}
    if waits:  # a word is answered by itself, all else by somebody
        changes |= {"waits_since": thread.waits_since or at, "unread": thread.unread + 1}
    change(thread, **changes)
    return message


def _wanted_none(thread: Thread) -> bool:
    return optouts.opted_out(thread.number, Channel.TEXTS) is not None


def _note_choice(thread: Thread, meant: Meaning, *, at: datetime) -> None:
    """Write into the ledger that somebody wants no texts, or wants them again."""
    if not numbers.is_e164(thread.number):
        return
    match meant.purpose:
        case Purpose.STOP:
            opt_out(thread.number, Channel.TEXTS, how=How.TEXT, note=meant.word[:40], at=at)
        case Purpose.START:
            opt_in(thread.number, Channel.TEXTS, how=How.TEXT, note=meant.word[:40], at=at)


def _answered(message: Message, thread: Thread, meant: Meaning, keywords: Sequence[Keyword], *, at: datetime) -> Verbs:
    keyword = _fitting(keywords, meant, meant.language or thread.language)
    if keyword is None or not (keyword.reply or keyword.media_url or keyword.redirect_url):
        return ()
    if meant.purpose is Purpose.REPLY and _wanted_none(thread):
        values = {"thread": thread, "body": keyword.reply, "why": Why.KEYWORD, "answers": message}
        refused(Rule.OPTED_OUT, at=at, **values)
        return ()
    if keyword.redirect_url:
        return (Redirect(keyword.redirect_url),)
    answer = Message.objects.create(
        thread=thread,
        direction=Direction.OUT,
        state=State.ANSWERED,
        why=Why.KEYWORD,
        purpose=meant.purpose,
        body=keyword.reply,
        media_urls=[keyword.media_url] if keyword.media_url else [],
        language=keyword.language,
        country=message.country,
        segments=max(measure(keyword.reply).segments, 1),
        answers=message,
        at=at,
        asked_at=at,
        heard_at=at,
    )
    return (_verb(answer),)


def _fitting(keywords: Sequence[Keyword], meant: Meaning, language: str) -> Keyword | None:
    """Give the answer to a word: that of the word itself before that of its kind, then the one whose language fits."""
    of_kind = [one for one in keywords if one.purpose == meant.purpose]
    exact = [one for one in of_kind if one.word and folded(one.word) == meant.word]
    found = exact or [one for one in of_kind if not one.word]
    return max(found, key=lambda one: (fits(language, one.language), -one.pk), default=None)


def _again(known: Message) -> Verbs:
    """Repeat the answer that Twilio may not have got; one of which it has spoken since was sent."""
    answer = getattr(known, "answer", None)
    return (_verb(answer),) if answer is not None and answer.state == State.ANSWERED and not answer.sid else ()


def _verb(answer: Message) -> messaging_twiml.Message:
    return messaging_twiml.Message(
        body=answer.body,
        media=tuple(answer.media_urls),
        status_callback=callbacks.news("messaging-status-of", message=answer.pk),
    )
