"""Sources: computers of ours that flows ask about callers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from ivr.models import Source
from rest import outgoing


class SourceForm(forms.ModelForm):
    secret = forms.CharField(
        max_length=120, widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}), label=_("Secret")
    )

    class Meta:
        model = Source
        fields = ("name", "address", "secret")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["secret"]
        if self.instance.pk is None:
            field.initial = outgoing.new_secret()
            field.help_text = _(
                "Copy it now to whoever checks our signature, as Standard Webhooks describes it; it is not shown again."
            )
        else:
            field.required, self.initial["secret"] = False, ""
            field.help_text = _("Empty: it stays as it is. A new one counts from the next look-up on.")

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        problem = outgoing.problem(address)
        if problem:
            raise ValidationError(problem)
        return address

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"].strip() or self.instance.secret
        problem = outgoing.secret_problem(secret)
        if problem:
            raise ValidationError(problem)
        return secret


@admin.register(Source)
class SourceAdmin(ModelAdmin):
    form = SourceForm
    list_display = ("name", "address")
    search_fields = ("name", "address")
    ordering = ("name",)
    actions = None
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "address", "secret"),
                "description": _(
                    "A step of the kind “Look-up” asks it about a caller, signed, while the caller hears a message. "
                    "It answers with an object of texts, as JSON. docs/flows.md shows both."
                ),
            },
        ),
    )

    def get_fieldsets(self, request: Any, obj: Source | None = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": ("name", "address")})]  # who only reads does not read the secret
        return super().get_fieldsets(request, obj)
