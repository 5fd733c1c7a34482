"""Rows of a form in a table."""

from typing import Any

from django.db.models import Model
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from unfold.admin import TabularInline


class Table(TabularInline):
    """An inline whose fields say their column: the headings stand apart, and their help is there for a mouse only."""

    extra = 0
    hide_title = True

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        formset: type[BaseInlineFormSet] = super().get_formset(request, obj, **kwargs)
        for field in formset.form.base_fields.values():
            named = {"aria-label": field.label, "title": field.help_text}
            field.widget.attrs |= {name: text for name, text in named.items() if text}
        return formset
