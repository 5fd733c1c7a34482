"""What is pressed at the board: each press one action, on what the supervisor sees and on nothing else."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from agents import actions as agents
from agents.actions import Busy, NotAReason
from agents.models import Agent, Reason
from agents.states import Chosen
from conferences import actions as conferences
from conferences.actions import NotNow
from conferences.models import Conference, Participant
from conferences.room import Mode
from conferences.states import LegState
from dashboard.access import may
from dashboard.board.panels import PANELS, draw
from dashboard.board.viewer import Viewer, viewer_of
from dashboard.desk.pressed import Refused, fields_of
from queues import actions as queues
from queues.models import Entry, Queue
from queues.states import EntryState

SUPERVISE = "agents.supervise"
OUT_OF_DATE = "The page is out of date."


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press: by whom, and with which fields. What a field names must be what the viewer sees."""

    viewer: Viewer
    fields: Mapping[str, str]

    def uuid(self, name: str) -> UUID:
        try:
            return UUID(self.fields.get(name, ""))
        except ValueError:
            raise Refused(OUT_OF_DATE) from None

    def number(self, name: str) -> int:
        text = self.fields.get(name, "")
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise Refused(OUT_OF_DATE)
        return int(text)

    @property
    def conference(self) -> UUID:
        asked = self.uuid("conference")
        if not Conference.objects.supervised_by(self.viewer.user).filter(pk=asked).exists():
            raise Refused("That call is over.")
        return asked

    @property
    def entry(self) -> Entry:
        seen = Entry.objects.filter(queue__in=Queue.objects.supervised_by(self.viewer.user)).select_related("queue")
        found = seen.filter(pk=self.uuid("entry")).first()
        if found is None or found.state not in (EntryState.WAITING, EntryState.OFFERED):
            raise Refused("That caller does not wait any more.")
        return found

    @property
    def queue(self) -> Queue:
        found = Queue.objects.supervised_by(self.viewer.user).filter(pk=self.number("queue")).first()
        if found is None:
            raise Refused(OUT_OF_DATE)
        return found

    @property
    def agent(self) -> UUID:
        asked = self.uuid("agent")
        if not Agent.objects.supervised_by(self.viewer.user).filter(pk=asked).exists():
            raise Refused("That agent is in none of your teams.")
        return asked


@require_POST
@may("agents.watch_board")
@may(SUPERVISE)
def do(request: HttpRequest, what: str) -> HttpResponse:
    """Do what was pressed, and answer with the panel it stood in; 409 where it is not possible any more."""
    if what not in DOES:
        raise Http404
    viewer = viewer_of(request)
    pressed = Pressed(viewer, fields_of(request))
    try:
        said, status = DOES[what](pressed), HTTPStatus.OK
    except Refused as refused:
        said, status = str(refused), HTTPStatus.CONFLICT
    except NotNow as refused:
        said, status = str(refused) or "That is not possible any more.", HTTPStatus.CONFLICT
    except Busy:
        said, status = "You are on a call, or being rung.", HTTPStatus.CONFLICT
    except NotAReason:
        said, status = "That reason cannot be chosen.", HTTPStatus.CONFLICT
    return _answer(request, said, status)


def _answer(request: HttpRequest, said: str, status: HTTPStatus) -> HttpResponse:
    """Draw the panel that htmx wants to replace; beside it goes what a live region says."""
    name = request.headers.get("HX-Target", "").removeprefix("panel-")
    if name in PANELS:
        response = HttpResponse(draw(PANELS[name], viewer_of(request)), status=status)
    elif status is HTTPStatus.OK:
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    else:
        response = HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
    response["HX-Trigger"] = json.dumps({"said": {"text": said, "failed": status is not HTTPStatus.OK}, "done": {}})
    return response


# ---- who waits


def _pull_forward(pressed: Pressed) -> str:
    queues.pull_forward(pressed.entry.pk, by=pressed.viewer.user, at=pressed.viewer.at)
    return "Pulled forward: next in line."


def _move(pressed: Pressed) -> str:
    entry, queue = pressed.entry, pressed.queue
    if entry.call_id is None:
        raise Refused("Who waits to be called back stays in the queue.")
    queues.move(entry.pk, queue.pk, by=pressed.viewer.user, at=pressed.viewer.at)
    return f"Moved to {queue}, with the time waited so far."


# ---- agents


def _choose(pressed: Pressed) -> str:
    """Set how an agent stands, as if the agent had chosen it; the record says who did."""
    agent, ready = pressed.agent, pressed.fields.get("choice") == "ready"
    reason = None if ready else Reason.objects.filter(pk=pressed.number("choice")).first()
    chosen = Chosen.READY if ready else Chosen.NOT_READY
    found = agents.choose(agent, chosen, reason=reason, by=pressed.viewer.user, at=pressed.viewer.at)
    return f"{found} is set to ready." if ready else f"{found} is set to not ready: {reason}."


def _end_wrap_up(pressed: Pressed) -> str:
    queues.end_stuck_wrap_up(pressed.agent, by=pressed.viewer.user, at=pressed.viewer.at)
    return "The wrap-up is ended."


# ---- conversations


def _mode(mode: Mode, said: str) -> Callable[[Pressed], str]:
    """Come in this way, or go on this way for who is in already."""

    def act(pressed: Pressed) -> str:
        viewer, conference = pressed.viewer, pressed.conference
        mine = Participant.objects.live().filter(conference=conference, agent__user=viewer.user)
        if mine.exists():
            conferences.change_mode(conference, by=viewer.user, mode=mode, at=viewer.at)
            return said
        conferences.supervise(conference, by=viewer.user, mode=mode, at=viewer.at)
        return "Your phone is being rung."

    return act


def _take_over(pressed: Pressed) -> str:
    conferences.take_over(pressed.conference, by=pressed.viewer.user, at=pressed.viewer.at)
    return "The call is yours."


def _stop(pressed: Pressed) -> str:
    conferences.stop_supervising(pressed.conference, by=pressed.viewer.user, at=pressed.viewer.at)
    return "You left the call."


def _announce(pressed: Pressed) -> str:
    text = pressed.fields.get("text", "").strip()
    if not text:
        raise Refused("Write what is to be said.")
    conferences.announce(pressed.conference, text[:500], by_user=pressed.viewer.user, at=pressed.viewer.at)
    return "It is being said."


def _remove(pressed: Pressed) -> str:
    who = _person(pressed)
    conferences.remove(who.conference_id, who.pk, by_user=pressed.viewer.user, at=pressed.viewer.at)
    return "Removed from the call."


def _person(pressed: Pressed) -> Participant:
    asked = Participant.objects.exclude(state=LegState.LEFT).filter(conference=pressed.conference)
    found = asked.filter(pk=pressed.uuid("participant")).first()
    if found is None:
        raise Refused("They have left already.")
    return found


def _answer_help(pressed: Pressed) -> str:
    conferences.answer_help(pressed.conference, by=pressed.viewer.user, at=pressed.viewer.at)
    return "Off the list."


DOES: Mapping[str, Callable[[Pressed], str]] = {
    "pull-forward": _pull_forward,
    "move": _move,
    "choose": _choose,
    "end-wrap-up": _end_wrap_up,
    "listen": _mode(Mode.LISTEN, "You listen: nobody hears you."),
    "coach": _mode(Mode.COACH, "You coach: only the agent hears you."),
    "barge": _mode(Mode.BARGE, "You are in the call: everybody hears you."),
    "take-over": _take_over,
    "stop": _stop,
    "announce": _announce,
    "remove": _remove,
    "answer-help": _answer_help,
}
