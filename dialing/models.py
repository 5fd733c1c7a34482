"""The limits of calls to the outside, the ledger of them, and what Twilio takes for them."""

import uuid
from datetime import time
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS

from calls.models import Call
from dialing.destinations import Kind
from dialing.rules import Bounds
from dialing.states import Purpose, Rule


def is_country(code: str) -> None:
    if code not in SUPPORTED_REGIONS:
        raise ValidationError(_("%(code)s is no country. Two capital letters, as in US or DE.") % {"code": code})


class Limits(models.Model):
    """What is allowed of calls to the outside; one row. An empty number sets no bound."""

    countries = ArrayField(
        models.CharField(max_length=2, validators=[is_country]),
        default=list,
        blank=True,
        help_text=_("Codes with commas between: US, CA. Empty: only the country of this company."),
    )
    opens = models.TimeField(
        _("not before"), default=time(8), help_text=_("In every time zone in which the called person may be.")
    )
    closes = models.TimeField(_("not after"), default=time(21))
    number_per_hour = models.PositiveIntegerField(_("to one number, each hour"), null=True, blank=True, default=4)
    number_per_day = models.PositiveIntegerField(_("to one number, each day"), null=True, blank=True, default=8)
    attempts = models.PositiveIntegerField(_("to one number, in the days below"), null=True, blank=True, default=15)
    attempt_days = models.PositiveSmallIntegerField(
        _("days"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    per_hour = models.PositiveIntegerField(_("to anybody, each hour"), null=True, blank=True, default=500)
    per_day = models.PositiveIntegerField(_("to anybody, each day"), null=True, blank=True, default=3000)
    spend_per_day = models.DecimalField(
        _("spending each day"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        default=Decimal(100),
        help_text=_("In the currency of the account. What Twilio has not charged yet counts by its rates."),
    )
    spend_per_month = models.DecimalField(
        _("spending each month"), max_digits=10, decimal_places=2, null=True, blank=True, default=Decimal(1000)
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes of a call"), default=3, help_text=_("What a call is thought to last before it is over.")
    )
    rate = models.DecimalField(
        _("price of a minute"),
        max_digits=8,
        decimal_places=4,
        default=Decimal("0.02"),
        help_text=_("Assumed where Twilio has not told its rate yet."),
    )

    detects = models.BooleanField(
        _("detect answering machines"),
        default=True,
        help_text=_("Where an agent calls somebody; Twilio charges for it. Whoever walks a flow is always looked at."),
    )

    class Meta:
        verbose_name = _("limits of calls out")
        verbose_name_plural = _("limits of calls out")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_limits")]

    def __str__(self) -> str:
        return str(_("Limits of calls out"))

    @property
    def bounds(self) -> Bounds:
        return Bounds(
            countries=frozenset(self.countries or [settings.DEFAULT_COUNTRY]),
            opens=self.opens,
            closes=self.closes,
            number_per_hour=self.number_per_hour,
            number_per_day=self.number_per_day,
            attempts=self.attempts,
            attempt_days=self.attempt_days,
            per_hour=self.per_hour,
            per_day=self.per_day,
            spend_per_day=self.spend_per_day,
            spend_per_month=self.spend_per_month,
        )


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def free(self) -> Self:
        """Those that no legal hold keeps: holds lie in a package beside, and are asked for in the database alone."""
        of_no_queue = models.Value(None, output_field=models.BigIntegerField())
        held = models.Func(
            *("call", "number", of_no_queue, "at"),
            function="compliance_held_callback",
            output_field=models.UUIDField(),
        )
        return self.alias(hold=held).filter(hold__isnull=True)

    def counted(self) -> Self:
        """Those that were let through, and for which somebody was rung."""
        return self.filter(rule="", withdrawn_at__isnull=True)


class Attempt(models.Model):
    """One wish to dial a number: let through, or refused by a rule; its call and what it has cost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=64, db_index=True)
    country = models.CharField(max_length=2, blank=True)
    purpose = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Purpose])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    rule = models.CharField(
        _("refused by"), max_length=20, choices=[(one.value, one.value) for one in Rule], blank=True
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text=_("Nobody was rung after all."))
    call = models.OneToOneField(Call, models.SET_NULL, null=True, blank=True, related_name="attempt")
    conversation = models.UUIDField(null=True, blank=True, db_index=True)
    estimate = models.DecimalField(
        max_digits=10, decimal_places=5, default=Decimal(0), help_text=_("By the rate, for a call of usual length.")
    )
    price = models.DecimalField(
        max_digits=10, decimal_places=5, null=True, blank=True, help_text=_("What Twilio has charged.")
    )
    currency = models.CharField(max_length=3, blank=True)
    price_asked_at = models.DateTimeField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["number", "at"], name="attempt_of_number"),
            models.Index(fields=["at"], name="attempt_counted", condition=models.Q(rule="", withdrawn_at__isnull=True)),
            models.Index(
                fields=["at"],
                name="attempt_without_price",
                condition=models.Q(price__isnull=True, call__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(purpose__in=list(Purpose)), name="attempt_purpose_known"),
            models.CheckConstraint(condition=models.Q(rule="") | models.Q(call=None), name="refused_is_not_called"),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.pk}"


class Rate(models.Model):
    """What Twilio takes for a minute to numbers of one kind in one country, and when we last asked."""

    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Kind])
    sample = models.CharField(max_length=64, blank=True, help_text=_("A number to ask for; wiped with the answer."))
    per_minute = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "kind"], name="one_rate_per_country_and_kind")]

    def __str__(self) -> str:
        return f"{self.country} {self.kind}"
