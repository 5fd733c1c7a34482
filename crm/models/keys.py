"""Keys of the API: each belongs to a person, may less than that person, and is known here by its hash alone."""

import uuid
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import User


def check_network(written: str) -> None:
    """Raise a ValidationError for what is neither an address nor a network of addresses."""
    try:
        ip_network(written)
    except ValueError:
        raise ValidationError(_("Write an address or a network, such as 192.0.2.7 or 192.0.2.0/24.")) from None


class KeyQuerySet(models.QuerySet["Key"]):
    def visible_to(self, user: User) -> Self:
        """A person's own, and all for those who watch over them."""
        return self if user.has_perm("crm.see_every_key") else self.filter(owner=user)

    def valid(self, at: datetime) -> Self:
        """Those that open something: neither taken back nor expired, of somebody who still works here."""
        return self.filter(
            models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=at),
            revoked_at__isnull=True,
            owner__is_active=True,
        )


class Key(models.Model):
    """A key: who comes with it is its owner, and may what the owner may, as far as its scopes go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80, help_text=_("What it is for, such as the name of the program."))
    beginning = models.CharField(max_length=16, editable=False, help_text=_("By which the key is told from others."))
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=64), default=list)
    addresses = ArrayField(
        models.CharField(max_length=50, validators=[check_network]),
        default=list,
        blank=True,
        help_text=_("From where it may be used: addresses or networks with commas between. Empty: from everywhere."),
    )
    requests_per_minute = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many it may make. Empty: as many as set for all keys."),
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: never."))
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = KeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        permissions = [("see_every_key", "Can see and take back everybody's keys")]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    def may_come_from(self, address: str | None) -> bool:
        """Tell whether the key may be used from that address; None is one that nobody knows."""
        if not self.addresses:
            return True
        return address is not None and any(ip_address(address) in ip_network(network) for network in self.addresses)
