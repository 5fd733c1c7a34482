"""What people fill in before they hear, share or take a recording."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

LASTS = {
    "15m": (timedelta(minutes=15), _("15 minutes")),
    "1h": (timedelta(hours=1), _("1 hour")),
    "1d": (timedelta(days=1), _("1 day")),
    "7d": (timedelta(days=7), _("7 days")),
    "30d": (timedelta(days=30), _("30 days")),
}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=5,
        max_length=255,
        help_text=_("It is kept in the log of access."),
        error_messages={"min_length": _("Say why, in a few words.")},
    )


class ShareForm(ReasonForm):
    lasts = forms.ChoiceField(
        label=_("The link works for"), choices=[(name, words) for name, (_lasts, words) in LASTS.items()], initial="1d"
    )

    @property
    def span(self) -> timedelta:
        return LASTS[self.cleaned_data["lasts"]][0]


class DownloadForm(ReasonForm):
    ending = forms.ChoiceField(
        label=_("As"), choices=[("mp3", _("MP3, small")), ("wav", _("WAV, as it was recorded"))], initial="mp3"
    )
    original = forms.BooleanField(label=_("The original, with what is hidden"), required=False)
