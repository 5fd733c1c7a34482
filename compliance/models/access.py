"""Who had access to what: an append-only log in which each entry carries the hash of the one before."""

from django.conf import settings
from django.db import models

from compliance.states import Access


class AccessEntry(models.Model):
    """Somebody heard, read, shared, held or deleted something. Never changed; a trigger in the database refuses it.

    It names what it is about by kind and id only, so it outlives that, and holds nothing of a customer.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    who = models.CharField(max_length=150)
    address = models.GenericIPAddressField(null=True)
    action = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Access])
    subject = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    reason = models.CharField(max_length=255, blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name_plural = "access entries"
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="access_of_subject"),
            models.Index(fields=["-at"], name="access_latest"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(action__in=list(Access)), name="access_action_known")]

    def __str__(self) -> str:
        return f"Access #{self.pk}"
