"""A leg's documents: fetched, checked, executed verb by verb, replaced by the next, until the leg is hung up."""

from simulator.exchanges import Exchange, violation
from simulator.fields import leg_fields
from simulator.legs import Leg, Source
from simulator.process import Steps, Wait
from simulator.switchboard import Switchboard
from simulator.twiml import Document, TwimlError, Verb, parse
from simulator.verbs.audio import content_type, perform_audio, play_on
from simulator.verbs.dial import dial
from simulator.verbs.ending import hang_up, redirect, reject
from simulator.verbs.enqueue import enqueue
from simulator.verbs.gather import gather
from simulator.verbs.record import record
from simulator.verbs.refer import refer
from simulator.verbs.running import DocumentFailed, Jump, Left, Page, Running
from simulator.verbs.start import start, stop
from simulator.webhooks import Answer, WebhookFailed

TWIML_TYPES = {"text/xml", "application/xml", "text/html"}
APPLICATION_ERROR = "We're sorry, an application error has occurred. Goodbye."


def run_documents(board: Switchboard, leg: Leg, source: Source) -> Steps[None]:
    """Run documents on a leg from this one on; at the end the leg is hung up, unless it was only whispered to."""
    following: Source | None = source
    while following is not None:
        current = following
        try:
            page = yield from _fetch(board, leg, current)
            following = yield from _execute(board, leg, page)
        except DocumentFailed as failure:
            following = yield from _recover(board, leg, current, failure)
    if leg.live and not leg.whispering:
        hang_up(board, leg)


def run_aside(board: Switchboard, leg: Leg, source: Source, verbs: frozenset[str]) -> Steps[int]:
    """Run documents of these verbs only, with no fallback and no hang-up at the end; return 0 or what went wrong."""
    following: Source | None = source
    while following is not None:
        try:
            page = yield from _fetch(board, leg, following)
            following = yield from _execute(board, leg, page, verbs)
        except DocumentFailed as failure:
            return failure.code
    return 0


def _recover(board: Switchboard, leg: Leg, failed: Source, failure: DocumentFailed) -> Steps[Source | None]:
    """Return the fallback document; where there is none, or it failed itself, let the caller hear so and hang up."""
    if leg.fallback is not None and not failed.is_fallback and not leg.whispering:
        fields = {"ErrorCode": str(failure.code), "ErrorUrl": failure.url}
        return Source(leg.fallback.url, leg.fallback.method, fields, is_fallback=True)
    board.answer(leg)
    _, seconds = board.speak_on(leg, APPLICATION_ERROR)
    yield Wait(seconds)
    board.end(leg)
    return None


def _fetch(board: Switchboard, leg: Leg, source: Source) -> Steps[Page]:
    if source.twiml:
        return _page_without_url(board, leg, source)
    fields = leg_fields(board.account_sid, leg) | dict(source.fields)
    board.do(leg, "waiting for the application")
    try:
        answer = yield from board.webhooks.deliver(
            source.url,
            kind="request to app",
            method=source.method,
            fields=fields,
            call_sid=leg.sid,
            cookies=leg.cookies,
            repeat=board.faults.for_request(source.method, source.url, board.fault_dice),
        )
    except WebhookFailed as failure:
        raise DocumentFailed(failure.code, failure.url) from failure
    verbs = yield from _read(board, leg, answer)
    return Page(answer.url, verbs, source.is_fallback)


def _page_without_url(board: Switchboard, leg: Leg, source: Source) -> Page:
    try:
        document = parse(source.twiml.encode())
    except TwimlError as error:
        board.exchanges.note(leg.sid, violation(error.code, "error", error.detail))
        raise DocumentFailed(error.code, "") from error
    for found in document.violations:
        board.exchanges.note(leg.sid, found)
    return Page("", document.verbs)


def _read(board: Switchboard, leg: Leg, answer: Answer) -> Steps[tuple[Verb, ...]]:
    """Return the verbs of an answer; audio and plain text are played, and leave nothing to do."""
    reply, kind = answer.reply, content_type(answer.reply)
    if not reply.body:
        raise _failed(answer, 11770, f"HTTP {reply.status}")
    if kind.startswith("audio/"):
        board.answer(leg)
        _, seconds = play_on(board, leg, answer)
        yield Wait(seconds)
        return ()
    if kind in TWIML_TYPES:
        return _parsed(answer).verbs
    if kind == "text/plain":
        # TwiML if it is, otherwise a text to be spoken.
        try:
            return parse(reply.body).verbs
        except TwimlError:
            return (Verb("Say", {}, reply.body.decode("utf-8", "replace")),)
    raise _failed(answer, 12300, kind or "there is none")


def _parsed(answer: Answer) -> Document:
    try:
        document = parse(answer.reply.body)
    except TwimlError as error:
        raise _failed(answer, error.code, error.detail) from error
    answer.exchange.violations += document.violations
    return document


def _failed(answer: Answer, code: int, detail: str) -> DocumentFailed:
    exchange: Exchange = answer.exchange
    exchange.violations.append(violation(code, "error", detail))
    return DocumentFailed(code, answer.url)


def _execute(board: Switchboard, leg: Leg, page: Page, allowed: frozenset[str] | None = None) -> Steps[Source | None]:
    """Run a document's verbs in order; return the document that replaces it, or None when nothing does."""
    for index, verb in enumerate(page.verbs):
        if allowed is not None and verb.name not in allowed:
            code = 12200 if "Gather" in allowed else 13238
            board.exchanges.note(leg.sid, violation(code, "warning", f"{verb.name} is not executed in this document"))
            continue
        running = Running(board=board, leg=leg, page=page, is_first=index == 0 and leg.answered is None)
        jump = yield from _perform(running, verb)
        if jump is not None:
            return jump.source
        if not leg.live:
            return None
    return None


def _perform(running: Running, verb: Verb) -> Steps[Jump | None]:
    match verb.name:
        case "Say" | "Play" | "Pause":
            yield from perform_audio(running, verb)
            return None
        case "Gather":
            return (yield from gather(running, verb))
        case "Record":
            return (yield from record(running, verb))
        case "Dial":
            return (yield from dial(running, verb))
        case "Enqueue":
            return (yield from enqueue(running, verb))
        case "Leave" if running.leg.place is running.board.queues:
            raise Left
        case "Leave":
            running.warn(0, "Leave does something only in a queue's wait document")
            return None
        case "Redirect":
            return redirect(running, verb)
        case "Refer":
            return (yield from refer(running, verb))
        case "Reject":
            return reject(running, verb)
        case "Hangup":
            hang_up(running.board, running.leg)
            return Jump(None)
        case "Start":
            start(running, verb)
            return None
        case "Stop":
            stop(running, verb)
            return None
        case _:
            # Connect, Pay, Sms, Echo, Prompt, Queue: as if over at once.
            running.not_executed(verb.name, "the next verb runs, and no action is requested")
            return None
