"""Contacts in the API."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts import actions, reading
from contacts.api.filters import ContactFilters
from contacts.api.shapes import BulkBody, BulkShape, ChooseBody, ContactBody, ContactShape, MergeBody, SplitBody
from contacts.details import Block, Details, HasProblems, settled
from contacts.details import Problem as Flaw
from contacts.exchange.plan import with_all
from contacts.models import Contact, System
from contacts.states import How
from rest.problems import Fault, Problem, conflict, wrong
from rest.views import Listed, Read, Resource

# One of many: its place among them, the contact that it means or nobody yet, and what is said.
Ready: TypeAlias = tuple[int, Contact | None, Details]

GONE = _("Somebody has deleted or merged the contact meanwhile. Read it anew.")


class Twice(Exception):
    """Two of many mean the same contact."""


class Contacts(Listed, Read, Resource):
    """Contacts: who has which numbers, how other systems know them, and what is particular about them."""

    scope = "contacts"
    permissions: ClassVar[Mapping[str, str | tuple[str, ...]]] = {
        "list": "contacts.view_contact",
        "retrieve": "contacts.view_contact",
        "create": "contacts.add_contact",
        "partial_update": "contacts.change_contact",
        "destroy": "contacts.delete_contact",
        "bulk": ("contacts.add_contact", "contacts.change_contact"),
        "merge": "contacts.merge_contacts",
        "split": "contacts.merge_contacts",
        "choose": "contacts.choose_contact",
    }
    queryset = with_all(Contact.objects.all())
    serializer_class = ContactShape
    bodies: ClassVar[Mapping[str, type[serializers.Serializer[Any]]]] = {
        "create": ContactBody,
        "partial_update": ContactBody,
        "bulk": BulkBody,
        "merge": MergeBody,
        "split": SplitBody,
        "choose": ChooseBody,
    }
    answers: ClassVar[Mapping[str, type[serializers.Serializer[Any]]]] = {"bulk": BulkShape}
    statuses: ClassVar[Mapping[str, int]] = {"split": 201}
    filterset_class = ContactFilters
    orderings = ("-updated_at", "name")
    version_fields = ("version",)

    def retrieve(self, _request: Request, **way: Any) -> Response:
        """Give a contact. The answer to an id that was merged away names the contact it lives on in."""
        found = self.get_queryset().filter(pk=way["pk"]).first()
        if found is None and (into := reading.successor(UUID(str(way["pk"])))):
            raise Problem(404, _("It was merged into another contact: read that one."), merged_into=str(into))
        return self.answer(found or self.get_object())

    def create(self, _request: Request) -> Response:
        body = self.body()
        if not any(body.get(name) for name in ("name", "numbers", "external_ids")):
            raise wrong("name", _("Give a name, a number, or an id elsewhere."))
        with told():
            made = actions.create(said(body), by=self.user, how=How.API, at=timezone.now())
        return self.answer(self._fresh(made))

    def partial_update(self, _request: Request, **_way: Any) -> Response:
        contact = self.get_object()
        with told():
            actions.change(contact.pk, said(self.body(), contact), by=self.user, how=How.API, at=timezone.now())
        return self.answer(self._fresh(contact))

    def destroy(self, _request: Request, **_way: Any) -> Response:
        """Delete a contact. Entries of its numbers in the ledger of opt-outs stay."""
        with told():
            actions.delete(self.get_object().pk, by=self.user, at=timezone.now())
        return self.answer()

    @action(detail=False, methods=["post"])
    def bulk(self, _request: Request) -> Response:
        """Find or make up to 500 contacts by their ids in one system. One that is refused stops none of the others."""
        body = self.body()
        system = System.objects.filter(name=body["system"]).first()
        if system is None:
            raise wrong("system", _("There is no system of this name. Make it in the admin first."))
        values = [item["id"] for item in body["contacts"]]
        known = with_all(Contact.objects.filter(external_ids__system=system, external_ids__value__in=values))
        theirs = {
            one.value: contact for contact in known for one in contact.external_ids.all() if one.system_id == system.pk
        }
        ready, outcomes = list[Ready](), dict[int, dict[str, Any]]()
        for place, item in enumerate(body["contacts"]):
            contact = theirs.get(item["id"])
            try:
                ready.append((place, contact, _wanted(item, contact, system)))
            except HasProblems as found:
                outcomes[place] = _refused(found)
        try:
            outcomes |= self._save(ready)
        except (HasProblems, actions.Gone, Twice):  # one by one it shows which of them it is
            outcomes |= self._save_each(ready)
        return self.answer({"items": [{"id": id_, **outcomes[place]} for place, id_ in enumerate(values)]})

    def _save(self, ready: Sequence[Ready]) -> dict[int, dict[str, Any]]:
        """Save all of them, or none, in a few statements. Raises HasProblems, Gone, and Twice."""
        given: dict[str, Any] = {"by": self.user, "how": How.API, "at": timezone.now()}
        new = [(place, what) for place, contact, what in ready if contact is None]
        known = [(place, contact.pk, what) for place, contact, what in ready if contact is not None]
        if len({pk for _place, pk, _what in known}) < len(known):
            raise Twice
        with transaction.atomic():
            made = actions.create_many([what for _place, what in new], **given)
            changed = actions.change_many([(pk, None, what) for _place, pk, what in known], **given)
        outcomes = {place: _saved(one.pk, "created") for (place, _what), one in zip(new, made, strict=True)}
        return outcomes | {place: _saved(pk, "changed" if pk in changed else "unchanged") for place, pk, _what in known}

    def _save_each(self, ready: Sequence[Ready]) -> dict[int, dict[str, Any]]:
        outcomes = dict[int, dict[str, Any]]()
        for one in ready:
            try:
                outcomes |= self._save([one])
            except HasProblems as found:
                outcomes[one[0]] = _refused(found)
            except actions.Gone:
                outcomes[one[0]] = _refused(HasProblems((Flaw("id", str(GONE)),)))
        return outcomes

    @action(detail=True, methods=["post"])
    def merge(self, _request: Request, **_way: Any) -> Response:
        """Make one contact of two. Numbers and ids of both are kept; what both say otherwise, this one says."""
        with told():
            stays = actions.merge(self.get_object().pk, self.body()["contact"], by=self.user, at=timezone.now())
        return self.answer(self._fresh(stays))

    @action(detail=True, methods=["post"])
    def split(self, _request: Request, **_way: Any) -> Response:
        """Make a new contact of some of this one's numbers and ids; flags and attributes stay here."""
        contact, body = self.get_object(), self.body()
        wanted = {(one["system"], one["id"]) for one in body["external_ids"]}
        ids = [one.pk for one in contact.external_ids.all() if (one.system.name, one.value) in wanted]
        if len(ids) < len(wanted):
            raise wrong("external_ids", _("The contact has no such id. Read it anew."))
        with told():
            new = actions.split(
                contact.pk, name=body["name"], numbers=body["numbers"], ids=ids, by=self.user, at=timezone.now()
            )
        return self.answer(self._fresh(new))

    @action(detail=True, methods=["post"])
    def choose(self, _request: Request, **_way: Any) -> Response:
        """Remember that this contact calls from a number that several have."""
        contact = self.get_object()
        with told():
            actions.choose(self.body()["number"], contact.pk, by=self.user, at=timezone.now())
        return self.answer(self._fresh(contact))

    def _fresh(self, contact: Contact) -> Any:
        return self.get_queryset().get(pk=contact.pk)


def _wanted(item: Mapping[str, Any], contact: Contact | None, system: System) -> Details:
    """Give what one of many says, as it is kept. Raises HasProblems."""
    if contact is None:
        ids = [*item.get("external_ids", ()), {"system": system.name, "id": item["id"]}]
        return settled(said({**item, "external_ids": ids}), country=settings.DEFAULT_COUNTRY)
    return settled(said(item, contact), country=contact.country or settings.DEFAULT_COUNTRY)


def _saved(contact: UUID, outcome: str) -> dict[str, Any]:
    return {"contact": contact, "outcome": outcome, "errors": []}


def _refused(found: HasProblems) -> dict[str, Any]:
    errors = [{"field": one.field, "message": one.text} for one in found.problems]
    return {"contact": None, "outcome": "refused", "errors": errors}


def said(body: Mapping[str, Any], contact: Contact | None = None) -> Details:
    """Give what a body says. Attributes that it names not stay; of `contact` they are known."""
    attributes = body.get("attributes")
    if attributes is not None and contact is not None:
        attributes = {**contact.attributes, **attributes}
    numbers, ids = body.get("numbers"), body.get("external_ids")
    block = None
    if "blocked" in body:
        given = body["blocked"]
        block = Block(False) if given is None else Block(True, given["because"], given["until"])
    return Details(
        **{name: body[name] for name in ("name", "language", "country", "is_vip", "priority") if name in body},
        attributes=attributes,
        block=block,
        do_not_call=body.get("do_not_call"),
        numbers=None if numbers is None else tuple((one["number"], one["label"]) for one in numbers),
        ids=None if ids is None else tuple((one["system"], one["id"]) for one in ids),
    )


@contextmanager
def told() -> Any:
    """Turn what actions refuse into problems of the API."""
    try:
        yield
    except HasProblems as found:
        faults = [Fault(one.field, f"{one.text[:1].upper()}{one.text[1:]}.") for one in found.problems]
        raise Problem(400, str(found), faults=faults) from None
    except actions.NotTheirs:
        raise conflict(_("The contact does not have this number. Read it anew.")) from None
    except actions.NothingLeft:
        raise conflict(_("Name something that goes, and leave something.")) from None
    except actions.SameContact:
        raise wrong("contact", _("A contact cannot be merged with itself.")) from None
    except (actions.Gone, actions.Different):
        raise conflict(GONE) from None
