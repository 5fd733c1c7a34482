"""Conversations that go on, who hears whom in each, and what a supervisor may do; who asked for help comes first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from compliance.models import Policy
from conferences.models import Conference, Participant
from conferences.reading import room_of
from conferences.room import Mode, Phase, Role, Room, Why
from conferences.rules import may_ask
from conferences.states import LegState
from dashboard.board.viewer import Viewer
from dashboard.desk import words
from dashboard.desk.hearing import Picture, Someone, picture, sentences
from dashboard.desk.words import Word
from queues.models import Entry
from recordings import now
from recordings.sign import Sign

PHASES = {
    Phase.TALKING: "Talking",
    Phase.CONSULTING: "Asking a colleague",
    Phase.HANDING_OVER: "Being handed over",
    Phase.RETURNING: "Coming back to the sender",
    Phase.RECOVERING: "The agent's line broke",
}
MODES = {
    Mode.LISTEN: ("Listen", "headset", "You listen: nobody hears you."),
    Mode.COACH: ("Coach", "voice", "You coach: only the agent hears you."),
    Mode.BARGE: ("Barge in", "people", "You are in the call: everybody hears you."),
}

# What Twilio has confirmed: until then a recording that is to be paused is one.
RECORDED = {
    Sign.OFF: Word("Not recorded", "record-off"),
    Sign.STARTING: Word("Recording begins", "record", "stop"),
    Sign.RECORDING: Word("Recorded", "record", "stop"),
    Sign.PAUSING: Word("Recorded, being paused", "record", "stop"),
    Sign.PAUSED: Word("Recording paused", "pause", "warn"),
    Sign.RESUMING: Word("Recording goes on", "record", "stop"),
    Sign.STOPPING: Word("Recorded, being ended", "record", "stop"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """Something that may be done now: the address under /board/do/, and what stands on the button."""

    what: str
    label: str
    icon: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    id: UUID
    name: str
    role: str
    state: str
    bad_line: str
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """`mine` says how the viewer is in it. `help_for`: since when somebody wants help.

    `recorded`: nothing where there is no customer, or no policy by which anything could be recorded.
    """

    id: UUID
    subject: str
    who: str
    phase: str
    is_odd: bool
    recorded: Word | None
    since: timedelta
    number: str
    said: tuple[str, ...]
    picture: Picture | None
    parties: tuple[Party, ...]
    acts: tuple[Act, ...]
    mine: str
    may_announce: bool
    help_for: timedelta | None


@dataclass(frozen=True, slots=True)
class Talks:
    """`without_phone`: the viewer may listen in, but has nothing to listen with."""

    talks: tuple[Talk, ...]
    more: int
    without_phone: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A call for help."""

    id: UUID
    who: str
    subject: str
    waits: timedelta
    acts: tuple[Act, ...]


def talks(viewer: Viewer) -> Talks:
    """Read the conversations that the viewer sees."""
    rows = Conference.objects.supervised_by(viewer.user).filter(pk__in=Conference.objects.open().values("pk"))
    going_on = rows.exclude(phase__in=(Phase.OPENING, Phase.CLOSED))
    found = list(_with_people(going_on).order_by("help_asked_at", "opened_at")[: viewer.most + 1])  # NULL comes last
    more = going_on.count() - viewer.most if len(found) > viewer.most else 0
    shown = found[: viewer.most]
    signs = _signs(shown)
    told = tuple(_talk(viewer, one, signs) for one in shown)
    return Talks(told, more, viewer.may_act and viewer.agent is None)


def talk(viewer: Viewer) -> Talk | None:
    """Read the conversation that is asked about; None when it is over."""
    asked = viewer.id_of("conference")
    rows = Conference.objects.supervised_by(viewer.user).filter(pk=asked) if asked else Conference.objects.none()
    found = _with_people(rows.exclude(phase__in=(Phase.OPENING, Phase.CLOSED))).first()
    return None if found is None else _talk(viewer, found, _signs([found]))


def calls_for_help(viewer: Viewer) -> tuple[Call, ...]:
    """Read who wants help, the longest waiting first."""
    rows = Conference.objects.supervised_by(viewer.user).filter(help_asked_at__isnull=False)
    asked = rows.exclude(phase__in=(Phase.OPENING, Phase.CLOSED))
    return tuple(
        Call(one.id, one.who, one.subject, one.help_for, one.acts)
        for one in (_talk(viewer, row, {}) for row in _with_people(asked).order_by("help_asked_at"))
        if one.help_for is not None
    )


def _with_people(rows: QuerySet[Conference]) -> QuerySet[Conference]:
    legs = Participant.objects.select_related("agent").order_by("wanted_at", "pk")
    entries = Entry.objects.select_related("callback").order_by("-joined_at")
    return rows.select_related("customer", "room").prefetch_related(
        Prefetch("participants", legs, to_attr="legs"), Prefetch("entries", entries, to_attr="places")
    )


def _signs(conferences: Sequence[Conference]) -> Mapping[UUID, Sign]:
    """Read whose customer is recorded; nothing where nothing is by any policy."""
    calls = {one.customer_id for one in conferences if one.customer_id is not None and one.room_id is None}
    return now.signs(calls) if calls and Policy.objects.filter(is_active=True).exists() else {}


def _recorded(conference: Conference, signs: Mapping[UUID, Sign]) -> Word | None:
    sign = signs.get(conference.customer_id) if conference.customer_id is not None else None
    return None if sign is None else RECORDED[sign]


def _talk(viewer: Viewer, conference: Conference, signs: Mapping[UUID, Sign]) -> Talk:
    legs: Sequence[Participant] = getattr(conference, "legs", ())
    here = [one for one in legs if one.state != LegState.LEFT]
    inside = [_someone(viewer, one) for one in here if one.state == LegState.JOINED]
    room = room_of(conference, legs)
    mine = _seat(viewer, here)
    return Talk(
        id=conference.pk,
        subject=conference.subject or (conference.room.name if conference.room else ""),
        who=_responsible(room, here),
        phase="On hold" if room.phase is Phase.TALKING and room.held else PHASES.get(room.phase, ""),
        is_odd=room.phase in (Phase.RECOVERING, Phase.RETURNING),
        recorded=_recorded(conference, signs),
        since=viewer.at - (conference.started_at or conference.opened_at),
        number=_number(viewer, conference),
        said=sentences(inside),
        picture=picture(inside) if len(inside) > 1 else None,
        parties=tuple(_party(viewer, one) for one in here),
        acts=tuple(_acts(room, mine, has_phone=viewer.agent is not None)) if viewer.may_act else (),
        mine=_how(mine),
        may_announce=viewer.may_act and bool(conference.sid),
        help_for=viewer.at - conference.help_asked_at if conference.help_asked_at else None,
    )


def _seat(viewer: Viewer, here: Sequence[Participant]) -> Participant | None:
    return next((one for one in here if one.agent is not None and one.agent.user_id == viewer.user.pk), None)


def _acts(room: Room, mine: Participant | None, *, has_phone: bool) -> Iterator[Act]:
    """Give what may be done now: to come in, or for who is in to change how, to take over, and to leave."""
    if mine is None:
        if has_phone and may_ask(room, "", Why.SUPERVISE):
            yield from (Act(mode, label, icon) for mode, (label, icon, _how_it_is) in MODES.items())
    elif mine.role == Role.SUPERVISOR:
        yield from (Act(mode, label, icon) for mode, (label, icon, _how_it_is) in MODES.items() if mode != mine.mode)
        if mine.state == LegState.JOINED and room.customer is not None:
            yield Act("take-over", "Take over", "hand", "stop")
        yield Act("stop", "Leave", "leave")


def _how(mine: Participant | None) -> str:
    if mine is None:
        return ""
    if mine.role != Role.SUPERVISOR:
        return "You are in this call."
    return MODES[Mode(mine.mode)][2] if mine.state == LegState.JOINED else "Your phone is being rung."


def _responsible(room: Room, here: Sequence[Participant]) -> str:
    owner = room.owner
    names = {one.label: one.agent.name if one.agent else one.name for one in here}
    if owner is not None:
        return names.get(owner.id, "") or "Somebody by telephone"
    return "Nobody at the moment"


def _number(viewer: Viewer, conference: Conference) -> str:
    places: Sequence[Entry] = getattr(conference, "places", ())
    callback = next((one.callback for one in places if one.callback), None)
    if callback is not None:
        return viewer.show(callback.number)
    call = conference.customer
    if call is None:
        return ""
    return viewer.show(call.to_number if call.direction.startswith("outbound") else call.from_number)


def _name(viewer: Viewer, one: Participant) -> str:
    if one.agent is not None:
        return "you" if one.agent.user_id == viewer.user.pk and not viewer.is_afar else one.agent.name
    return "the caller" if one.role == Role.CUSTOMER else one.name or viewer.show(one.address)


def _someone(viewer: Viewer, one: Participant) -> Someone:
    called = _name(viewer, one)
    coaches = str(one.wants_coaching_id) if one.coaching and one.wants_coaching_id else ""
    return Someone(str(one.pk), called, is_me=called == "you", held=one.held, muted=one.muted, coaches=coaches)


def _party(viewer: Viewer, one: Participant) -> Party:
    called = _name(viewer, one)
    removable = one.role in (Role.TARGET, Role.GUEST, Role.SUPERVISOR) and called != "you"
    return Party(
        id=one.pk,
        name=called[:1].upper() + called[1:],
        role=words.ROLES[Role(one.role)],
        state=words.LEGS[LegState(one.state)],
        bad_line=", ".join(words.bad_lines(one.quality)),
        may_remove=viewer.may_act and removable,
    )
