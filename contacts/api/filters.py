"""What lists of contacts and of opt-outs can be filtered by."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import filters

from contacts.models import Contact, ExternalId, OptOut
from contacts.states import Channel
from rest.fields import MomentFilter
from rest.filters import Filters, WordFilter
from telephony.fields import NumberFilter


class ContactFilters(Filters):
    number = NumberFilter(method="numbered", label="A number, however it is written, or a part of one.")
    text = filters.CharFilter(method="matching", label="A part of the name, an id elsewhere, or a number.")
    system = filters.CharFilter(method="known_by", label="The name of a system that knows them.")
    external_id = filters.CharFilter(method="known_as", label="An id elsewhere; with `system`, the one there.")
    is_vip = filters.BooleanFilter(label="Whether they are VIPs.")
    is_blocked = filters.BooleanFilter(method="blocked", label="Whether they are blocked now.")
    do_not_call = filters.BooleanFilter(method="unwilling", label="Whether a number of theirs wants no calls.")
    attribute = filters.CharFilter(method="having", label="A name with its value, such as plan:gold.")
    updated_from = MomentFilter("updated_at", "gte", label="Changed at this moment or later.")

    class Meta:
        model = Contact
        fields = (
            *("number", "text", "system", "external_id", "is_vip", "is_blocked", "do_not_call", "attribute"),
            "updated_from",
        )

    def numbered(self, contacts: Any, _name: str, text: str) -> QuerySet[Contact]:
        found: QuerySet[Contact] = contacts.numbered(text)
        return found

    def matching(self, contacts: Any, _name: str, text: str) -> QuerySet[Contact]:
        found: QuerySet[Contact] = contacts.matching(text)
        return found

    def known_by(self, contacts: QuerySet[Contact], _name: str, system: str) -> QuerySet[Contact]:
        return contacts.filter(
            pk__in=ExternalId.objects.filter(self._elsewhere(), system__name=system).values("contact")
        )

    def known_as(self, contacts: QuerySet[Contact], _name: str, _value: str) -> QuerySet[Contact]:
        return contacts.filter(pk__in=ExternalId.objects.filter(self._elsewhere()).values("contact"))

    def _elsewhere(self) -> Q:
        """Give the condition of an id and a system that are both asked for: they are meant together."""
        system, value = (str(self.data.get(name, "")) for name in ("system", "external_id"))
        return Q(**({"system__name": system} if system else {}), **({"value": value} if value else {}))

    def blocked(self, contacts: QuerySet[Contact], _name: str, is_so: bool) -> QuerySet[Contact]:
        found = Contact.objects.blocked(at=timezone.now()).values("pk")
        return contacts.filter(pk__in=found) if is_so else contacts.exclude(pk__in=found)

    def unwilling(self, contacts: QuerySet[Contact], _name: str, is_so: bool) -> QuerySet[Contact]:
        found = Contact.objects.not_to_be_called().values("pk")
        return contacts.filter(pk__in=found) if is_so else contacts.exclude(pk__in=found)

    def having(self, contacts: Any, _name: str, text: str) -> QuerySet[Contact]:
        name, _colon, value = text.partition(":")
        found: QuerySet[Contact] = contacts.filter(attributes__contains={name: value})
        return found


class OptOutFilters(Filters):
    number = NumberFilter(method="numbered", label="A number, however it is written, or a part of one.")
    channel = WordFilter(Channel, label="What is not wanted.")
    active = filters.BooleanFilter("ended_at", "isnull", label="Whether it is in force.")

    class Meta:
        model = OptOut
        fields = ("number", "channel", "active")

    def numbered(self, entries: Any, _name: str, text: str) -> QuerySet[OptOut]:
        found: QuerySet[OptOut] = entries.numbered(text)
        return found
