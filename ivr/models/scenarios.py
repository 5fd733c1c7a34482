"""Calls as they should go: what a trial met, kept with what is expected of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ivr.models.drafts import Flow


class Scenario(models.Model):
    """A call to try again whenever the flow changes.

    `conditions` and `inputs` are a trial's, `expected` is read by `ivr.scenarios.expected`. `names` keeps what the
    things that it speaks of were called, by kind and key, so that one that is gone can still be named.
    """

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=120)
    conditions = models.JSONField(default=dict)
    inputs = models.JSONField(default=list)
    expected = models.JSONField(default=dict)
    names = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "name"],
                name="scenario_name_once_per_flow",
                violation_error_message=_("Another scenario of this flow has this name."),
            )
        ]
        permissions = [("publish_despite_scenarios", "Can publish flows whose scenarios fail")]

    def __str__(self) -> str:
        return f"scenario {self.name} of flow {self.flow}"
