"""Which contacts have the number of a caller, what is particular about them, and their pages elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contacts import popping, reading
from contacts.models import Contact, ExternalId
from dashboard.desk.viewer import Viewer

SEES = "contacts.view_contact"
CHOOSES = "contacts.choose_contact"
MOST_ATTRIBUTES = 8


@dataclass(frozen=True, slots=True)
class Page:
    """A contact's page in another system; `embeds`: it is shown on the desk, and not in a tab of its own."""

    system: str
    address: str
    embeds: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A contact with the number. `flags` are what an agent has to know, in words."""

    id: str
    name: str
    flags: tuple[str, ...] = ()
    why_blocked: str = ""
    attributes: Mapping[str, str] | None = None
    pages: tuple[Page, ...] = ()
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """All who have the number; the first counts. `may_choose`: this agent may say which of several it is."""

    matches: tuple[Match, ...]
    may_choose: bool

    @property
    def first(self) -> Match:
        return self.matches[0]

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet which of several it is."""
        return len(self.matches) > 1 and not self.first.is_chosen

    @property
    def framed(self) -> Page | None:
        """Give the page that is shown on the desk; none as long as it is open who calls."""
        return None if self.is_open else next((page for page in self.first.pages if page.embeds), None)

    @property
    def linked(self) -> tuple[Page, ...]:
        return () if self.is_open else tuple(page for page in self.first.pages if not page.embeds)


def people(viewer: Viewer, number: str) -> People | None:
    """Read who has this number, in two statements; None where nobody is known, or the agent may see no contacts."""
    found = reading.matches(number) if viewer.user.has_perm(SEES) else []
    if not found:
        return None
    pages = _pages(found, number)
    matches = tuple(_match(viewer, contact, pages.get(contact.pk, ())) for contact in found)
    return People(matches, may_choose=len(matches) > 1 and viewer.user.has_perm(CHOOSES))


def _match(viewer: Viewer, contact: Any, pages: tuple[Page, ...]) -> Match:
    flags = []
    if contact.is_vip:
        flags.append("VIP")
    if contact.is_blocked(viewer.at):
        flags.append("blocked")
    if contact.do_not_call:
        flags.append("wants no calls from us")
    return Match(
        id=str(contact.pk),
        name=contact.name or "Without a name",
        flags=tuple(flags),
        why_blocked=contact.blocked_because if contact.is_blocked(viewer.at) else "",
        attributes=dict(list(contact.attributes.items())[:MOST_ATTRIBUTES]),
        pages=pages,
        is_chosen=contact.chosen,
    )


def _pages(contacts: list[Contact], number: str) -> dict[Any, tuple[Page, ...]]:
    rows = ExternalId.objects.filter(contact__in=contacts).exclude(system__url_template="")
    found: dict[Any, tuple[Page, ...]] = {}
    for row in rows.select_related("system").order_by("system__name", "pk"):
        try:
            address = popping.filled(row.system.url_template, id=row.value, number=number)
        except popping.Unsafe:  # written before the rule, or past the form
            continue
        page = Page(row.system.name, address, row.system.embeds)
        found[row.contact_id] = (*found.get(row.contact_id, ()), page)
    return found
