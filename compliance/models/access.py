"""Who had access to what: an append-only log in which each entry carries the hash of the one before."""

from django.conf import settings
from django.db import models

from compliance import chain
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
        permissions = [("export_log", "Can export the log of access")]
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="access_of_subject"),
            models.Index(fields=["-at"], name="access_latest"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(action__in=list(Access)), name="access_action_known")]

    def __str__(self) -> str:
        return f"Access #{self.pk}"

    @property
    def content(self) -> str:
        """The text of it that is hashed."""
        return chain.canonical(
            at=self.at,
            user=self.user_id,
            who=self.who,
            address=self.address,
            action=self.action,
            subject=self.subject,
            subject_id=self.subject_id,
            reason=self.reason,
            detail=self.detail,
        )

    @property
    def link(self) -> chain.Link:
        """The entry as the chain sees it; one that nobody can have logged has no content."""
        try:
            content = self.content
        except ValueError:
            content = ""
        return chain.Link(self.pk, content, self.previous, self.hash)
