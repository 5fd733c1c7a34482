"""What bodies and answers about contacts and opt-outs have."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacts.details import (
    LONGEST,
    MOST_ATTRIBUTES,
    MOST_IDS,
    MOST_NUMBERS,
    MOST_PRIORITY,
)
from contacts.models import Contact, ContactNumber, ExternalId, OptOut, System
from contacts.states import Channel
from rest.fields import Moment
from rest.problems import FaultShape
from rest.serializers import ModelShape, Shape
from telephony.fields import Number

MOST_AT_ONCE = 500
CHANNELS = [(one.value, one.value) for one in Channel]


class ContactNumberShape(ModelShape):
    """A number of a contact."""

    number = Number()

    class Meta:
        model = ContactNumber
        fields = ("number", "label")


class ExternalIdShape(ModelShape):
    """As what another system knows the contact."""

    system = serializers.CharField(source="system.name", help_text="The name of the system.")
    id = serializers.CharField(source="value", help_text="The id there.")

    class Meta:
        model = ExternalId
        fields = ("system", "id")


class BlockShape(Shape):
    """Why, and until when, a contact is blocked."""

    because = serializers.CharField(max_length=LONGEST["blocked_because"], allow_blank=True, default="")
    until = Moment(allow_null=True, default=None, help_text="Null: until it is lifted.")


class ContactShape(ModelShape):
    """Somebody outside: a person, or a company with one telephone."""

    numbers = ContactNumberShape(many=True)
    external_ids = ExternalIdShape(many=True)
    attributes = serializers.DictField(
        child=serializers.CharField(), help_text="Texts by name; flows can ask for them."
    )
    blocked = serializers.SerializerMethodField(help_text="Null where the contact is not blocked now.")
    do_not_call = serializers.SerializerMethodField(help_text="Whether one of the numbers wants no calls.")

    class Meta:
        model = Contact
        fields = (
            *("id", "name", "language", "country", "numbers", "external_ids", "attributes"),
            *("is_vip", "priority", "blocked", "do_not_call", "created_at", "updated_at"),
        )

    @extend_schema_field(BlockShape(allow_null=True))
    def get_blocked(self, contact: Contact) -> Any:
        if not contact.is_blocked(timezone.now()):
            return None
        return BlockShape({"because": contact.blocked_because, "until": contact.blocked_until}).data

    @extend_schema_field(serializers.BooleanField())
    def get_do_not_call(self, contact: Contact) -> bool:
        return any(one.no_calls for one in contact.numbers.all())  # type: ignore[attr-defined]  # annotated


class ContactNumberBody(Shape):
    """A number, written in any way; without a country's code it is one of the contact's country."""

    number = serializers.CharField(max_length=40)
    label = serializers.CharField(  # type: ignore[assignment]  # the base has an attribute of that name
        max_length=LONGEST["label"], allow_blank=True, default=""
    )


class ExternalIdBody(Shape):
    """As what a system knows the contact; the systems are made in the admin."""

    system = serializers.CharField(max_length=80)
    id = serializers.CharField(max_length=LONGEST["external_id"])


class ContactBody(Shape):
    """What is said of a contact. A field that is left out says nothing; a list replaces the whole list."""

    name = serializers.CharField(max_length=LONGEST["name"], allow_blank=True, required=False)
    language = serializers.CharField(max_length=16, allow_blank=True, required=False, help_text="Such as en-US.")
    country = serializers.CharField(max_length=2, allow_blank=True, required=False, help_text="Such as US.")
    numbers = serializers.ListField(child=ContactNumberBody(), required=False, max_length=MOST_NUMBERS)
    external_ids = serializers.ListField(child=ExternalIdBody(), required=False, max_length=MOST_IDS)
    attributes = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST["attribute"], allow_blank=True),
        required=False,
        help_text=f"At most {MOST_ATTRIBUTES}; names of small letters, digits and _. An empty text takes one away.",
    )
    is_vip = serializers.BooleanField(required=False)
    priority = serializers.IntegerField(min_value=0, max_value=MOST_PRIORITY, required=False)
    blocked = BlockShape(allow_null=True, required=False, help_text="Null lifts the block.")
    do_not_call = serializers.BooleanField(
        required=False, help_text="Writes into the ledger of opt-outs, for each of the numbers."
    )

    class Meta:
        example = {
            "name": "Ms Adams",
            "language": "en-US",
            "numbers": [{"number": "+15005550120", "label": "mobile"}],
            "external_ids": [{"system": "CRM", "id": "4711"}],
            "attributes": {"plan": "gold"},
        }


class BulkItemBody(ContactBody):
    """One of many: the contact that the system knows by this id, or a new one."""

    id = serializers.CharField(max_length=LONGEST["external_id"], help_text="The id in the system.")

    class Meta:
        example = {"id": "4711", "name": "Ms Adams", "numbers": [{"number": "+15005550120"}]}


class BulkBody(Shape):
    """Contacts of one system, each found or made by its id there."""

    system = serializers.CharField(max_length=80, help_text="The name of the system.")
    contacts = serializers.ListField(child=BulkItemBody(), allow_empty=False, max_length=MOST_AT_ONCE)

    class Meta:
        example = {"system": "CRM", "contacts": [BulkItemBody.Meta.example]}


class BulkItemShape(Shape):
    """What has become of one of them, in the order in which they were sent."""

    id = serializers.CharField(help_text="The id in the system.")
    contact = serializers.UUIDField(allow_null=True, help_text="Ours; null where it could not be saved.")
    outcome = serializers.ChoiceField(choices=["created", "changed", "unchanged", "refused"])
    errors = FaultShape(many=True)  # type: ignore[assignment]  # the base has a property of that name


class BulkShape(Shape):
    """What has become of all of them."""

    items = BulkItemShape(many=True)


class MergeBody(Shape):
    """Which contact is merged into the one of the address; its id leads to that one from then on."""

    contact = serializers.UUIDField()

    class Meta:
        example = {"contact": "5e0f3e0c-8d7e-4e4c-9f0a-6f6f0f3f2a11"}


class SplitBody(Shape):
    """What becomes a contact of its own."""

    name = serializers.CharField(max_length=LONGEST["name"], allow_blank=True, default="")
    numbers = serializers.ListField(child=Number(), default=list, max_length=MOST_NUMBERS)
    external_ids = serializers.ListField(child=ExternalIdBody(), default=list, max_length=MOST_IDS)

    class Meta:
        example = {"name": "Mr Adams", "numbers": ["+15005550121"]}


class ChooseBody(Shape):
    """For which number the contact is to count, where several have it."""

    number = Number()

    class Meta:
        example = {"number": "+15005550120"}


class OptOutShape(ModelShape):
    """An entry of the ledger: who wants no texts or no calls."""

    number = Number()
    by = serializers.CharField(source="by.username", default=None, allow_null=True, help_text="A log-in, or null.")

    class Meta:
        model = OptOut
        fields = ("id", "number", "channel", "at", "how", "by", "note", "ended_at", "ended_how", "ended_note")


class OptOutBody(Shape):
    """Who wants no texts, or no calls. Who has said so before keeps the first entry."""

    number = Number()
    channel = serializers.ChoiceField(choices=CHANNELS)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")

    class Meta:
        example = {"number": "+15005550120", "channel": "calls", "note": "Said so on the phone."}


class EndBody(Shape):
    """How it is known that the person wants it again."""

    note = serializers.CharField(max_length=200, allow_blank=True, default="")

    class Meta:
        example = {"note": "Asked for it by mail."}


class SystemShape(ModelShape):
    """Another system that knows contacts by ids of its own."""

    class Meta:
        model = System
        fields = ("id", "name", "url_template", "embeds")
