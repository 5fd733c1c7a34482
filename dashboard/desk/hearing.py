"""Who hears whom, in sentences and as a picture that needs no color. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, pi, sin

from conferences.wishes import Presence, hears


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody in the room, as Twilio confirms it. `name` as it stands within a sentence: you, the caller, Bo."""

    id: str
    name: str
    is_me: bool = False
    held: bool = False
    muted: bool = False
    coaches: str = ""

    @property
    def presence(self) -> Presence:
        return Presence(self.id, held=self.held, muted=self.muted, coaches=self.coaches)


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody in the picture. `sign` is written under the name: on hold, muted, or nothing."""

    x: int
    y: int
    name: str
    sign: str
    is_me: bool

    @property
    def initials(self) -> str:
        first, *rest = self.name.removeprefix("The ").split() or ["?"]
        return (first[:1] + rest[-1][:1] if rest else first[:2]).capitalize() if not self.is_me else self.name


@dataclass(frozen=True, slots=True)
class Line:
    """From whom to whom one can be heard; `both` without arrow heads, else with one at the hearing end."""

    x1: int
    y1: int
    x2: int
    y2: int
    both: bool


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    places: tuple[Place, ...]
    lines: tuple[Line, ...]


def sentences(people: Sequence[Someone]) -> tuple[str, ...]:
    """Say who hears whom now; one sentence for those who speak with each other, one for each other person."""
    return tuple(_sentences(people))


def _sentences(people: Sequence[Someone]) -> Iterator[str]:
    if not people:
        return
    heard = hears(tuple(one.presence for one in people))
    names = {one.id: one.name for one in people}
    speaking = [one for one in people if not (one.held or one.muted or one.coaches)]
    if len(speaking) > 1:
        yield f"{listed([one.name for one in speaking])} hear each other."
    elif speaking and all(one.held or one is speaking[0] for one in people):
        yield f"{_upper(speaking[0].name)} {_is(speaking[0])} alone on the line."
    for one in people:
        whom = [names[other] for other in heard[one.id]]
        if one.held:
            yield f"{_upper(one.name)} {_is(one)} on hold, with music, and {_hear(one)} nobody."
        elif one.coaches:
            hearer = names.get(one.coaches, "nobody")
            yield f"{_upper(one.name)} {_hear(one)} {_all(people, whom)} and can be heard by {hearer} only."
        elif one.muted:
            subject = "you " if one.is_me else ""
            rest = f"{subject}{_hear(one)} {_all(people, whom)}, and nobody can hear {_them(one)}"
            yield f"{_upper(one.name)} {_is(one)} muted: {rest}."


def picture(people: Sequence[Someone]) -> Picture:
    """Place two beside each other, more of them around; a line joins who hears whom."""
    width, height = (360, 110) if len(people) < 3 else (360, 230)
    where = _places(len(people), width, height)
    heard = hears(tuple(one.presence for one in people))
    lines = []
    for (a, at_a), (b, at_b) in combinations(zip(people, where, strict=True), 2):
        a_hears, b_hears = b.id in heard[a.id], a.id in heard[b.id]
        if a_hears or b_hears:
            start, end = (at_a, at_b) if b_hears else (at_b, at_a)
            lines.append(Line(*_between(start, end), both=a_hears and b_hears))
    places = [Place(x, y, _upper(one.name), _sign(one), one.is_me) for one, (x, y) in zip(people, where, strict=True)]
    return Picture(width, height, tuple(places), tuple(lines))


def listed(names: Sequence[str]) -> str:
    """Write names one after the other, with a capital at the start: You, the caller and Bo."""
    *before, last = names
    return _upper(f"{', '.join(before)} and {last}" if before else last)


def _places(count: int, width: int, height: int) -> list[tuple[int, int]]:
    middle = (width // 2, height // 2)
    if count == 1:
        return [middle]
    if count == 2:
        return [(width // 5, middle[1]), (width - width // 5, middle[1])]
    turns = [2 * pi * place / count - pi / 2 for place in range(count)]
    across, up = width * 0.36, height * 0.33
    return [(round(middle[0] + across * cos(turn)), round(middle[1] + up * sin(turn))) for turn in turns]


def _between(start: tuple[int, int], end: tuple[int, int]) -> tuple[int, int, int, int]:
    """Give the line from the edge of one round mark to the edge of the other."""
    radius = 27
    across, down = end[0] - start[0], end[1] - start[1]
    length = max((across**2 + down**2) ** 0.5, 1)
    over, under = round(across / length * radius), round(down / length * radius)
    return start[0] + over, start[1] + under, end[0] - over, end[1] - under


def _all(people: Sequence[Someone], whom: Sequence[str]) -> str:
    if not whom:
        return "nobody"
    if len(whom) > 1 and len(whom) == len(people) - 1:
        return "everybody"
    *before, last = sorted(whom, key=[one.name for one in people].index)
    return f"{', '.join(before)} and {last}" if before else last


def _sign(one: Someone) -> str:
    if one.held:
        return "on hold"
    if one.coaches:
        return "coaching"
    return "muted" if one.muted else ""


def _is(one: Someone) -> str:
    return "are" if one.is_me else "is"


def _hear(one: Someone) -> str:
    return "hear" if one.is_me else "hears"


def _them(one: Someone) -> str:
    return "you" if one.is_me else "them"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
