"""What is pressed at the desk: each press one action, with every refusal told in words and the panel as it is now."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from agents import actions as agents
from agents.actions import Busy, NotAReason
from agents.models import Agent, Reason
from agents.states import Chosen
from calls.models import Call
from compliance.actions import consent
from compliance.states import Answer
from conferences import actions as conferences
from conferences.actions import NotNow, Target
from conferences.models import Conference, Participant
from conferences.room import Press, Why
from contacts import actions as contacts
from dashboard.access import at_desk
from dashboard.desk import calling, messages, texts
from dashboard.desk.callers import number_of
from dashboard.desk.panels import PANELS, draw
from dashboard.desk.people import CHOOSES
from dashboard.desk.pressed import Done, Pressed, Refused, fields_of
from dashboard.desk.recording import partakes
from dashboard.desk.targets import NotATarget, came_by_flow, destination, somewhere
from dashboard.desk.viewer import viewer_of
from dialing.actions import NotPermitted
from queues import actions as queues
from queues.actions import NotDone, NotExtendable, owed
from queues.actions.callbacks import AlreadyAsked
from queues.actions.callbacks import NotNow as NotThisCallback
from queues.models import Callback, Disposition, Queue
from recordings import now
from recordings.actions import recorders
from recordings.recorder import PauseReason


@require_POST
@at_desk
def do(request: HttpRequest, agent: Agent, what: str) -> HttpResponse:
    """Do what was pressed, and answer with the panel it stood in; 409 where it is not possible any more."""
    if what not in DOES:
        raise Http404
    pressed = Pressed(viewer_of(request, agent), fields_of(request))
    try:
        done, status = DOES[what](pressed), HTTPStatus.OK
    except (Refused, NotATarget, NotPermitted, recorders.NotNow) as refused:
        done, status = str(refused), HTTPStatus.CONFLICT
    except tuple(WORDS) as refused:
        done, status = next(text for kind, text in WORDS.items() if isinstance(refused, kind)), HTTPStatus.CONFLICT
    outcome = done if isinstance(done, Done) else Done(done or "", request.GET.dict())
    return _answer(request, agent, outcome, status)


WORDS: Mapping[type[Exception], str] = {
    NotNow: "That is not possible any more. This is how the call stands now.",
    Busy: "That agent is on another call, or is being rung.",
    NotAReason: "That reason cannot be chosen.",
    NotDone: "Something is missing: choose what the call came to, or write a note.",
    NotExtendable: "There is no more time for this wrap-up.",
    NotThisCallback: "That callback is settled already.",
    AlreadyAsked: "That number waits to be called back already.",
    owed.Taken: "Somebody else looks after it.",
    Disposition.DoesNotExist: "That choice is not on the list any more.",
}


def _answer(request: HttpRequest, agent: Agent, outcome: Done, status: HTTPStatus) -> HttpResponse:
    """Draw the panel that htmx wants to replace; beside it goes what a live region says."""
    name = request.headers.get("HX-Target", "").removeprefix("panel-")
    if name in PANELS:
        fresh = Agent.objects.observed().get(pk=agent.pk)
        viewer = replace(viewer_of(request, fresh), asked=outcome.shows)
        response = HttpResponse(draw(PANELS[name], viewer), status=status)
    elif status is HTTPStatus.OK:
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    else:
        response = HttpResponse(outcome.said, status=status, content_type="text/plain; charset=utf-8")
    news = {"text": outcome.said, "failed": status is not HTTPStatus.OK}
    response["HX-Trigger"] = json.dumps({"said": news, "done": {}})
    return response


# ---- presence


def _choose(pressed: Pressed) -> str:
    value = pressed.fields.get("choice", "")
    ready = value == "ready"
    reason = None if ready else Reason.objects.filter(pk=pressed.number("choice")).first()
    chosen = Chosen.READY if ready else Chosen.NOT_READY
    agents.choose(pressed.agent.pk, chosen, reason=reason, by=pressed.viewer.user, at=pressed.viewer.at)
    return "You chose to be ready." if ready else f"You chose not to be ready: {reason}."


# ---- the call


def _press(what: Press, said: str) -> Callable[[Pressed], str]:
    def act(pressed: Pressed) -> str:
        conferences.press(pressed.conference, what, by_agent=pressed.agent, at=pressed.viewer.at)
        return said

    return act


def _own_leg(pressed: Pressed) -> Participant:
    leg = Participant.objects.live().filter(conference=pressed.conference, agent=pressed.agent).first()
    if leg is None:
        raise NotNow
    return leg


def _decline(pressed: Pressed) -> str:
    conferences.decline(_own_leg(pressed).pk, by_agent=pressed.agent, at=pressed.viewer.at)
    return "Declined. The call goes to somebody else."


def _mute(muted: bool) -> Callable[[Pressed], str]:
    def act(pressed: Pressed) -> str:
        leg = _own_leg(pressed)
        conferences.mute(leg.conference_id, leg.pk, muted, by_agent=pressed.agent, at=pressed.viewer.at)
        return "You are being muted." if muted else "You are being unmuted."

    return act


def _leave(pressed: Pressed) -> str:
    leg = _own_leg(pressed)
    conferences.remove(leg.conference_id, leg.pk, by_agent=pressed.agent, at=pressed.viewer.at)
    return "You leave the call. The others go on."


def _rejoin(pressed: Pressed) -> str:
    kind, address = pressed.fields.get("kind", ""), pressed.fields.get("address", "")
    place = next(
        (one for one in pressed.agent.endpoints_in_order() if (one.kind, one.address) == (kind, address)), None
    )
    if place is None:
        raise Refused("You have no such phone.")
    conferences.rejoin(pressed.conference, agent=pressed.agent, endpoint=place, at=pressed.viewer.at)
    return "Your phone is being rung."


def _remove(pressed: Pressed) -> str:
    who = pressed.uuid("participant")
    conferences.remove(pressed.conference, who, by_agent=pressed.agent, at=pressed.viewer.at)
    return "Removed from the call."


def _digits(pressed: Pressed) -> str:
    """Let the caller's leg hear keys, or that of the person named."""
    digits = pressed.fields.get("digits", "")
    if not digits or len(digits) > 32 or not set(digits) <= set("0123456789*#w"):
        raise Refused("Keys are 0 to 9, star and pound.")
    conferences.send_digits(
        pressed.conference, pressed.uuid("participant"), digits, by_agent=pressed.agent, at=pressed.viewer.at
    )
    return "Keys sent."


def _help(pressed: Pressed) -> str:
    conferences.ask_help(pressed.conference, agent=pressed.agent, at=pressed.viewer.at)
    return "Supervisors see that you want help."


def _invite(why: Why) -> Callable[[Pressed], str]:
    asks = {Why.CONSULT: conferences.consult, Why.HAND_OVER: conferences.hand_over, Why.ADD: conferences.add}[why]

    def act(pressed: Pressed) -> str:
        asked = pressed.fields.get("destination", "")
        if why is Why.HAND_OVER and asked:
            away = pressed.conference, destination(asked)
            if asked.startswith("step:") and not came_by_flow(str(away[0])):
                raise Refused("Whom we have called is in no flow: choose a queue or a colleague.")
            conferences.send_away(*away, by_agent=pressed.agent, at=pressed.viewer.at)
            return "The caller is being sent on."
        target = _target(pressed)
        asks(pressed.conference, target, by_agent=pressed.agent, at=pressed.viewer.at)
        return f"{target.name} is being rung."

    return act


def _target(pressed: Pressed) -> Target:
    if not pressed.fields.get("agent"):
        return somewhere(pressed.fields.get("somewhere", ""))
    colleague = Agent.objects.observed().filter(pk=pressed.uuid("agent"), is_active=True).first()
    if colleague is None:
        raise Refused("That colleague takes no calls any more.")
    return Target(agent=colleague, name=colleague.name)


# ---- who it is


def _choose_contact(pressed: Pressed) -> str:
    """Remember which of several contacts calls."""
    if not pressed.viewer.user.has_perm(CHOOSES):
        raise Refused("You may see contacts, not choose among them.")
    number = number_of(Conference.objects.select_related("customer").get(pk=pressed.conference))
    try:
        contacts.choose(number, pressed.uuid("contact"), by=pressed.viewer.user, at=pressed.viewer.at)
    except (contacts.Gone, contacts.NotTheirs):
        raise Refused("That contact does not have this number any more.") from None
    return "Remembered: this contact calls from that number."


# ---- the recording


def _recorded(pressed: Pressed) -> Call:
    """Give the customer's call, where the agent talks in its conversation."""
    leg = _own_leg(pressed)
    if not partakes(leg):
        raise Refused("You do not talk in that call.")
    call = Call.objects.filter(conferences=leg.conference_id).first()
    if call is None:
        raise Refused("There is nobody to record.")
    return call


def _pause_recording(pressed: Pressed) -> str:
    call = _recorded(pressed)
    if not recorders.pause(call.pk, PauseReason.AGENT, by=pressed.viewer.user, at=pressed.viewer.at):
        raise Refused("Nothing is recorded here that could be paused.")
    return "The recording is being paused."


def _resume_recording(pressed: Pressed) -> str:
    recorders.resume(_recorded(pressed).pk, PauseReason.AGENT, at=pressed.viewer.at)
    return "The recording goes on."


def _start_recording(pressed: Pressed) -> str:
    recorders.start(_recorded(pressed).pk, by=pressed.viewer.user, at=pressed.viewer.at)
    return "The recording begins."


def _stop_recording(pressed: Pressed) -> str:
    recorders.stop(_recorded(pressed).pk, at=pressed.viewer.at)
    return "The recording is being ended."


def _consent(answer: Answer, said: str) -> Callable[[Pressed], str]:
    """Write down what the caller has said to the agent, for every policy that it is about."""

    def note(pressed: Pressed) -> str:
        call = _recorded(pressed)
        stands = now.read(call.pk)
        agrees = answer is Answer.AGREED
        about = {one.pk: one for one in (*stands.governing, *(() if agrees else stands.acted))}
        if not (stands.may_agree if agrees else stands.may_withdraw):
            raise Refused("That is noted already, or there is nothing that it could be about.")
        number = call.to_number if call.direction.startswith("outbound") else call.from_number
        speaker = consent.customer(number, leg=call.sid)
        consent.note_said(call, list(about.values()), speaker, answer, by=pressed.viewer.user, at=pressed.viewer.at)
        return said

    return note


# ---- notes and wrap-up


def _notes(pressed: Pressed) -> str:
    queues.save_notes(pressed.handling, pressed.fields.get("notes", "")[:10_000], at=pressed.viewer.at)
    return ""


def _dispose(pressed: Pressed) -> str:
    chosen = pressed.number("disposition") if pressed.fields.get("disposition") else None
    queues.dispose(pressed.handling, chosen, at=pressed.viewer.at)
    return "Saved."


def _extend(pressed: Pressed) -> str:
    queues.extend(pressed.handling, at=pressed.viewer.at)
    return "You have more time."


def _finish(pressed: Pressed) -> str:
    queues.finish(pressed.handling, at=pressed.viewer.at)
    return "Done."


# ---- what waits


def _owed(act: Callable[..., None], said: str) -> Callable[[Pressed], str]:
    def press(pressed: Pressed) -> str:
        queues_seen = Queue.objects.of_agent(pressed.agent)
        asked = pressed.uuid("callback")
        if not Callback.objects.filter(pk=asked, queue__in=queues_seen).exists():
            raise Refused("That callback is not there any more.")
        act(asked, by=pressed.viewer.user, at=pressed.viewer.at)
        return said

    return press


DOES: Mapping[str, Callable[[Pressed], Any]] = {
    "choose": _choose,
    "decline": _decline,
    "hold": _press(Press.HOLD, "The caller is being put on hold."),
    "unhold": _press(Press.UNHOLD, "The caller is being taken off hold."),
    "complete": _press(Press.COMPLETE, "The transfer is complete."),
    "cancel": _press(Press.CANCEL, "Back to the caller."),
    "swap": _press(Press.SWAP, "Swapped."),
    "merge": _press(Press.MERGE, "All of you hear each other."),
    "hang-up": _press(Press.HANG_UP, "You hung up."),
    "give-back": _press(Press.GIVE_BACK, "The caller goes to the head of the queue."),
    "mute": _mute(True),
    "unmute": _mute(False),
    "leave": _leave,
    "rejoin": _rejoin,
    "remove": _remove,
    "digits": _digits,
    "help": _help,
    "pause-recording": _pause_recording,
    "resume-recording": _resume_recording,
    "start-recording": _start_recording,
    "stop-recording": _stop_recording,
    "withdraw": _consent(Answer.WITHDRAWN, "Noted. Nothing more is recorded."),
    "agree": _consent(Answer.AGREED, "Noted. The call may be recorded."),
    "choose-contact": _choose_contact,
    "consult": _invite(Why.CONSULT),
    "hand-over": _invite(Why.HAND_OVER),
    "add": _invite(Why.ADD),
    "notes": _notes,
    "dispose": _dispose,
    "extend": _extend,
    "finish": _finish,
    **messages.DOES,
    **calling.DOES,
    **texts.DOES,
    "claim-callback": _owed(owed.claim, "It is yours."),
    "finish-callback": _owed(owed.finish, "Marked as done."),
    "call-again": _owed(owed.call_again, "It is back in its line."),
}
