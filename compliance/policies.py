"""Which policy counts for a call, and whether everybody has agreed whom it asks. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from compliance.states import Answer, Direction, Mode, Party, Subject


@dataclass(frozen=True, slots=True)
class Facts:
    """What policies ask of a call. `number` is ours; `flow` and `queue` are ids, None where the call has none."""

    number: str = ""
    flow: int | None = None
    queue: int | None = None
    direction: str = Direction.INBOUND


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy as data; what it does not name fits every call. `share` in percent."""

    id: int
    subject: str = Subject.CONVERSATION
    number: str = ""
    flow: int | None = None
    queue: int | None = None
    direction: str = Direction.ANY
    share: int = 100

    def fits(self, facts: Facts) -> bool:
        return (
            self.number in ("", facts.number)
            and self.flow in (None, facts.flow)
            and self.queue in (None, facts.queue)
            and self.direction in ("", facts.direction)
        )

    @property
    def weight(self) -> tuple[int, bool, bool, bool, bool, int]:
        """How specific it is: by how much it names; then a queue says more than a flow, and that than a number.

        Of two that name the same, the newer one counts.
        """
        named = (self.queue is not None, self.flow is not None, bool(self.number), bool(self.direction))
        return (sum(named), *named, self.id)


def governing(rules: Iterable[Rule], subject: str, facts: Facts, *, call: UUID | None) -> Rule | None:
    """Give the rule that counts; None where none fits, or the one that counts leaves this call out by its share.

    A rule that leaves the call out does not hand it on to a less specific one: its share is what was wanted. A call
    that does not exist yet is among every share.
    """
    fitting = [rule for rule in rules if rule.subject == subject and rule.fits(facts)]
    rule = max(fitting, key=lambda one: one.weight, default=None)
    return rule if rule is not None and (call is None or drawn(call, rule)) else None


def possible(rules: Iterable[Rule], subject: str, known: Facts) -> list[Rule]:
    """Give the rules that may count for calls of which only this is known, the most specific first.

    The last one counts wherever those before it do not fit. What is "" or None in `known` may be anything.
    """
    found = []
    for rule in sorted((one for one in rules if one.subject == subject), key=lambda one: one.weight, reverse=True):
        open_ones = Facts(
            known.number or rule.number,
            rule.flow if known.flow is None else known.flow,
            rule.queue if known.queue is None else known.queue,
            known.direction or rule.direction,
        )
        if rule.fits(open_ones):
            found.append(rule)
        if rule.fits(known):
            break
    return found


def drawn(call: UUID, rule: Rule) -> bool:
    """Tell whether the call is among the rule's share: always the same for the same call and rule."""
    lot = hashlib.sha256(f"{call}:{rule.id}".encode()).digest()
    return int.from_bytes(lot[:4]) * 100 < rule.share * 2**32


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger as data, the latest last. `who` is one party's: a participant's id, or "" for any leg."""

    party: str
    answer: str
    policy: int
    wording: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a policy asks for. `wordings` are the texts that it has now: who agreed to one of them has agreed to it."""

    policy: int
    mode: str
    wordings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody whom a recorder would hear. The customer's `who` is "": it is one person, whatever the leg."""

    party: str
    who: str = ""


def closest(languages: Sequence[str], wanted: str, *, otherwise: str = "en-US") -> int:
    """Give the place of the language that is wanted, of another country's form of it, of English, or else the first."""
    for one in (wanted, wanted.partition("-")[0], otherwise, otherwise.partition("-")[0]):
        for place, language in enumerate(languages):
            if one and one in (language, language.partition("-")[0]):
                return place
    return 0


TOLD = frozenset({Answer.TOLD, Answer.AGREED})
AGREED = frozenset({Answer.AGREED})
NO = frozenset({Answer.REFUSED, Answer.WITHDRAWN})


def required(mode: str, party: str) -> frozenset[Answer]:
    """Give the answers of which a party must have given one; empty where nobody asks that party."""
    match mode, party:
        case (Mode.NONE, _):
            return frozenset()
        case (Mode.ANNOUNCE, Party.CUSTOMER):
            return TOLD
        case ((Mode.ASK_ONE | Mode.ASK_EVERY), Party.CUSTOMER):
            return AGREED
        case (Mode.ASK_EVERY, Party.OUTSIDE):
            return AGREED
        case (Mode.ASK_EVERY, Party.COLLEAGUE):
            return TOLD
    return frozenset()


def has_refused(entries: Iterable[Entry], present: Present) -> bool:
    """Tell whether this party has said no in this call, whichever policy asked, and has not agreed since."""
    answers = [entry.answer for entry in entries if _is_of(entry, present) and entry.answer in NO | AGREED]
    return bool(answers) and answers[-1] in NO


def owes(asking: Asking, entries: Sequence[Entry], present: Present) -> bool:
    """Tell whether a party is still to be told or asked: what it did not answer it is asked again elsewhere.

    Who has refused is left in peace. Who agrees after that has agreed to what was asked then, and to nothing before.
    """
    wanted = required(asking.mode, present.party)
    if not wanted or has_refused(entries, present):
        return False
    return not any(entry.answer in wanted for entry in _covering(asking, entries, present))


def missing(asking: Asking, entries: Sequence[Entry], people: Iterable[Present]) -> tuple[Present, ...]:
    """Give who keeps a recorder from running: those who have refused, and those whose consent is not there."""
    return tuple(one for one in people if has_refused(entries, one) or owes(asking, entries, one))


def _covering(asking: Asking, entries: Iterable[Entry], present: Present) -> list[Entry]:
    """Give this party's entries since it last said no, for the policy or for another one in the very same words."""
    mine = [entry for entry in entries if _is_of(entry, present)]
    last_no = max((place for place, entry in enumerate(mine) if entry.answer in NO), default=-1)
    return [
        entry
        for entry in mine[last_no + 1 :]
        if entry.policy == asking.policy or (entry.wording and entry.wording in asking.wordings)
    ]


def _is_of(entry: Entry, present: Present) -> bool:
    return entry.party == present.party and (present.party == Party.CUSTOMER or entry.who == present.who)
