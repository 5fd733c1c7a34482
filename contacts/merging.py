"""What becomes of two contacts that are one: the rule, shown before anybody confirms it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as far as the rule looks at it. `blocked_until` None with `is_blocked`: without an end."""

    name: str = ""
    language: str = ""
    country: str = ""
    attributes: Mapping[str, str] | None = None
    numbers: Mapping[str, str] | None = None  # label by number
    ids: tuple[tuple[str, str], ...] = ()
    is_vip: bool = False
    priority: int = 0
    is_blocked: bool = False
    blocked_until: datetime | None = None
    blocked_because: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """Something of the contact that goes, which the one that stays says otherwise."""

    field: str
    kept: str
    gone: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What the contact that stays will be, and what is lost."""

    side: Side
    lost: tuple[Lost, ...]


def merged(stays: Side, goes: Side) -> Merged:
    """Merge two contacts.

    Numbers and ids of both are kept. Of name, language, country, labels and attributes those of the contact that stays
    count, and the other's where it has none. A VIP stays one, with the higher points; of two blocks the one that ends
    later counts, so that nobody is unblocked by being merged.
    """
    mine, others = dict(stays.attributes or {}), dict(goes.attributes or {})
    numbers = dict(goes.numbers or {})
    for number, label in (stays.numbers or {}).items():
        numbers[number] = label or numbers.get(number, "")
    first = dict.fromkeys(stays.numbers or ())  # in the order of the one that stays, then what is new
    ordered = {number: numbers[number] for number in {**first, **numbers}}
    block = _longer(stays, goes)
    side = Side(
        name=stays.name or goes.name,
        language=stays.language or goes.language,
        country=stays.country or goes.country,
        attributes={**others, **mine},
        numbers=ordered,
        ids=tuple(dict.fromkeys((*stays.ids, *goes.ids))),
        is_vip=stays.is_vip or goes.is_vip,
        priority=max(side.priority if side.is_vip else 0 for side in (stays, goes)),
        is_blocked=block.is_blocked,
        blocked_until=block.blocked_until,
        blocked_because=block.blocked_because,
    )
    lost = [
        Lost(field, getattr(stays, field), getattr(goes, field))
        for field in ("name", "language", "country")
        if getattr(stays, field) and getattr(goes, field) and getattr(stays, field) != getattr(goes, field)
    ]
    lost += [Lost(key, mine[key], value) for key, value in others.items() if mine.get(key, value) != value]
    return Merged(side, tuple(lost))


def _longer(stays: Side, goes: Side) -> Side:
    if not (stays.is_blocked and goes.is_blocked):
        return goes if goes.is_blocked else stays
    if stays.blocked_until is None or goes.blocked_until is None:
        return stays if stays.blocked_until is None else goes
    return max(stays, goes, key=lambda side: side.blocked_until)  # type: ignore[arg-type, return-value]  # both are set
