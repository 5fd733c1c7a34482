"""What the rows say beside what the simulator says, when everybody has hung up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from agents.models import Agent
from agents.states import Activity
from calls.models import Call
from conferences.models import Conference, Participant
from conferences.room import Phase
from queues.models import Entry, Handling, Offer
from queues.states import OfferState

APPLICATION_ERROR = "application error"
# Moments are read before transactions wait for one another: of two in a row the later one's may be the earlier.
READ_BEFORE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that says something else than the simulator."""

    what: str
    which: str
    ours: str
    theirs: str


def differences(legs: Mapping[str, Mapping[str, Any]]) -> list[Difference]:
    """Return all rows that disagree with the legs of a simulator in which nobody is on the line any more."""
    return [*_calls(legs), *_conversations(), *_queues(), *_agents()]


def _calls(legs: Mapping[str, Mapping[str, Any]]) -> Iterator[Difference]:
    rows = dict(Call.objects.values_list("sid", "status"))
    for sid, leg in legs.items():
        if rows.get(sid, "unknown") != leg["status"] and not _unheard_of(leg, rows.get(sid)):
            yield Difference("call", sid, rows.get(sid, "unknown"), leg["status"])
    for sid in rows.keys() - legs.keys():
        yield Difference("call", sid, rows[sid], "unknown")


def _unheard_of(leg: Mapping[str, Any], ours: str | None) -> bool:
    """Whether a leg ended before anybody could tell of it: its request's answer was lost, and it was taken back."""
    return ours is None and leg["answered"] is None and leg["direction"] == "outbound-api" and not leg["heard"]


def _conversations() -> Iterator[Difference]:
    for conference in Conference.objects.exclude(phase=Phase.CLOSED, ended_at__isnull=False):
        if conference.phase != Phase.CLOSED or conference.sid:
            yield Difference("conference", str(conference.pk), conference.phase, "ended")
    for participant in Participant.objects.live():
        yield Difference("participant", str(participant.pk), participant.state, "left")


def _queues() -> Iterator[Difference]:
    for entry in Entry.objects.live():
        yield Difference("entry", str(entry.pk), entry.state, "nobody waits")
    for offer in Offer.objects.filter(state=OfferState.RINGING):
        yield Difference("offer", str(offer.pk), offer.state, "nothing rings")
    for handling in Handling.objects.open():
        yield Difference("handling", str(handling.pk), "open", "nobody talks")


def _agents() -> Iterator[Difference]:
    for agent in Agent.objects.exclude(activity=Activity.IDLE):
        yield Difference("agent", agent.name, agent.activity, "idle")


def double_rings(legs: Iterable[Mapping[str, Any]], addresses: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of legs at one agent's phone that lived at the same time."""
    wanted, at = set(addresses), defaultdict(list)
    for leg in legs:
        if leg["phone"] in wanted and leg["direction"] != "inbound":
            at[leg["phone"]].append(leg)
    found = []
    for of_one in at.values():
        of_one.sort(key=lambda leg: leg["started"])
        for earlier, later in pairwise(of_one):
            if earlier["ended"] is None or later["started"] < earlier["ended"]:
                found.append((earlier["sid"], later["sid"]))
    return found


def double_offers() -> int:
    """Count offers that were open at one agent at the same time, and callers whom two agents took at once."""
    doubles = 0
    last: dict[Any, datetime] = {}
    for agent, begin, end in Offer.objects.order_by("agent", "offered_at").values_list(
        "agent", "offered_at", "ended_at"
    ):
        doubles += agent in last and begin < last[agent] - READ_BEFORE
        last[agent] = end or begin + timedelta(days=1)
    talks: dict[Any, datetime] = {}
    for entry, begin, end in Handling.objects.order_by("entry", "began_at").values_list(
        "entry", "began_at", "ended_at"
    ):
        doubles += entry in talks and begin < talks[entry] - READ_BEFORE
        talks[entry] = end or begin + timedelta(days=1)
    return doubles


def told_errors(legs: Iterable[Mapping[str, Any]]) -> int:
    """Count the callers who heard that an application error has occurred."""
    return sum(any(APPLICATION_ERROR in heard["text"] for heard in leg["heard"]) for leg in legs)


def by_kind(found: Iterable[Difference]) -> str:
    """Return how many of each kind there are."""
    return ", ".join(f"{count} {what}" for what, count in Counter(each.what for each in found).most_common())
