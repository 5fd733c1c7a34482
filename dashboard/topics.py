"""Who may hear that something has changed. A topic is a kind of thing, or one of them: `agents`, `agent:<id>`."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.contrib.auth.models import AnonymousUser

from agents.models import Agent, User
from conferences.models import Conference
from queues.models import Queue

# That any of them has changed tells nothing of whom: a list of colleagues to transfer to has to know.
OF_DESKS = frozenset({"agents", "queues", "messages", "texts", "hours"})
OF_BOARDS = frozenset({"agents", "queues", "conferences", "board", "hours"})


def allowed(person: User | AnonymousUser, topics: Iterable[str]) -> bool:
    """Tell whether the person may hear of all these topics; nobody may hear of one that we do not know."""
    if not isinstance(person, User) or not person.is_active:
        return False
    desk = Agent.objects.filter(user=person).first() if person.has_perm("agents.use_desk") else None
    board = person.has_perm("agents.watch_board")
    general = (OF_DESKS if desk else frozenset()) | (OF_BOARDS if board else frozenset())
    single: defaultdict[str, set[str]] = defaultdict(set)
    for topic in topics:
        kind, colon, thing = topic.partition(":")
        if colon:
            single[kind].add(thing)
        elif topic not in general:
            return False
    return all(kind in KINDS and KINDS[kind](person, desk, board, things) for kind, things in single.items())


def _agents(person: User, desk: Agent | None, board: bool, things: set[str]) -> bool:
    wanted = _uuids(things)
    if wanted is None:
        return False
    others = wanted - {desk.pk} if desk else wanted
    return not others or (board and Agent.objects.supervised_by(person).filter(pk__in=others).count() == len(others))


def _queues(person: User, desk: Agent | None, board: bool, things: set[str]) -> bool:
    wanted = {int(thing) for thing in things if thing.isascii() and thing.isdigit() and len(thing) < 18}
    if len(wanted) != len(things):
        return False
    seen = set(Queue.objects.of_agent(desk).filter(pk__in=wanted).values_list("pk", flat=True)) if desk else set()
    others = wanted - seen
    return not others or (board and Queue.objects.supervised_by(person).filter(pk__in=others).count() == len(others))


def _conferences(person: User, desk: Agent | None, board: bool, things: set[str]) -> bool:
    wanted = _uuids(things)
    if wanted is None:
        return False
    seen = set(Conference.objects.of_agent(desk).filter(pk__in=wanted).values_list("pk", flat=True)) if desk else set()
    others = wanted - seen
    return not others or (
        board and Conference.objects.supervised_by(person).filter(pk__in=others).count() == len(others)
    )


def _flows(person: User, _desk: Agent | None, _board: bool, things: set[str]) -> bool:
    wanted = {thing for thing in things if thing.isascii() and thing.isdigit() and len(thing) < 18}
    return wanted == things and person.has_perm("ivr.view_flow")


KINDS: dict[str, Callable[[User, Agent | None, bool, set[str]], bool]] = {
    "agent": _agents,
    "queue": _queues,
    "conference": _conferences,
    "flow": _flows,
}


def _uuids(things: set[str]) -> set[uuid.UUID] | None:
    try:
        found = {uuid.UUID(thing) for thing in things}
    except ValueError:
        return None
    return found if {str(one) for one in found} == things else None  # written as we publish them
