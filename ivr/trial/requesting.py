"""Tells what became of a step's requests in a trial. Pure."""

from ivr.kinds.requests import (
    AskCallBack,
    AskSource,
    JoinQueue,
    NoteConsent,
    NoteMissed,
    Request,
    SendText,
    StopAsking,
    TakeVoicemail,
)
from ivr.trial.diary import Diary
from ivr.trial.supposed import Supposed


def note_request(diary: Diary, supposed: Supposed, request: Request, step: tuple[str, str], *, is_left: bool) -> None:
    """Write down what a request has done: of the step that is left, or of the one in which the call is now."""
    world = supposed.world
    if is_left:
        match request:
            case TakeVoicemail(mailbox=mailbox):
                diary.note("message", world.mailboxes.get(mailbox, mailbox), step=step)
            case NoteMissed(mailbox=mailbox):
                diary.note("missed", world.mailboxes.get(mailbox, mailbox), step=step)
            case NoteConsent(answer=answer):
                diary.note("consent", answer, step=step)
            case StopAsking():
                diary.note("unanswered", step=step)
        return
    match request:
        case JoinQueue(queue=queue):
            known = world.queues.get(queue)
            diary.note("joined", known.name if known else queue, step=step)
        case AskCallBack():
            outcome = supposed.conditions.call_backs
            diary.note("called back", outcome, step=step)
            if outcome in ("stored", "present"):
                known = world.queues.get(request.queue)
                diary.reach("callback", known.name if known else request.queue)
        case AskSource(source=source):
            diary.note("asked", world.sources.get(source, source), step=step)
        case SendText(text=text, language=language):
            sent = supposed.conditions.texts == "sent"
            diary.note("texted" if sent else "not texted", text, language=language, step=step)
