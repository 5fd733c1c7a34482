"""What the application answers to a text: a document of messages, fetched, checked and carried out."""

from datetime import timedelta
from urllib.parse import urljoin

from simulator.exchanges import violation
from simulator.legs import Callback, Source
from simulator.numbers import Number, is_e164
from simulator.process import Steps
from simulator.texting.fields import incoming_fields
from simulator.texting.messages import LONGEST_BODY, MOST_MEDIA, Message
from simulator.texting.texting import Texting
from simulator.twiml import TwimlError, Verb, parse
from simulator.webhooks import Answer, WebhookFailed

MOST_DOCUMENTS, MOST_REPLIES = 50, 10
MOST_IN_A_WHILE, WHILE = 15, timedelta(seconds=30)
TWIML_TYPES = {"text/xml", "application/xml", "text/html"}


class AnswerFailed(Exception):
    """Raise when an answer cannot be got or read: the fallback URL is next, if there is one."""

    def __init__(self, code: int, url: str) -> None:
        super().__init__(str(code))
        self.code = code
        self.url = url


def answer_text(texting: Texting, message: Message, number: Number, opt_out: str) -> Steps[None]:
    """Ask the application what it answers to a text, and send that."""
    following, fallback = _sources(texting, number)
    documents = 0
    while following is not None:
        current, following = following, None
        documents += 1
        if documents > MOST_DOCUMENTS:
            texting.refuse(message.sid, 14106, f"more than {MOST_DOCUMENTS}")
            return
        try:
            answer = yield from _fetch(texting, message, current, opt_out)
            following = _carry_out(texting, message, answer.url, _read(answer))
        except AnswerFailed as failure:
            if fallback is not None and not current.is_fallback:
                fields = {"ErrorCode": str(failure.code), "ErrorUrl": failure.url}
                following = Source(fallback.url, fallback.method, fields, is_fallback=True)


def _sources(texting: Texting, number: Number) -> tuple[Source | None, Source | None]:
    """Return where a text to this number is told, and where if that fails."""
    service = texting.service_of(number.number)
    if service is not None and service.inbound_url:
        pairs = ((service.inbound_url, "POST"), (service.fallback_url, "POST"))
    else:
        application = texting.network.applications.get(number.setting("SmsApplicationSid"))
        setting = application.setting if application else number.setting
        pairs = (
            (setting("SmsUrl"), setting("SmsMethod") or "POST"),
            (setting("SmsFallbackUrl"), setting("SmsFallbackMethod") or "POST"),
        )
    first, second = (Source(url, method) if url else None for url, method in pairs)
    return first, second


def _fetch(texting: Texting, message: Message, source: Source, opt_out: str) -> Steps[Answer]:
    network = texting.network
    base = f"{network.rest_base_url}/2010-04-01/Accounts/{network.account_sid}/Messages"
    fields = incoming_fields(network.account_sid, message, media_base=base, opt_out=opt_out)
    try:
        answer = yield from network.webhooks.deliver(
            source.url,
            kind="request to app",
            method=source.method,
            fields=fields | dict(source.fields),
            call_sid=message.sid,
            cookies=message.cookies,
            repeat=network.faults.for_request(source.method, source.url, network.fault_dice),
            keeps_port=True,
        )
    except WebhookFailed as failure:
        raise AnswerFailed(failure.code, failure.url) from failure
    return answer


def _read(answer: Answer) -> tuple[Verb, ...]:
    """Return the verbs of an answer; a plain text is a message, and nothing is none."""
    reply = answer.reply
    kind = reply.header("Content-Type").partition(";")[0].strip().lower()
    if not reply.body.strip():
        return ()
    if kind == "text/plain":
        return (Verb("Message", {}, reply.body.decode("utf-8", "replace")),)
    if kind not in TWIML_TYPES:
        raise _failed(answer, 12300, kind or "there is none")
    try:
        document = parse(reply.body, root="MessagingResponse")
    except TwimlError as error:
        raise _failed(answer, error.code, error.detail) from error
    answer.exchange.violations += document.violations
    return document.verbs


def _failed(answer: Answer, code: int, detail: str) -> AnswerFailed:
    answer.exchange.violations.append(violation(code, "error", detail))
    return AnswerFailed(code, answer.url)


def _carry_out(texting: Texting, message: Message, url: str, verbs: tuple[Verb, ...]) -> Source | None:
    """Send a document's messages in order; return the document that replaces it, if one does."""
    for place, verb in enumerate(verbs):
        if verb.name == "Redirect":
            return Source(urljoin(url, verb.text), verb.get("method", "POST"))
        if place == MOST_REPLIES:
            texting.refuse(message.sid, 14109, f"a document holds at most {MOST_REPLIES} messages")
            return None
        _reply(texting, message, url, verb)
    return None


def _reply(texting: Texting, message: Message, url: str, verb: Verb) -> None:
    network = texting.network
    to, from_ = verb.get("to") or message.from_, verb.get("from") or message.to
    body = "\n".join([verb.text, *(child.text for child in verb.children if child.name == "Body")]).strip()
    media = [urljoin(url, child.text) for child in verb.children if child.name == "Media" and child.text]
    problem = _problem(texting, from_, to, body, media)
    if problem:
        texting.refuse(message.sid, *problem)
        return
    told = verb.get("statusCallback") or verb.get("action")
    service = texting.service_of(from_)
    texting.write(
        from_=from_,
        to=to,
        body=body,
        direction="outbound-reply",
        service_sid=service.sid if service else "",
        media_urls=media[:MOST_MEDIA],
        callback=Callback(urljoin(url, told) if told else service.status_callback if service else ""),
    )
    texting.replied.append((network.clock.now(), from_, to))


def _problem(texting: Texting, from_: str, to: str, body: str, media: list[str]) -> tuple[int, str] | None:
    """Return why Twilio would not send a reply."""
    if not is_e164(to):
        return 14101, to
    if texting.network.number(from_) is None:
        return 14102, f"{from_} is not one of the account's numbers"
    if not body and not media:
        return 14103, "there is neither text nor media"
    if len(body) > LONGEST_BODY:
        return 21617, f"{len(body)} letters"
    if texting.is_opted_out(from_, "", to):
        return 21610, f"{to} has sent STOP"
    if _replies_lately(texting, from_, to) >= MOST_IN_A_WHILE:
        return 14107, f"more than {MOST_IN_A_WHILE} in {WHILE.seconds} seconds"
    return None


def _replies_lately(texting: Texting, from_: str, to: str) -> int:
    since = texting.network.clock.now() - WHILE
    while texting.replied and texting.replied[0][0] < since:
        texting.replied.popleft()
    return sum((sender, person) == (from_, to) for _, sender, person in texting.replied)
