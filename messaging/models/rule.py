"""When a text is sent in place of a call that did not come about."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.models.thread import Sender
from queues.models import Queue


class FallbackRule(models.Model):
    """A text in place of a call, for one queue or all, in one language or any. The most specific one counts."""

    name = models.CharField(max_length=80, unique=True)
    queue = models.ForeignKey(
        Queue,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="fallback_rules",
        help_text=_("Of the call. Empty: every call, in a queue or not."),
    )
    language = models.CharField(max_length=16, blank=True, help_text=_("Of the call, like es-MX or es. Empty: any."))
    after_busy = models.BooleanField(_("after a busy line"), default=True)
    after_unanswered = models.BooleanField(_("after nobody answered"), default=True)
    after_failed = models.BooleanField(_("after a call that failed"), default=False)
    after_abandoned = models.BooleanField(
        _("after a missed call of theirs"), default=True, help_text=_("Who gave up waiting, or left no message.")
    )
    body = models.TextField(
        _("text"), max_length=1600, help_text=_("{number} is our number, {queue} the name of the queue.")
    )
    sender = models.ForeignKey(
        Sender,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("from our number"),
        help_text=_("Empty: the queue's number for texts, else the standard one."),
    )
    every_hours = models.PositiveSmallIntegerField(
        _("once in"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 30)],
        help_text=_("Hours in which a person gets one such text at most, whatever the rule."),
    )
    opens = models.TimeField(_("from"), default="08:00", help_text=_("In the time zone of the number."))
    closes = models.TimeField(_("until"), default="21:00", help_text=_("In the time zone of the number."))
    waits_hours = models.PositiveSmallIntegerField(
        _("wait for these hours"),
        default=12,
        validators=[MaxValueValidator(72)],
        help_text=_("Hours: if it is too early or too late, so long it may wait. 0: then it is not sent."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "language"],
                condition=models.Q(is_active=True),
                nulls_distinct=False,
                name="one_fallback_rule_per_scope",
            ),
            models.CheckConstraint(condition=models.Q(every_hours__gte=1), name="fallback_rule_has_a_period"),
        ]

    def __str__(self) -> str:
        return self.name
