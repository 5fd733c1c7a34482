"""The middle of the desk: nothing, a ring, a call, or a call whose line broke; with the buttons that are legal now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef

from agents.states import EndpointKind
from conferences.models import Conference, Participant, Supervision
from conferences.reading import room_of
from conferences.room import Mode, Phase, Role, Room
from conferences.states import LegState, Outcome
from dashboard.desk import buttons, words
from dashboard.desk.buttons import Button
from dashboard.desk.callers import Caller, caller
from dashboard.desk.calling import Calling, answered_by, calling
from dashboard.desk.hearing import Picture, Someone, picture, sentences
from dashboard.desk.recording import Tape, tape
from dashboard.desk.viewer import Viewer

WE_RING = "You call back: pick up, and the number is rung"
WE_CALL = "You call: pick up, and the number is rung"
UNTAKEN_TOLD = timedelta(minutes=1)


class Kind(StrEnum):
    IDLE = "idle"
    RING = "ring"
    CALL = "call"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in the call, or on the way into it, as the list of participants shows them."""

    id: str
    name: str
    role: str
    state: str
    since: timedelta | None
    may_remove: bool
    is_me: bool
    bad_line: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Somewhere to ring the agent again; the browser has no address."""

    kind: str
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """`title` and `note` say what this is; `said` is who hears whom."""

    kind: Kind
    title: str = ""
    note: str = ""
    conference: Conference | None = None
    mine: Participant | None = None
    caller: Caller | None = None
    parties: tuple[Party, ...] = ()
    said: tuple[str, ...] = ()
    untaken: str = ""  # who was asked in and did not come
    machine: str = ""  # what has answered, where it is no person
    calling: Calling | None = None  # the form by which an agent calls somebody
    picture: Picture | None = None
    buttons: tuple[Button, ...] = ()
    tape: Tape | None = None
    spots: tuple[Spot, ...] = ()
    gives_back: bool = False
    elsewhere: str = ""  # what rings, where it is not this page
    since: timedelta | None = None
    left: timedelta | None = None


def talk(viewer: Viewer) -> Talk:
    """Read what the agent is in: at most one conversation at a time."""
    mine = participation(viewer)
    if mine is None:
        return Talk(Kind.IDLE, calling=calling(viewer))
    conference = mine.conference
    told = Supervision.objects.filter(participant=OuterRef("pk"), until__isnull=True, told=True)
    everybody = list(
        conference.participants.select_related("agent").annotate(is_told=Exists(told)).order_by("wanted_at", "pk")
    )
    room = room_of(conference, everybody)
    about = caller(viewer, conference)
    if mine.state == LegState.LEFT:
        return _lost(viewer, mine, room, about)
    if mine.state in (LegState.WANTED, LegState.ASKED, LegState.RINGING, LegState.ANSWERED):
        return _ring(viewer, mine, everybody, about)
    return _call(viewer, mine, everybody, room, about)


def participation(viewer: Viewer) -> Participant | None:
    """Give the agent's live leg, else the one that broke off in a conversation that still waits for the agent."""
    legs = Participant.objects.filter(agent=viewer.agent).select_related("conference__customer")
    return (
        legs.live().first()
        or legs.filter(
            state=LegState.LEFT, role=Role.OWNER, conference__phase=Phase.RECOVERING, conference__ended_at=None
        )
        .order_by("-left_at")
        .first()
    )


def _ring(viewer: Viewer, mine: Participant, everybody: Sequence[Participant], about: Caller | None) -> Talk:
    by = next((one for one in reversed(everybody) if one.agent and one.pk != mine.pk and one.role != Role.TARGET), None)
    return Talk(
        Kind.RING,
        title=_ring_title(mine, by, about),
        note=mine.conference.subject,
        conference=mine.conference,
        mine=mine,
        caller=about,
        elsewhere="" if mine.endpoint == EndpointKind.BROWSER else viewer.show(mine.address),
        since=viewer.at - mine.wanted_at,
    )


def _ring_title(mine: Participant, by: Participant | None, about: Caller | None) -> str:
    if by is None and about is not None and about.we_ring:
        return WE_RING if about.is_callback else WE_CALL
    colleague = by.agent.name if by and by.agent else "A colleague"
    match mine.role, mine.conference.phase:
        case Role.OWNER, Phase.RECOVERING:
            return "You are coming back to your caller"
        case Role.OWNER, Phase.RETURNING:
            return "Nobody took it: your caller comes back to you"
        case Role.TARGET, Phase.CONSULTING:
            return f"{colleague} asks you about a call"
        case Role.TARGET | Role.OWNER, Phase.HANDING_OVER:
            return f"{colleague} transfers a call to you"
        case Role.GUEST, _:
            return f"{colleague} wants you in a call"
        case Role.SUPERVISOR, _:
            return "Your way into the call"
    return "Incoming call"


def _lost(viewer: Viewer, mine: Participant, room: Room, about: Caller | None) -> Talk:
    due = mine.conference.due_at
    spots = [
        Spot(one.kind, one.address, viewer.show(one.address) if one.address else "on this page")
        for one in viewer.agent.endpoints_in_order()
    ]
    return Talk(
        Kind.LOST,
        title="Your line broke. Your caller is still there.",
        conference=mine.conference,
        mine=mine,
        caller=about,
        spots=tuple(spots),
        gives_back=buttons.gives_back(room, mine.label) and not (about is not None and about.we_ring),
        left=None if due is None else max(due - viewer.at, timedelta(0)),
    )


def _call(
    viewer: Viewer, mine: Participant, everybody: Sequence[Participant], room: Room, about: Caller | None
) -> Talk:
    conference = mine.conference
    seen = [one for one in everybody if one.state != LegState.LEFT and not _is_secret(one, mine)]
    here = [_someone(viewer, one, mine) for one in seen if one.state == LegState.JOINED]
    here.sort(key=lambda one: not one.is_me)
    return Talk(
        Kind.CALL,
        title=_call_title(conference, mine, seen, we_ring=about is not None and about.we_ring),
        note=conference.subject,
        conference=conference,
        mine=mine,
        caller=about,
        parties=tuple(_party(viewer, one, mine, room) for one in seen),
        said=sentences(here),
        untaken=_untaken(viewer, everybody, mine),
        machine=answered_by(conference),
        picture=picture(here) if len(here) > 1 else None,
        buttons=buttons.of(room, mine.label, muted=mine.wants_muted, help_asked=conference.help_asked_at is not None),
        tape=tape(viewer, conference, mine),
        since=viewer.at - (mine.joined_at or mine.answered_at or mine.wanted_at),
    )


def _call_title(conference: Conference, mine: Participant, seen: Sequence[Participant], *, we_ring: bool) -> str:
    if mine.state == LegState.TAKEN:
        return "Connecting you"
    match conference.phase:
        case Phase.OPENING:
            return "The number is being rung" if we_ring else "The caller is being connected"
        case Phase.CONSULTING:
            return "You ask a colleague" if mine.role == Role.OWNER else "You are asked about a call"
        case Phase.RECOVERING | Phase.RETURNING | Phase.HANDING_OVER:
            return "The call is on its way to somebody else"
        case Phase.CLOSED:
            return "The call is ending"
    waits = any(one.role == Role.CUSTOMER and one.held for one in seen)
    return "The caller is on hold" if waits else "You are on a call"


def _untaken(viewer: Viewer, everybody: Sequence[Participant], mine: Participant) -> str:
    """Say for a minute who was asked in and did not come, and why."""
    for one in reversed(everybody):
        why = words.OUTCOMES.get(Outcome(one.outcome))
        if why and one.role != Role.CUSTOMER and one.left_at and viewer.at - one.left_at < UNTAKEN_TOLD:
            called = name(viewer, one, mine)
            return f"{called[:1].upper()}{called[1:]} {why}."
    return ""


def _is_secret(one: Participant, mine: Participant) -> bool:
    """Tell whether a supervisor listens of whom the agent is not told."""
    if one.role != Role.SUPERVISOR or one.pk == mine.pk or one.mode != Mode.LISTEN:
        return False
    return not getattr(one, "is_told", False)


def _someone(viewer: Viewer, one: Participant, mine: Participant) -> Someone:
    return Someone(
        str(one.pk),
        name(viewer, one, mine),
        is_me=one.pk == mine.pk,
        held=one.held,
        muted=one.muted,
        coaches=str(one.wants_coaching_id) if one.coaching and one.wants_coaching_id else "",
    )


def name(viewer: Viewer, one: Participant, mine: Participant) -> str:
    """Name somebody as within a sentence."""
    if one.pk == mine.pk:
        return "you"
    if one.role == Role.CUSTOMER:
        return "the caller"
    return (one.agent.name if one.agent else one.name) or viewer.show(one.address)


def _party(viewer: Viewer, one: Participant, mine: Participant, room: Room) -> Party:
    called = name(viewer, one, mine)
    owns = room.owner is not None and room.owner.id == mine.label
    since = one.joined_at or one.asked_at or one.wanted_at
    return Party(
        id=str(one.pk),
        name=called[:1].upper() + called[1:],
        role=words.ROLES[Role(one.role)],
        state=_state(one),
        since=viewer.at - since,
        is_me=one.pk == mine.pk,
        may_remove=owns and one.role in (Role.GUEST, Role.TARGET),
        bad_line=", ".join(words.bad_lines(one.quality)),
    )


def _state(one: Participant) -> str:
    if one.state != LegState.JOINED:
        return words.LEGS[LegState(one.state)]
    if one.wants_held != one.held:
        return "is being put on hold" if one.wants_held else "is being taken off hold"
    if one.held:
        return "is on hold"
    if one.wants_muted != one.muted:
        return "is being muted" if one.wants_muted else "is being unmuted"
    return "is muted" if one.muted else words.LEGS[LegState.JOINED]
