"""What people do to a draft: each change with what was before it, and who has its page open."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from ivr.models.drafts import Flow


class Edit(models.Model):
    """One change of a draft, in words and as rows before and after (`ivr.drafting.snapshots`): it can be undone.

    One that is undone waits to be done again, until somebody changes something else.
    """

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="edits")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    words = models.CharField(max_length=300)
    changes = models.JSONField(encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.words} #{self.pk}"


class OpenPage(models.Model):
    """The page of a draft in somebody's browser, for as long as it tells that it is open."""

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="open_pages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.UUIDField(unique=True)
    step = models.CharField(max_length=32, blank=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} at {self.flow} ({self.page})"
