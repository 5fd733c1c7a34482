"""What a file of contacts would change, compared with who is known; and the file of those who are known."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from contacts.details import Block, Details, HasProblems, settled, with_label
from contacts.exchange import sheet
from contacts.exchange.sheet import ATTRIBUTE_OF, ID, Row, Sheet
from contacts.models import Contact, ContactNumber, ExternalId, OptOut, System
from contacts.states import Channel
from sheets.table import Problem

NOTHING = "nothing"
#: the columns by which a field of `Details` is told
COLUMN_OF = {"external_ids": "id"}


@dataclass(frozen=True, slots=True)
class Change:
    """What one row would do to a contact, or to nobody yet: `said` is what is changed, `lines` tell it."""

    row: Row
    contact: Contact | None
    said: Details
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.said.name or (self.contact.name if self.contact else "") or self.first_number

    @property
    def first_number(self) -> str:
        return self.said.numbers[0][0] if self.said.numbers else "-"

    @property
    def what(self) -> str:
        if self.contact is None:
            return "added"
        return "changed" if self.lines else "unchanged"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a whole file would do. Nothing is saved of a file with problems."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]

    @property
    def effective(self) -> list[Change]:
        return [change for change in self.changes if change.what != "unchanged"]

    @property
    def fingerprint(self) -> str:
        """The same for the same changes, so that what is confirmed is what was shown."""
        shown = [(repr(change.row), change.what, change.lines) for change in self.changes]
        return sha256(repr(shown).encode()).hexdigest()


def of(content: Sheet) -> Plan:
    """Compare a file with who is known: a row means the contact of its id here, else of one of its ids elsewhere."""
    problems = list(content.problems)
    systems = {system.name.lower(): system for system in System.objects.all()}
    unknown = [
        column for column in sorted(content.columns) if column.startswith(ID) and column[3:].lower() not in systems
    ]
    problems += [Problem(1, column, "names no system here: make it first") for column in unknown]
    found = _Found(content.rows, systems)
    meant: list[tuple[Row, Contact | None, Details]] = []
    for row in content.rows:
        try:
            contact = found.contact(row)
            meant.append((row, contact, _said(row, contact, content.columns, systems)))
        except _Wrong as wrong:
            problems.append(Problem(row.row, wrong.column, str(wrong)))
        except HasProblems as wrong:
            problems += [Problem(row.row, COLUMN_OF.get(one.field, one.field), one.text) for one in wrong.problems]
    problems += _twice(meant)
    also = _also_known(said for _row, contact, said in meant if contact is None)
    changes = [
        Change(row, contact, said, (*_lines(said, contact), *(() if contact else _told_of(said, also))))
        for row, contact, said in meant
    ]
    return Plan(tuple(changes), tuple(sorted(problems, key=lambda problem: problem.row)))


def export(contacts: QuerySet[Contact]) -> str:
    """Write contacts as a file that `sheet.read` reads back."""
    systems = list(System.objects.order_by("name").values_list("name", flat=True))
    rows = list(with_all(contacts))
    attributes = sorted({name for contact in rows for name in contact.attributes})
    return sheet.write(systems, attributes, (_written(contact) for contact in rows))


def with_all(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Give contacts with their numbers and ids, each number with `no_calls`, in four statements however many."""
    no_calls = OptOut.objects.active(Channel.CALLS).filter(number=OuterRef("number"))
    numbers = ContactNumber.objects.annotate(no_calls=Exists(no_calls)).order_by("pk")
    from_elsewhere = ExternalId.objects.select_related("system").order_by("system__name", "pk")
    return contacts.prefetch_related(Prefetch("numbers", numbers), Prefetch("external_ids", from_elsewhere))


class _Wrong(Exception):
    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column


class _Found:
    """All contacts that the rows of a file may mean, in a few statements."""

    def __init__(self, rows: Iterable[Row], systems: Mapping[str, System]) -> None:
        rows = list(rows)
        values = {value for row in rows for theirs in row.ids.values() for value in theirs}
        elsewhere = ExternalId.objects.filter(value__in=values) if values else ExternalId.objects.none()
        self.by_id = {(one.system_id, one.value): one.contact_id for one in elsewhere}
        self.systems = systems
        wanted = {row.id for row in rows if row.id} | set(self.by_id.values())
        self.contacts = {one.pk: one for one in with_all(Contact.objects.filter(pk__in=wanted))}

    def contact(self, row: Row) -> Contact | None:
        if row.id is not None and row.id not in self.contacts:
            raise _Wrong("id", "is nobody here; leave it empty for somebody new")
        meant = {row.id} if row.id else set()
        for name, values in row.ids.items():
            system = self.systems.get(name.lower())
            known = [(system.pk, one) for one in values] if system else []
            meant |= {self.by_id[one] for one in known if one in self.by_id}
        if len(meant) > 1:
            raise _Wrong("", "means several contacts by its ids")
        return self.contacts[meant.pop()] if meant else None


def _said(row: Row, contact: Contact | None, columns: frozenset[str], systems: Mapping[str, System]) -> Details:
    """Give what a row says as it is kept, with what stays of attributes and of ids elsewhere."""
    attributes = {**(contact.attributes if contact else {}), **row.attributes}
    ids = [
        (one.system.name, one.value)
        for one in (contact.external_ids.all() if contact else ())
        if one.system.name.lower() not in {name.lower() for name in row.ids}
    ]
    for name, values in row.ids.items():
        ids += [(systems[name.lower()].name, value) for value in values if name.lower() in systems]
    block = None
    if row.blocked is not None:
        block = Block(True, row.blocked_because, row.blocked_until) if row.blocked else Block(False)
    said = Details(
        name=row.name if "name" in columns else None,
        language=row.language if "language" in columns else None,
        country=row.country if "country" in columns else None,
        attributes=attributes if row.attributes else None,
        is_vip=row.vip,
        priority=row.priority,
        block=block,
        do_not_call=row.do_not_call,
        numbers=row.numbers if "numbers" in columns else None,
        ids=tuple(sorted(ids)) if row.ids else None,
    )
    return settled(said, country=(contact.country if contact else "") or settings.DEFAULT_COUNTRY)


def _lines(said: Details, contact: Contact | None) -> Iterator[str]:
    """Tell each difference as old → new."""
    before = _written(contact) if contact else {}
    for column, new in _after(said).items():
        old = before.get(column, "")
        if (old or "no") != (new or "no") if column in YES_OR_NO else old != new:
            yield f"{column}: {old or NOTHING} → {new or NOTHING}"
    for column, old in before.items():
        if old and column.startswith(ID) and said.ids is not None and column not in _after(said):
            yield f"{column}: {old} → {NOTHING}"
        if old and column.startswith(ATTRIBUTE_OF) and said.attributes is not None and column not in _after(said):
            yield f"{column}: {old} → {NOTHING}"


def _twice(meant: Iterable[tuple[Row, Contact | None, Details]]) -> Iterator[Problem]:
    """Find rows that mean the same contact, or give the same id elsewhere to two."""
    contacts, ids = dict[UUID, int](), dict[tuple[str, str], int]()
    for row, contact, said in meant:
        if contact is not None and contacts.setdefault(contact.pk, row.row) != row.row:
            yield Problem(row.row, "", f"means the same contact as row {contacts[contact.pk]}")
        for one in said.ids or ():
            if contact is None and ids.setdefault(one, row.row) != row.row:
                yield Problem(row.row, ID + one[0], f"is the id in row {ids[one]} already")


def _also_known(new: Iterable[Details]) -> dict[str, list[str]]:
    """Give the names of those who have a number of somebody new already, by the number."""
    numbers = {number for said in new for number, _label in said.numbers or ()}
    found: dict[str, list[str]] = {}
    rows = ContactNumber.objects.filter(number__in=numbers).order_by("contact__name", "contact_id")
    for number, name in rows.values_list("number", "contact__name"):
        found.setdefault(number, []).append(name or "somebody without a name")
    return found


def _told_of(said: Details, also: Mapping[str, list[str]]) -> Iterator[str]:
    for number, _label in said.numbers or ():
        if number in also:
            yield f"{number} is also known as {', '.join(also[number][:3])}"


YES_OR_NO = {"vip", "blocked", "do_not_call"}


def _after(said: Details) -> dict[str, str]:
    """Give what is said by its columns."""
    after: dict[str, str | None] = {
        "name": said.name,
        "language": said.language,
        "country": said.country,
        "numbers": None if said.numbers is None else _numbers(said.numbers),
        "vip": None if said.is_vip is None else _yes(said.is_vip),
        "priority": None if said.priority is None else str(said.priority or ""),
        "do_not_call": None if said.do_not_call is None else _yes(said.do_not_call),
    }
    if said.block is not None:
        after |= _block(said.block)
    told = {column: text for column, text in after.items() if text is not None}
    told |= {ATTRIBUTE_OF + name: value for name, value in (said.attributes or {}).items()}
    for system, value in said.ids or ():
        told[ID + system] = ";".join(filter(None, (told.get(ID + system, ""), value)))
    return told


def _written(contact: Contact) -> dict[str, str]:
    """Give a contact by the columns of a file; it was read `with_all`."""
    theirs = list(contact.numbers.all())
    written = {
        "id": str(contact.pk),
        "name": contact.name,
        "language": contact.language,
        "country": contact.country,
        "numbers": _numbers((one.number, one.label) for one in theirs),
        "vip": _yes(contact.is_vip),
        "priority": str(contact.priority or ""),
        "do_not_call": _yes(any(getattr(one, "no_calls", False) for one in theirs)),
    }
    written |= _block(Block(contact.blocked_at is not None, contact.blocked_because, contact.blocked_until))
    written |= {ATTRIBUTE_OF + name: str(value) for name, value in contact.attributes.items()}
    for one in contact.external_ids.all():
        written[ID + one.system.name] = ";".join(filter(None, (written.get(ID + one.system.name, ""), one.value)))
    return written


def _block(block: Block) -> dict[str, str]:
    return {
        "blocked": _yes(block.holds),
        "blocked_because": block.because,
        "blocked_until": block.until.isoformat(sep=" ", timespec="minutes") if block.until else "",
    }


def _numbers(numbers: Iterable[tuple[str, str]]) -> str:
    return "; ".join(with_label(number, label) for number, label in numbers)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
