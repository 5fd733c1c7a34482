"""Choose the way by who calls: a contact that is known, a VIP, somebody blocked, or by one of their attributes."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.kinds import values
from ivr.kinds.base import ExitName, Leave, Move, Problem, Step, Turn
from ivr.kinds.known import KnownCaller
from ivr.kinds.settings import NAME, flag, lines, text

#: what prompts say of a contact besides its attributes
CALLER_NAME = "caller_name"


@dataclass(frozen=True, slots=True)
class Caller(Step):
    decide: str = text(
        "",
        "Choose the way by the attribute",
        pattern=f"(?:{NAME})?",
        help_text="The name of an attribute of contacts, whose value the options below are compared with.",
    )
    keep: tuple[str, ...] = lines(
        "Attributes for prompts",
        help_text="Names, one per line. Prompts after this step say them in braces: {plan}. "
        "{caller_name} is the contact's name.",
    )
    language: bool = flag(False, "Go on in the contact's language", help_text="Where this flow speaks it.")

    KIND = "caller"
    LABEL = "Who calls"
    EXITS = (
        ExitName("blocked", "Blocked", required=False),
        ExitName("vip", "VIP", required=False),
        ExitName("known", "Known"),
        ExitName("unknown", "Not known"),
    )
    HAS_OPTIONS = True
    SPEAKS = False

    @property
    def asks_who_calls(self) -> bool:
        return True

    def enter(self, turn: Turn) -> Move:
        found = turn.known
        if found is None:  # nobody, or not looked up: either way nobody may be taken for somebody
            return Leave("unknown")
        kept = {name: found.attributes.get(name, "") for name in self.keep} | {CALLER_NAME: found.name}
        language = found.language if self.language and found.language in turn.script.languages else ""
        option = values.way(self.options, found.attributes.get(self.decide, ""), otherwise="")
        # what decides here, so that another way to decide can be tried on this call later
        noted = {"contact": found.contact, "matches": found.matches, "vip": found.is_vip, "blocked": found.is_blocked}
        noted |= {"option": option, "language": found.language}
        return Leave(self._way(found), language=language, variables=tuple(kept.items()), events=(("known", noted),))

    def brings(self) -> Iterator[str]:
        yield from dict.fromkeys((CALLER_NAME, *self.keep))

    def exit_names(self) -> Iterator[ExitName]:
        yield from values.exit_names(self)

    def problems(self) -> Iterator[Problem]:
        yield from values.value_problems(self, self.decide, source="contact")
        yield from values.name_problems(self, self.keep)

    def _way(self, found: KnownCaller) -> str:
        """Give the first way that fits and leads somewhere: blocked and VIP are only told apart where they do."""
        if found.is_blocked and "blocked" in self.exits:
            return "blocked"
        if found.is_vip and "vip" in self.exits:
            return "vip"
        return values.way(self.options, found.attributes.get(self.decide, ""), otherwise="known")
