"""Webhook requests as they came, and the account's phone numbers as Twilio tells them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Delivery(models.Model):
    """One webhook request and its answer: what makes a repeat harmless, and the evidence when handling fails.

    Digits, speech and what a text says are left out of `form`: what a caller keys in may be secret. `call_sid` is the
    message's SID where the request is about a text.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    id = models.BigAutoField(primary_key=True)
    identity = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=512)
    call_sid = models.CharField(max_length=64, blank=True, db_index=True)
    form = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    attempts = models.PositiveIntegerField(default=1)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    error = models.TextField(blank=True)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.path} #{self.pk}"


class PhoneNumber(models.Model):
    """A number of our account, mirrored from Twilio."""

    sid = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=64, unique=True)
    friendly_name = models.CharField(max_length=64, blank=True)
    voice_url = models.CharField(max_length=1024, blank=True)
    voice_method = models.CharField(max_length=8, blank=True)
    voice_fallback_url = models.CharField(max_length=1024, blank=True)
    status_callback = models.CharField(max_length=1024, blank=True)
    voice_application_sid = models.CharField(max_length=64, blank=True)
    sms_url = models.CharField(_("texts go to"), max_length=1024, blank=True)
    sms_fallback_url = models.CharField(_("texts in trouble go to"), max_length=1024, blank=True)
    sms_application_sid = models.CharField(max_length=64, blank=True)
    trunk_sid = models.CharField(max_length=64, blank=True)
    capabilities = models.JSONField(default=dict)
    synchronized_at = models.DateTimeField()
    is_gone = models.BooleanField(default=False, help_text=_("No longer in the account."))

    def __str__(self) -> str:
        return self.number


class Pace(models.Model):
    """When something that all processes do in turns is free again; see `telephony.pace`."""

    name = models.CharField(max_length=16, primary_key=True)
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
