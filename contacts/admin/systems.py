"""The other systems that know our contacts, and the page of one of them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from contacts.models import ExternalId, System
from contacts.popping import Unsafe, origin


class SystemForm(forms.ModelForm):
    class Meta:
        model = System
        fields = ("name", "url_template", "embeds")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        template = cleaned.get("url_template", "").strip()
        if template:
            try:
                origin(template)
            except Unsafe as why:
                raise ValidationError({"url_template": str(why)}) from why
        elif cleaned.get("embeds"):
            raise ValidationError({"url_template": "Without an address there is nothing to show."})
        cleaned["url_template"] = template
        return cleaned


@admin.register(System)
class SystemAdmin(ModelAdmin):
    list_display = ("name", "url_template", "where")
    search_fields = ("name",)
    ordering = ("name",)
    form = SystemForm
    actions = None

    def has_delete_permission(self, request: HttpRequest, system: System | None = None) -> bool:
        """A system by whose ids somebody is known stays."""
        used = system is not None and ExternalId.objects.filter(system=system).exists()
        return super().has_delete_permission(request, system) and not used

    @display(description="opens")
    def where(self, system: System) -> str:
        if not system.url_template:
            return "-"
        return "on the desk" if system.embeds else "in a tab of its own"
