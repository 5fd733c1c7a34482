"""People who call and are called, how they are known elsewhere, and who wants no texts or no calls."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from contacts.states import Channel, How, What
from telephony import numbers

MOST_PRIORITY = 100


def _one_of(field: str, words: type[StrEnum]) -> models.Q:
    return models.Q(**{f"{field}__in": [word.value for word in words]})


class System(models.Model):
    """Another system that knows people by ids of its own, and the page on which it shows one of them."""

    name = models.CharField(max_length=80, unique=True)
    url_template = models.CharField(
        _("address of its page"),
        max_length=500,
        blank=True,
        help_text=_("https://crm.example.com/people/{id}; {id} is the id there, {number} the caller's number."),
    )
    embeds = models.BooleanField(
        _("show it on the desk"), default=False, help_text=_("Else it opens in a tab of its own.")
    )

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet["Contact"]):
    def numbered(self, text: str) -> Self:
        """Contacts with that number, however it is written; with fewer digits, with those digits in it."""
        return self.filter(models.Exists(ContactNumber.objects.numbered(text).filter(contact=models.OuterRef("pk"))))

    def blocked(self, *, at: datetime) -> Self:
        lasts = models.Q(blocked_until__isnull=True) | models.Q(blocked_until__gt=at)
        return self.filter(lasts, blocked_at__isnull=False)

    def not_to_be_called(self) -> Self:
        """Those with a number that wants no calls."""
        return self.filter(
            models.Exists(
                ContactNumber.objects.filter(
                    models.Exists(OptOut.objects.active(Channel.CALLS).filter(number=models.OuterRef("number"))),
                    contact=models.OuterRef("pk"),
                )
            )
        )

    def matching(self, text: str) -> Self:
        """Contacts by what a person types: a number in any writing, a part of the name, or an id elsewhere."""
        known = ExternalId.objects.filter(contact=models.OuterRef("pk"), value=text)
        found = models.Q(name__icontains=text) | models.Q(models.Exists(known))
        if numbers.looks_like_one(text):
            theirs = ContactNumber.objects.numbered(text).filter(contact=models.OuterRef("pk"))
            found |= models.Q(models.Exists(theirs))
        return self.filter(found)


class Contact(models.Model):
    """Somebody outside: a person, or a company with one telephone.

    `version` counts the changes: who changes a contact says which version they have seen. `priority` counts for VIPs
    alone: points by which they stand further in front in a queue. A block without an end holds until it is lifted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=16, blank=True, help_text=_("As in en-US; empty: not known."))
    country = models.CharField(
        max_length=2, blank=True, help_text=_("As in US: that of numbers which name none. Empty: this place's own.")
    )
    attributes = models.JSONField(default=dict, blank=True, help_text=_("Texts by name; flows can ask for them."))
    is_vip = models.BooleanField(_("VIP"), default=False)
    priority = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(MOST_PRIORITY)],
        help_text=_("Points that a VIP has more in every queue, up to 100."),
    )
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_until = models.DateTimeField(null=True, blank=True)
    blocked_because = models.CharField(_("why blocked"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-updated_at", "id"], name="contact_updated"),
            models.Index(fields=["name", "id"], name="contact_by_name"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="contact_name_parts"),
            GinIndex(fields=["attributes"], name="contact_attributes", opclasses=["jsonb_path_ops"]),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(priority__lte=MOST_PRIORITY), name="contact_priority_bounded"),
            models.CheckConstraint(
                condition=models.Q(blocked_at__isnull=False) | models.Q(blocked_until__isnull=True, blocked_because=""),
                name="contact_block_has_its_moment",
            ),
        ]
        permissions = [
            ("choose_contact", "Can choose who calls among several contacts"),
            ("import_contacts", "Can take contacts in from a file, and give them out as one"),
            ("merge_contacts", "Can merge contacts and split them"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    def is_blocked(self, at: datetime) -> bool:
        return self.blocked_at is not None and (self.blocked_until is None or self.blocked_until > at)


class ContactNumberQuerySet(models.QuerySet["ContactNumber"]):
    def numbered(self, text: str) -> Self:
        """That number, however it is written; with fewer digits, those with these digits in them."""
        return self.filter(_written(text))


class ContactNumber(models.Model):
    """A number of a contact. Several contacts may have the same: a household, a company's switchboard."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=16, help_text=_("E.164."))
    label = models.CharField(max_length=40, blank=True, help_text=_("Such as mobile or office."))

    objects = ContactNumberQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["number", "contact"], name="contact_by_number"),
            GinIndex(fields=["number"], name="contact_number_parts", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contact", "number"], name="number_once_per_contact"),
            models.CheckConstraint(condition=models.Q(number__regex=r"^\+[1-9][0-9]{6,14}$"), name="contact_e164"),
        ]

    def __str__(self) -> str:
        return self.number


class ExternalId(models.Model):
    """As what another system knows a contact."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="external_ids")
    system = models.ForeignKey(System, models.PROTECT, related_name="+")
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "value"], name="external_id_once_per_system")]

    def __str__(self) -> str:
        return f"{self.value} ({self.system_id})"


class Choice(models.Model):
    """Whom somebody who works here took for the caller, where several contacts have the number."""

    number = models.CharField(max_length=16, unique=True)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="choices")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number


class Change(models.Model):
    """What has become of a contact, by whom and when; never changed.

    `contact` outlives its row, so that an id that was merged away still leads to the one it lives on in. `other` is the
    contact that was merged into it, or split from it, or of which it is a part. `detail` names what changed, never a
    value: numbers are masked.
    """

    id = models.BigAutoField(primary_key=True)
    contact = models.UUIDField()
    other = models.UUIDField(null=True, blank=True, db_index=True)
    what = models.CharField(max_length=16, choices=[(one.value, one.value) for one in What])
    detail = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contact", "-id"], name="change_of_contact")]
        constraints = [models.CheckConstraint(condition=_one_of("what", What), name="change_what_known")]

    def __str__(self) -> str:
        return f"{self.what} #{self.pk}"


class OptOutQuerySet(models.QuerySet["OptOut"]):
    def active(self, *channels: Channel) -> Self:
        found = self.filter(ended_at__isnull=True)
        return found.filter(channel__in=channels) if channels else found

    def numbered(self, text: str) -> Self:
        """Entries of that number, however it is written; with fewer digits, with those digits in it."""
        return self.filter(_written(text))


class OptOut(models.Model):
    """An entry of the ledger of who wants no texts or no calls. Nothing of it changes but that it ends, once.

    A trigger in the database refuses anything else. Whoever opts out again gets a new entry.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=16, help_text=_("E.164."))
    channel = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Channel])
    at = models.DateTimeField()
    how = models.CharField(max_length=16, choices=[(one.value, one.value) for one in How])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=16, blank=True, choices=[(one.value, one.value) for one in How])
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_note = models.CharField(max_length=200, blank=True)

    objects = OptOutQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-at", "id"], name="opt_out_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "channel"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_opt_out_per_number_and_channel",
            ),
            models.CheckConstraint(condition=_one_of("channel", Channel), name="opt_out_channel_known"),
            models.CheckConstraint(condition=_one_of("how", How), name="opt_out_how_known"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_how="") | models.Q(ended_at__gte=models.F("at")),
                name="opt_out_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} #{self.pk}"


def _written(text: str) -> models.Q:
    whole, digits = numbers.sought(text, country=settings.DEFAULT_COUNTRY)
    if whole is not None:
        return models.Q(number=whole)
    return models.Q(number__contains=digits) if digits else models.Q(pk__in=[])
