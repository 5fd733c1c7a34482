"""What somebody writes when they publish a version, or decide about one that others have proposed."""

from datetime import datetime

from django import forms
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget


class DespiteForm(forms.Form):
    """Asked where scenarios fail, of those whose reason counts."""

    despite = forms.CharField(
        label=_("Why it should be published although scenarios fail"),
        max_length=500,
        required=False,
        help_text=_("It is kept with the version, for whoever asks later."),
        widget=UnfoldAdminTextInputWidget(),
    )


class NoteForm(DespiteForm):
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("What you changed and why, for whoever looks at the versions later."),
        widget=UnfoldAdminTextInputWidget(),
    )
    publish_at = forms.DateTimeField(
        label=_("Publish at"),
        required=False,
        help_text=_(
            "Empty: at once. Else on this day at this time of your own zone, as it is now: what you change afterwards"
            " is not in it."
        ),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "cc-input"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_publish_at(self) -> datetime | None:
        wanted: datetime | None = self.cleaned_data["publish_at"]
        if wanted is not None and wanted <= now():
            raise forms.ValidationError(_("This time is over. Leave it empty to publish at once."))
        return wanted


class DecisionForm(DespiteForm):
    """`what` is pressed: whoever declines says why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("Needed if you decline it; whoever proposed it reads it."),
        widget=UnfoldAdminTextInputWidget(),
    )

    def __init__(self, what: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they are
        self.fields["reason"].required = what == "decline"
