"""What kind of line a number is, as it was looked up."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LineType(models.Model):
    """A number's kind of line, as Twilio told it (page "Lookup v2", line type intelligence); asked for again in time.

    A number without a kind was asked for in vain.
    """

    number = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=32, blank=True, help_text=_("Twilio's word: mobile, landline, …"))
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind or 'unknown'} line"
